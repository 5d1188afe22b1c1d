import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import { goalParts } from "./goal-parts.ts";
import { canBeRead, toolProbe } from "./tool-probe.ts";

/** The read after the only change of a goal, with its arguments and what it must contain. */
function probeFor(goal: string, lines: readonly string[]): unknown[] | undefined {
  const catalog = new OperationCatalog([apiOf("mcp", ...lines.map((line) => `tool ${line}`))]);
  const [part] = goalParts(goal, catalog).flatMap((one) =>
    one.kind === "change" && one.operation !== undefined ? [{ ...one, operation: one.operation }] : [],
  );
  if (part === undefined) throw new Error(`nothing is changed by ${goal}`);
  const probe = toolProbe(part, catalog);
  return probe === undefined ? undefined : [probe.read.path, probe.given, probe.contains];
}

const WRITE = "write_file | Write a file | path! content!";
const READ = "read_file | Read a file | path!";
const GIVEN = { path: "a.txt" };

test.each([
  [[READ], ["read_file", GIVEN, "hello there"]],
  [[`${READ} | content`], ["read_file", GIVEN, "hello there"]],
  [
    [READ, "show_file_content | Read the content of a file | path!"],
    ["show_file_content", GIVEN, "hello there"],
  ],
  [
    ["read_text_file | Read a file. Deprecated. | path!", READ],
    ["read_file", GIVEN, "hello there"],
  ],
  [
    ["read_text_file | Read a file | path!", READ],
    ["read_text_file", GIVEN, "hello there"],
  ],
  [[`${READ} page#`], undefined],
  [[`${READ} cursor`], undefined],
  [[`${READ} offset#`], undefined],
  [["read_file | Read a file | query!"], undefined],
  [[`${READ} | size#`], undefined],
  [["read_house | Read a house | path!"], undefined],
])("what is written to a file is read by one of %j", (reads, probe) => {
  expect(probeFor('Write the file "a.txt" with the content "hello there"', [WRITE, ...reads])).toEqual(probe);
});

test.each(["hi", "hello {{name}}"])("%s is no text to look for", (text) => {
  expect(probeFor(`Write the file "a.txt" with the content "${text}"`, [WRITE, READ])).toBeUndefined();
});

const LIST = "list_entities | List the entities";

test.each([
  [
    'Create an entity called "Ada Lovelace"',
    ["create_entity | Create an entity | name!", "get_entity | Get an entity | name!", LIST],
    ["list_entities", {}, "Ada Lovelace"],
  ],
  [
    'Add a note "called by noon" to the entity "Ada Lovelace"',
    ["add_note | Add a note to an entity | name! note!", LIST, "list_notes | List the notes"],
    ["list_notes", {}, "called by noon"],
  ],
  [
    'Set the colour of the lamp "Hall lamp" to "deep red"',
    [
      "set_lamp_colour | Set the colour of a lamp | lamp! colour!",
      "get_lamp | Get a lamp | lamp!",
      "get_lamp_colour | The colour of a lamp | lamp!",
      "list_lamps | List lamps",
    ],
    ["get_lamp_colour", { lamp: "Hall lamp" }, "deep red"],
  ],
  [
    'Add the book "Moby Dick" to the shelf',
    ["add_book | Add a book | title!", "list_shelves | List shelves", "list_books | List books"],
    ["list_books", {}, "Moby Dick"],
  ],
  [
    'Rename the entity "Ada Lovelace" to "Ada King"',
    ["rename_entity | Rename an entity | oldName! newName!", LIST],
    undefined,
  ],
  ['Delete the entity "Ada Lovelace"', ["delete_entity | Delete an entity | name!", LIST], undefined],
])("%s: a list shows what is added, not what is changed or removed", (goal, lines, probe) => {
  expect(probeFor(goal, lines)).toEqual(probe);
});

test.each([
  ["abc", false],
  [" abc ", false],
  ["abcd", true],
  ["a{{b}}c", false],
])("%j can be read: %s", (text, can) => {
  expect(canBeRead(text)).toBe(can);
});
