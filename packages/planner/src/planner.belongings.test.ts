import { expect, test } from "vitest";
import { fake, field, operation } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

/** A blog whose visitors have the very kind of name that its authors have. */
function blog() {
  const followed: string[] = [];
  const world = fake(
    "blog",
    [
      operation("GET /articles", "List the articles", [
        field("answer", "[].slug", "string", "What an article is called in a path"),
        field("answer", "[].author.username", "string", "Who wrote it"),
      ]),
      operation("POST /articles/{slug}/favorite", "Favourite an article", [
        field("path", "slug", "string!", ""),
      ]),
      operation("POST /profiles/{username}/follow", "Follow a user", [
        field("path", "username", "string!", ""),
      ]),
    ],
    {
      "GET /articles": () => ({ status: 200, body: [{ slug: "roses", author: { username: "jo" } }] }),
      "POST /articles/{slug}/favorite": () => ({ status: 200, body: {} }),
      "POST /profiles/{username}/follow": ({ params }) => {
        followed.push(params.username ?? "");
        return { status: 200, body: {} };
      },
    },
  );
  return { ...world, followed };
}

test.each([
  ["Look through the articles, favourite one, follow its author.", "jo"],
  ["Look through the articles, follow the user.", "ada"],
])("the user that is meant is followed: %s", async (goal, whom) => {
  const world = blog();
  const { api, answer } = world;
  await runPlannerSession({ planner: createPlanner(), apis: [api], goal, row: { username: "ada" }, answer });
  expect(world.followed).toEqual([whom]);
});
