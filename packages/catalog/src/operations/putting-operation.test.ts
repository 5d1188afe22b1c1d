import { expect, test } from "vitest";
import { firstClause } from "../../test/first-clause.ts";
import { catalogWith } from "../../test/goal-operations.ts";
import { addingOperation, puttingOperation } from "./adding-operation.ts";
import type { Operation } from "./operation-catalog.ts";

const catalog = catalogWith([
  ["GET /tickets", "List tickets", "answer [].ticketId"],
  ["POST /tickets", "Open a ticket", "body title", "answer ticketId"],
  ["POST /tickets/{ticketId}/remarks", "Write a remark", "path ticketId", "body text"],
  ["GET /goods", "List goods", "answer [].goodId"],
  ["POST /basket/entries", "Put in", "body goodId"],
  ["POST /playlists", "Create a playlist", "body name", "answer playlistId"],
  ["POST /playlists/{playlistId}/songs", "Insert", "path playlistId", "body songId"],
]);
const at = (key: string): Operation => {
  const found = catalog.operations.find((one) => one.key === key);
  if (found === undefined) throw new Error(`no ${key}`);
  return found;
};

test.each<[goal: string, before: string[], key: string | undefined]>([
  ['Add the note "Hot" to the ticket.', [], "POST /tickets/{ticketId}/remarks"],
  ['Add the note "Hot" to it.', ["POST /tickets"], "POST /tickets/{ticketId}/remarks"],
  ['Add the note "Hot" to it.', ["POST /playlists"], undefined],
  ["Add a note to the ticket.", [], undefined],
  ['Remove the note "Hot" from the ticket.', [], undefined],
  ['Find the note "Hot" of the ticket.', [], undefined],
])("%s after %j: a text is added by %s", (goal, before, key) => {
  expect(addingOperation(firstClause(goal), catalog, before.map(at))?.key).toBe(key);
});

test.each<[goal: string, before: string[], key: string | undefined]>([
  ["Add a thing to the basket.", [], "POST /basket/entries"],
  ["Add a thing to the drawer.", [], undefined],
  ["Add a tune to it.", ["POST /playlists"], "POST /playlists/{playlistId}/songs"],
  ["Add a tune to it.", ["POST /tickets"], undefined],
  ["Add a tune to it.", [], undefined],
  ["Add a good to it.", ["POST /playlists"], undefined],
  ["Add a ticket to it.", ["POST /playlists"], undefined],
  ['Add "A" to the basket.', [], undefined],
  ["Remove a thing from the basket.", [], undefined],
  ["Create a thing in the basket.", [], undefined],
])("%s after %j: a thing is put by %s", (goal, before, key) => {
  expect(puttingOperation(firstClause(goal), catalog, before.map(at))?.key).toBe(key);
});
