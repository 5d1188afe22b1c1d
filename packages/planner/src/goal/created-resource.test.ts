import type { Json, JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { type Fake, fake, field, operation } from "../../test/fake.ts";
import { type FakeAnswer, runPlannerSession, type SessionResult } from "../../test/session.ts";
import { createPlanner } from "../planner.ts";

interface Options {
  /** How the answer to a new note says which it is. */
  told?: (id: string) => Pick<FakeAnswer, "body" | "headers">;
  /** Whether the document says what answers hold. */
  documented?: boolean;
}

/** A pad that others write on too: notes 1 to 3 are theirs. */
function pad({ told = (id) => ({ body: { id } }), documented = false }: Options = {}): Fake & {
  touched: string[];
} {
  const touched: string[] = [];
  const notes = new Map<string, JsonObject>(["1", "2", "3"].map((id) => [id, { id, title: "not mine" }]));
  const answers = (prefix: string) =>
    documented
      ? [
          field("answer", `${prefix}id`, "string", "Id of the note"),
          field("answer", `${prefix}title`, "string", "Title of the note"),
        ]
      : [];
  const id = field("path", "id", "string!", "");
  const at = (params: Record<string, string>, what: string): FakeAnswer => {
    touched.push(`${what} ${params.id}`);
    const note = notes.get(params.id ?? "");
    return note === undefined ? { status: 404, body: {} } : { status: 200, body: note };
  };
  const world = fake(
    "pad",
    [
      operation("GET /notes", "List the notes", answers("[].")),
      operation("POST /notes", "Write a note", [field("body", "title", "string!", ""), ...answers("")]),
      operation("GET /notes/{id}", "Look at a note", [id, ...answers("")]),
      operation("PUT /notes/{id}", "Change a note", [id, field("body", "title", "string!", "")]),
      operation("DELETE /notes/{id}", "Remove a note", [id]),
      operation("POST /notes/{id}/tags", "Tag a note", [id, field("body", "word", "string!", "")]),
      operation("POST /pins", "Pin a note to the wall", [
        field("body", "noteId", "string!", "Id of the note"),
      ]),
    ],
    {
      "GET /notes": () => ({ status: 200, body: [...notes.values()] as Json[] }),
      "POST /notes": ({ data }) => {
        const fresh = String(700 + notes.size);
        notes.set(fresh, { id: fresh, title: data.title ?? "" });
        return { status: 201, ...told(fresh) };
      },
      "GET /notes/{id}": ({ params }) => at(params, "looked"),
      "PUT /notes/{id}": ({ params }) => at(params, "changed"),
      "DELETE /notes/{id}": ({ params }) => at(params, "removed"),
      "POST /notes/{id}/tags": ({ params }) => at(params, "tagged"),
      "POST /pins": ({ data }) => at({ id: String(data.noteId) }, "pinned"),
    },
  );
  return { ...world, touched };
}

function run({ api, answer }: Fake, goal: string, seed = 1): Promise<SessionResult> {
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer, seed });
}

test.each([
  ["as id", (id: string) => ({ body: { id } })],
  ["as a number", (id: string) => ({ body: { id: Number(id) } })],
  ["as _id", (id: string) => ({ body: { _id: id, title: "x" } })],
  ["one level below", (id: string) => ({ body: { note: { title: "x", id } } })],
  ["in Location", (id: string) => ({ headers: { location: `/notes/${id}` } })],
  [
    "in an absolute Location",
    (id: string) => ({ headers: { location: `http://pad.example/v1/notes/${id}/` } }),
  ],
])("what a POST has made is what the goal goes on with, its id told %s", async (_, told) => {
  const world = pad({ told });
  const { finished } = await run(
    world,
    "Write a note, look at the note, change it, tag the note, pin the note, remove the note.",
  );
  expect(world.touched).toEqual(["looked 703", "changed 703", "tagged 703", "pinned 703", "removed 703"]);
  expect(finished).toMatch(/done/);
});

test.each([false, true])("a list in between changes nothing (answers documented: %s)", async (documented) => {
  for (let seed = 0; seed < 6; seed += 1) {
    const world = pad({ documented });
    await run(world, "Write a note, list the notes, look at the note, remove it.", seed);
    expect(world.touched).toEqual(["looked 703", "removed 703"]);
  }
});

test.each([
  "Write a note, list the notes, look at another note.",
  "Write a note, list the notes, look at one of them.",
  "Write a note, find some note of somebody, look at the note.",
])("a goal that asks for others gets others too: %s", async (goal) => {
  const looked = new Set<string>();
  for (let seed = 0; seed < 12; seed += 1) {
    const world = pad({ documented: true });
    await run(world, goal, seed);
    for (const text of world.touched) looked.add(text);
  }
  expect(looked.size).toBeGreaterThan(1);
});

test("what was removed is not gone back to", async () => {
  const world = pad({ documented: true });
  await run(world, "Write a note, remove the note, list the notes, look at a note.");
  expect(world.touched[0]).toBe("removed 703");
  expect(world.touched[1]).toMatch(/looked [123]/);
});

test("an id that was not told is not guessed", async () => {
  const world = pad({ told: () => ({ body: { ok: true }, headers: { location: "/elsewhere/9" } }) });
  const { finished, calls } = await run(world, "Write a note, look at the note.");
  expect(calls).toHaveLength(1);
  expect(world.touched).toEqual([]);
  expect(finished).toMatch(/POST \/notes has not told the id/);
});

test("what a POST itself took goes on naming what it made", async () => {
  const removed: string[] = [];
  const world = fake(
    "shelf",
    [
      operation("GET /books", "Find books", [
        field("answer", "[].isbn", "string", "Number of the book, its id"),
      ]),
      operation("POST /bag/lines", "Put a book into the bag", [
        field("body", "isbn", "string!", "Number of the book, its id"),
      ]),
      operation("DELETE /bag/lines/{isbn}", "Take a book out of the bag", [
        field("path", "isbn", "string!", "Number of the book"),
      ]),
    ],
    {
      "GET /books": () => ({ status: 200, body: [{ isbn: "b1" }, { isbn: "b2" }, { isbn: "b3" }] }),
      "POST /bag/lines": ({ data }) => ({ status: 201, body: { id: "bag-7", lines: [data] } }),
      "DELETE /bag/lines/{isbn}": ({ params }) => {
        removed.push(params.isbn ?? "");
        return { status: 204 };
      },
    },
  );
  const { calls } = await run(world, "Find a book, put it into the bag, take it out of the bag.");
  const put = /"isbn":"(\w+)"/.exec(calls.find((call) => call.startsWith("POST")) ?? "")?.[1];
  expect(put).toMatch(/^b[123]$/);
  expect(removed).toEqual([put]);
});
