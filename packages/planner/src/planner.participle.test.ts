import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const ESSAYS = apiOf(
  "rest",
  "POST /essays | Write an essay | title! text | id title state=draft,published,retracted",
  "GET /essays/{id} | An essay | | id title state=draft,published,retracted",
  "PATCH /essays/{id} | Change an essay | title text state=draft,published,retracted | id title state",
  "DELETE /essays/{id} | Delete an essay",
  "POST /essays/{id}/notes | Add a note | text! | noteId text",
  "DELETE /essays/{id}/notes/{noteId} | Remove a note",
);
const OFFERS = apiOf(
  "rest",
  "POST /offers | Draft an offer | price# | offerId price# status=draft,submitted,withdrawn",
  "PATCH /offers/{offerId} | Edit an offer | price# remark | offerId price#",
  "DELETE /offers/{offerId} | Discard an offer",
  "PUT /offers/{offerId}/status | Submit or withdraw an offer | status!=submitted,withdrawn | offerId status",
);
const BIDS = apiOf(
  "rest",
  "GET /bids | Bids | | [].bidId [].label [].phase=open,sent,frozen",
  "PUT /bids/{bidId} | Replace a bid | label! phase=open,sent,frozen | bidId label phase",
  "POST /bids/{bidId}/phase | Set the phase of a bid | phase!=sent,frozen | bidId phase",
  "DELETE /bids/{bidId} | Delete a bid",
);
const bids: Past = ["GET /bids", 200, [{ bidId: "b1", label: "Roof", phase: "open" }]];
const essay: Past = ['POST /essays {"title":"Rain"}', 201, { id: "e1", title: "Rain", state: "draft" }];
const offer: Past = ['POST /offers {"price":40}', 201, { offerId: "o1", price: 40, status: "draft" }];
const note: Past = ['POST /essays/e1/notes {"text":"Good"}', 201, { noteId: "n1", text: "Good" }];

test.each([
  ['Write an essay titled "Rain", publish it', ESSAYS, [essay], 'PATCH /essays/e1 {"state":"published"}'],
  [
    'Write an essay titled "Rain", retract the essay',
    ESSAYS,
    [essay],
    'PATCH /essays/e1 {"state":"retracted"}',
  ],
  [
    'Write an essay titled "Rain", add the note "Good" to it, publish the essay',
    ESSAYS,
    [essay, note],
    'PATCH /essays/e1 {"state":"published"}',
  ],
  [
    "Draft an offer with the price 40, submit it",
    OFFERS,
    [offer],
    'PUT /offers/o1/status {"status":"submitted"}',
  ],
  [
    "Draft an offer with the price 40, withdraw it",
    OFFERS,
    [offer],
    'PUT /offers/o1/status {"status":"withdrawn"}',
  ],
  ["Draft an offer with the price 40, discard it", OFFERS, [offer], "DELETE /offers/o1"],
  ['Freeze the bid "Roof"', BIDS, [bids], 'POST /bids/b1/phase {"phase":"frozen"}'],
] as const)("%s: the operation that takes the participle of the verb", (goal, api, past, call) => {
  expect(nextCall(api, goal, past)).toBe(call);
});

test.each([
  ['Write an essay titled "Rain", sign it', ESSAYS, [essay], 'serves "sign it"'],
  ["Draft an offer with the price 40, frame it", OFFERS, [offer], 'serves "frame it"'],
] as const)("%s: what nothing serves changes no other field", (goal, api, past, reason) => {
  expect(nextCall(api, goal, past)).toContain(reason);
});

test("the name of the thing is none of its values", () => {
  expect(nextCall(BIDS, 'Freeze the bid "Attic"', [bids])).toBe(
    'finish: Cannot go on: nothing here is called "Attic".',
  );
  expect(nextCall(ESSAYS, 'Publish the essay "Rain"', [])).toBe(
    'finish: Nothing is done: nothing here is called "Rain".',
  );
});
