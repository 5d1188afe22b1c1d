import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const id = field("path", "id", "integer!", "");

/** Songs with titles of which one begins another. */
async function writesFor(goal: string, titles: readonly string[]) {
  const { api, answer } = fake(
    "songs",
    [
      operation("GET /songs", "List songs", [
        field("answer", "[].id", "integer", ""),
        field("answer", "[].title", "string", ""),
      ]),
      operation("PATCH /songs/{id}", "Update a song", [
        id,
        field("body", "title", "string", ""),
        field("body", "note", "string", ""),
      ]),
      operation("DELETE /songs/{id}", "Delete a song", [id]),
    ],
    {
      "GET /songs": () =>
        reply(
          200,
          titles.map((title, at) => ({ id: at + 1, title })),
        ),
      "PATCH /songs/{id}": () => reply(200, {}),
      "DELETE /songs/{id}": () => ({ status: 204 }),
    },
  );
  const { calls } = await runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer });
  return calls.filter((call) => !call.startsWith("GET")).map((call) => call.replace(/ -> \d+$/, ""));
}

const BOTH = ["Night bus lower", "Night bus"];

test.each([
  ['Rename the song "Night bus" to "Day bus".', 'PATCH /songs/2 {"title":"Day bus"}'],
  ['Rename the song "Night bus" as "Day bus".', 'PATCH /songs/2 {"title":"Day bus"}'],
  ['Rename the song "Night bus lower" to "Day bus".', 'PATCH /songs/1 {"title":"Day bus"}'],
  ['Delete the song "Night bus".', "DELETE /songs/2"],
])("%s", async (goal, call) => {
  expect(await writesFor(goal, BOTH)).toEqual([call]);
});

test("what is removed by its quoted name is nothing that has a longer one", async () => {
  expect(await writesFor('Delete the song "Night bus".', BOTH.slice(0, 1))).toEqual([]);
  expect(await writesFor("Delete the song Night bus.", BOTH.slice(0, 1))).toEqual(["DELETE /songs/1"]);
  expect(await writesFor('Rename the song "Night bus" to "Day bus".', BOTH.slice(0, 1))).toHaveLength(1);
});
