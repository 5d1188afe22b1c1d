import { expect, test } from "vitest";
import { onlyOperation } from "../../../test/first-clause.ts";
import { severalThings, takesOne } from "./several-things.ts";

test.each([
  ["remove the hammer and the band saw", ["remove the hammer", "remove the band saw"]],
  ["put a lamp and a chair into it", ["put a lamp into it", "put a chair into it"]],
  [
    "take the saw, the drill and the old lamp from the van",
    ["take the saw from the van", "take the drill from the van", "take the old lamp from the van"],
  ],
  [
    "move the band saw to the north depot and the hammer to the old depot",
    ["move the band saw to the north depot", "move the hammer to the old depot"],
  ],
  [
    "add the tags quoted0 and quoted1 to Bello",
    ["add the tag quoted0 to Bello", "add the tag quoted1 to Bello"],
  ],
])("%s", (written, texts) => {
  expect(severalThings(written)).toEqual(texts);
});

test.each([
  "remove the hammer",
  "remove the hammer and saw it",
  "set the height to 3 and the width to high",
  "add the tag quoted0 and the colour quoted1 to Bello",
  "book a room for the night and breakfast",
])("%s: one thing, or none in such words", (written) => {
  expect(severalThings(written).length === 1 || written.startsWith("set")).toBe(true);
});

const THINGS = "lend the saw and the drill";
const TEXTS = "add the tags quoted0 and quoted1";

test.each([
  ["POST /vans/{id}/tools | Load a tool | toolId!", THINGS, true],
  ["POST /loans | Lend a tool | toolId!", THINGS, true],
  ["POST /tools/{id} | Order a tool | sawId", THINGS, true],
  ["DELETE /tools/{id} | Scrap a tool", THINGS, true],
  ["POST /loans | Lend a tool | toolId", THINGS, false],
  ["POST /tools/{id} | Order tools | saw drill#", THINGS, false],
  ["POST /halls/{a}/{b}/{c} | Lend a tool", THINGS, false],
  ["PATCH /tools/{id} | Change a tool | note", THINGS, false],
  ["PUT /tools/{id} | Replace a tool | note", THINGS, false],
  ["POST /tools/{id} | Update a tool | note", THINGS, false],
  ["GET /tools/{id} | A tool", THINGS, false],
  ["POST /login/{id} | Log in | user! password!@password | token", THINGS, false],
  ["POST /pets/{id}/tags | Tag a pet | tag!", TEXTS, true],
  ["POST /pets/{id}/tags | Tag a pet | word!", TEXTS, true],
  ["POST /pets/{id}/tags | Tag a pet | word! note!", TEXTS, false],
  ["POST /pets/{id}/tags | Tag a pet | word", TEXTS, false],
  ["POST /pets/{id}/tags | Tag a pet | word!#", TEXTS, false],
])("%s takes one of what %s has: %s", (line, written, takes) => {
  expect(takesOne(onlyOperation(line), written)).toBe(takes);
});
