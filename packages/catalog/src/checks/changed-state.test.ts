import type { ApiDescription } from "@ape/core/protocol/api";
import { describe, expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { alternativesOfDraft, type SingleCheckDraft } from "./check-draft.ts";
import { proofOf as proofOfChecks } from "./goal-proof.ts";
import { suggestChecks } from "./suggest-checks.ts";

const rest = (...lines: readonly string[]): ApiDescription => apiOf("rest", ...lines);

type Probe = Extract<SingleCheckDraft, { probe: unknown }>["probe"];

/** The reads that are suggested for a goal. */
const probesOf = (goal: string, api: ApiDescription): Probe[] =>
  suggestChecks(goal, [api]).checks.flatMap(({ check }) =>
    alternativesOfDraft(check).flatMap((one) => ("probe" in one ? [one.probe] : [])),
  );
const bodiesOf = (goal: string, api: ApiDescription) =>
  probesOf(goal, api).map(({ expect: { body } }) => body);
const proofOf = (goal: string, api: ApiDescription) => suggestChecks(goal, [api]).proof;

const HIRES = rest(
  "POST /hires | Hire a kayak | kayakId! hours#! | id kayakId hours# state=open,returned",
  "GET /hires/{hireId} | Get a hire | | id kayakId hours# state=open,returned",
  "POST /hires/{hireId}/extend | Extend a hire | hours#! | id hours# state=open,returned",
  "POST /hires/{hireId}/return | Return a hire | | id state=open,returned",
);
const STAYS = rest(
  "POST /stays | Book a stay | nights#! guests# | id",
  "GET /stays/{stayId} | Show a stay | | id nights# guests#",
  "POST /stays/{stayId}/extension | Extend a stay | extraNights#! | id",
);
const PLANS = rest(
  "POST /subscriptions | Start a subscription | plan!=basic,pro seats# | id plan seats#",
  "GET /subscriptions/{id} | Get a subscription | | id plan seats#",
  "PATCH /subscriptions/{id} | Update a subscription | plan=basic,pro seats# | id plan seats#",
);

describe("a change by an amount is never compared with the value before it", () => {
  test.each([
    ["Hire a kayak for 2 hours, extend the hire by 1 hour.", HIRES, { "$.hours": 3 }],
    ["Hire a kayak for 3 hours, then extend it by one hour.", HIRES, { "$.hours": 4 }],
    ["Book a stay for 3 nights, then extend it by 2 nights.", STAYS, { "$.nights": 5 }],
    [
      "Start a basic subscription with 3 seats, then add 2 more seats.",
      PLANS,
      { "$.plan": "basic", "$.seats": 5 },
    ],
  ])("%s: computed from what the goal names", (goal, api, body) => {
    expect(bodiesOf(goal, api)).toEqual([body]);
  });

  test("without a value of the goal it is another one than the answer showed before", () => {
    const goal = "Hire a kayak, then extend the hire by 2 hours.";
    expect(suggestChecks(goal, [HIRES]).checks[0]?.check).toMatchObject({
      action: { capture: { hireId: "$.id", hours: "$.hours" } },
    });
    expect(bodiesOf(goal, HIRES)).toEqual([{ "$.hours": { ne: "{hours}" } }]);
  });

  test("nor is a value expected that is given under another name, or in another unit", () => {
    const tables = rest(
      "POST /tables | Book a table | day! guests#! minutes# | id day guests# hours#",
      "GET /tables/{tableId} | Show the booking of a table | | id day guests# hours# state=booked,cancelled",
      "POST /tables/{tableId}/move | Move a table to another day | newDay! | id",
      "POST /tables/{tableId}/extend | Extend a table | minutes#! | id",
      "POST /tables/{tableId}/cancel | Cancel a table | | id",
    );
    const goal = (change: string) =>
      `Book a table with the day "2027-01-05" for 4 guests, ${change}, cancel it.`;
    expect(bodiesOf(goal('move the table to the new day "2027-01-07"'), tables)).toEqual([
      { "$.day": "2027-01-07", "$.guests": 4, "$.state": "cancelled" },
    ]);
    expect(bodiesOf(goal("move it"), tables)).toEqual([{ "$.guests": 4, "$.state": "cancelled" }]);
    expect(bodiesOf(goal("extend it by 30 minutes"), tables)).toEqual([
      { "$.day": "2027-01-05", "$.state": "cancelled" },
    ]);
  });

  test("a value that an action may have changed is not expected after it", () => {
    const goal = "Hire a kayak for 2 hours, extend the hire, return it.";
    expect(bodiesOf(goal, HIRES)).toEqual([{ "$.state": "returned" }]);
  });
});

describe("what an action does is read where a field is called by it", () => {
  const posts = rest(
    "GET /posts | List posts | | [].id [].title",
    "GET /posts/{postId} | Read a post | | id title votes# pinned? comments[].id comments[].text",
    "POST /posts | Write a post | title! | id title votes#",
    "POST /posts/{postId}/vote | Vote for a post | | voteId",
    "DELETE /posts/{postId}/vote | Take a vote back | | votes#",
    "POST /posts/{postId}/pin | Pin a post",
    "DELETE /posts/{postId}/pin | Unpin a post",
    "POST /posts/{postId}/comments | Comment on a post | text! | id text",
    "DELETE /posts/{postId} | Delete a post",
  );

  test("by the id in the path that was called, where the goal made no thing", () => {
    expect(probesOf("Find a post, pin it.", posts)).toEqual([
      { operation: "GET /posts/{postId}", expect: { status: 200, body: { "$.pinned": true } } },
    ]);
    expect(probesOf("Find a post, delete it.", posts)).toEqual([
      { operation: "GET /posts/{postId}", expect: { status: [404, 410] } },
    ]);
  });

  test("an entry of a list", () => {
    expect(probesOf('Find a post, comment "Well done" on it.', posts)).toEqual([
      {
        operation: "GET /posts/{postId}",
        after: "POST /posts/{postId}/comments",
        expect: { status: 200, body: { "$.comments[?@.id=='{commentId}'].id": { exists: true } } },
      },
    ]);
  });

  test("a count is another one than before; after it was taken back it is what the answer says", () => {
    expect(bodiesOf('Write a post titled "Hello there", then vote for the post.', posts)).toEqual([
      { "$.title": "Hello there", "$.votes": { ne: "{votes}" } },
    ]);
    const goal = 'Write a post titled "Hello there", then vote for the post, then take the vote back.';
    expect(bodiesOf(goal, posts)).toEqual([{ "$.title": "Hello there", "$.votes": "{votes}" }]);
    expect(probesOf(goal, posts)).toMatchObject([{ after: "DELETE /posts/{postId}/vote" }]);
  });

  test("a flag that is taken back is false", () => {
    const goal = 'Write a post titled "Hello there", pin it, then unpin the post.';
    expect(bodiesOf(goal, posts)).toEqual([{ "$.title": "Hello there", "$.pinned": false }]);
  });
});

describe("a read at another path than the collection", () => {
  const bank = rest(
    "POST /accounts | Open a savings account | owner! | id owner balance#",
    "GET /accounts/{accountId} | Read a savings account | | id owner balance#",
    "POST /accounts/{accountId}/deposits | Deposit money into a savings account | amount#! | id amount#",
  );
  const shop = rest(
    "GET /products | List products | | [].id [].name",
    "POST /cart/items | Put a product into the cart | productId! quantity# | productId quantity#",
    "GET /cart | Show the cart | | items[].productId items[].quantity# total#",
    "DELETE /cart/items/{productId} | Take a product out of the cart",
    "POST /checkout | Check out the cart | | orderId",
    "GET /orders/{id} | Get an order | | id state",
  );
  const rentals = rest(
    "POST /bikes/{bikeId}/rentals | Rent a bike | days#! | id days#",
    "GET /me/rentals | Own rentals | | [].id [].days#",
    "GET /settings | Own settings | | language=de,en",
    "PUT /settings | Change the own settings | language=de,en",
  );

  test("a sum of the thing that something was added to", () => {
    expect(bodiesOf("Open a savings account, deposit 50 into it.", bank)).toEqual([
      { "$.balance": { ne: "{balance}" } },
    ]);
  });

  test("what a path is within, and what an id leads to", () => {
    expect(probesOf("Find a product, put it into the cart, check out.", shop)).toEqual([
      {
        operation: "GET /cart",
        after: "POST /cart/items",
        expect: { status: 200, body: { "$.items[?@.productId=='{productId}'].productId": { exists: true } } },
      },
      { operation: "GET /orders/{orderId}", after: "POST /checkout", expect: { status: 200 } },
    ]);
    expect(proofOf("Find a product, put it into the cart, check out.", shop)).toEqual({
      parts: ["put it into the cart", "check out"],
      unproven: [],
    });
  });

  test("not one of other callers, nor of what was there before", () => {
    const desk = rest(
      "POST /desks/{deskId}/bookings | Reserve a desk | day! | id customerId",
      "GET /admin/bookings | All bookings | | [].id",
      "GET /customers/{id} | Get a customer | | id name",
    );
    expect(probesOf('Reserve a desk with the day "2027-01-05".', desk)).toEqual([]);
  });

  test("what is taken out again is in the list no more", () => {
    expect(probesOf("Put a product into the cart, then remove it from the cart.", shop)).toEqual([
      {
        operation: "GET /cart",
        after: "DELETE /cart/items/{productId}",
        expect: {
          status: 200,
          body: { "$.items[?@.productId=='{productId}'].productId": { exists: false } },
        },
      },
    ]);
  });

  test("a list of the same name, and the same path", () => {
    expect(probesOf("Rent a bike for 3 days.", rentals)).toMatchObject([
      {
        operation: "GET /me/rentals",
        expect: { body: { "$[?@.id=='{rentalId}'].id": { exists: true } } },
      },
    ]);
    expect(probesOf("Change the settings to the language de.", rentals)).toMatchObject([
      { operation: "GET /settings", after: "PUT /settings", expect: { body: { "$.language": "de" } } },
    ]);
  });

  test("an entry that only its text tells apart", () => {
    const albums = rest(
      "GET /albums/{albumId} | Show an album | | id notes[].body notes[].at tags[]",
      "POST /albums/{albumId}/notes | Add a note to an album | body!",
    );
    expect(bodiesOf(`Add the note "It's fine" to an album.`, albums)).toEqual([
      { "$.notes[?@.body=='It\\'s fine'].body": { exists: true } },
    ]);
  });

  test("a query that shows what a mutation answers", () => {
    const graph = apiOf(
      "graphql",
      "query cart | The own cart | | id items[].id items[].amount# | : Cart!",
      "mutation addToCart | Put a plant into the cart | plantId! | id items[].id items[].amount# | (plantId: ID!): Cart!",
    );
    expect(probesOf("Put a plant into the cart.", graph)).toEqual([
      {
        operation: "query cart",
        document: "query { cart { id items { id amount } } }",
        after: "mutation addToCart",
        expect: { status: 200, body: { "$.data.cart.items[?@.id=='{cartId}'].id": { exists: true } } },
      },
    ]);
  });

  test("the target's answer alone is named as such", () => {
    const mail = rest("POST /letters | Send a letter | text! | id");
    expect(proofOf('Send a letter with the text "Good day".', mail)).toEqual({
      parts: ['Send a letter with the text "Good day"'],
      unproven: [],
      accepted: ['Send a letter with the text "Good day"'],
    });
  });
});

describe("what was removed may be gone or show it", () => {
  const bookings = rest(
    "POST /bookings | Book a table | guests#! | id guests# state=booked,cancelled",
    "GET /bookings/{id} | Get a booking | | id guests# state=booked,cancelled",
    "DELETE /bookings/{id} | Cancel a booking | | id state=booked,cancelled",
  );
  const documents = rest(
    "POST /documents | Create a document | title! | id title",
    "GET /documents/{id} | Get a document | | id title deletedAt",
    "DELETE /documents/{id} | Delete a document | | id deletedAt",
  );
  const files = rest(
    "POST /files | Create a file | name! | id name",
    "GET /files/{id} | Get a file | | id name",
    "DELETE /files/{id} | Delete a file",
  );
  const gone = { status: [404, 410] };

  test.each([
    [
      "Book a table, cancel the booking.",
      bookings,
      [gone, { status: 200, body: { "$.state": "cancelled" } }],
    ],
    ["Book a table, then take it back.", bookings, [gone, { status: 200, body: { "$.state": "cancelled" } }]],
    [
      'Create a document titled "Plan nine", delete it.',
      documents,
      [gone, { status: 200, body: { "$.deletedAt": { exists: true, ne: null } } }],
    ],
    ['Create a file named "Plan nine", delete it.', files, [gone]],
  ])("%s", (goal, api, expected) => {
    expect(probesOf(goal, api).map((probe) => probe.expect)).toEqual(expected);
  });
});

describe("what takes something back is no part of the operation that made it", () => {
  test.each([
    [rest("POST /rentals | Rent a bike | days# | id", "GET /rentals/{id} | Get a rental | | id")],
    [rest("POST /loans | Borrow a book | | id", "GET /loans/{id} | Get a loan | | id")],
  ])("%#", (api) => {
    const { unproven } = proofOf(
      api.operations[0]?.path === "/loans" ? "Borrow a book, give it back." : "Rent a bike, give it back.",
      api,
    );
    expect(unproven).toEqual(["give it back"]);
  });
});

describe("a tool that reads shows what it is about", () => {
  const book = (...more: readonly string[]): ApiDescription =>
    apiOf(
      "mcp",
      "tool add_recipe | Add a recipe to the book | title! steps!",
      "tool rate_recipe | Rate a recipe | title! remark!",
      ...more,
    );
  const add = 'Add a recipe titled "Apple pie" with the steps "Peel and bake".';

  test("a list has the names of what is added", () => {
    expect(probesOf(add, book("tool list_recipes | List all recipes"))).toMatchObject([
      { operation: "tool list_recipes", expect: { text: { contains: "Apple pie" } } },
    ]);
  });

  test.each([
    ["other things", add, "tool list_books | List the books"],
    ["other fields", add, "tool recipe_statistics | How many recipes there are | | recipes#"],
    ["what was there before", 'Rate the recipe titled "Apple pie".', "tool list_recipes | List all recipes"],
  ])("a list of %s proves nothing", (_, goal, line) => {
    expect(probesOf(goal, book(line))).toEqual([]);
  });
});

describe("of several forms in a row only the last one proves something", () => {
  const parcels = (...forms: readonly [string, leadsOn: boolean][]): ApiDescription => {
    const api = apiOf("web", ...forms.map(([line]) => line));
    for (const [index, [, leadsOn]] of forms.entries())
      if (leadsOn) Object.assign(api.operations[index] as object, { leadsOn: true });
    return api;
  };
  const goal = 'Send a parcel to "Ada Berg".';

  test("where it is known", () => {
    const known = parcels(
      ["POST /parcel/address | Send a parcel | receiver!", true],
      ["POST /parcel/payment | Pay | card!", true],
      ["POST /parcel/confirm | Confirm | ", false],
    );
    expect(suggestChecks(goal, [known]).checks.map(({ check }) => check)).toEqual([
      { action: { operation: "POST /parcel/confirm", status: "2xx" } },
    ]);
  });

  test("else it is the one that leads to no further one, in the same folder or at the same path", () => {
    const checksOf = (line: string) => suggestChecks(goal, [parcels([line, true])]);
    const { checks, proof } = checksOf("POST /parcel/address | Send a parcel | receiver!");
    expect(checks.map(({ check }) => check)).toEqual([
      { action: { operation: "POST /parcel/{step}", status: "2xx", completes: true } },
    ]);
    expect(proof).toMatchObject({ unproven: [], accepted: [goal.replace(/\.$/, "")] });
    expect(checksOf("POST /send | Send a parcel | receiver!").checks.map(({ check }) => check)).toEqual([
      { action: { operation: "POST /send", status: "2xx", completes: true } },
    ]);
  });

  test("a first form by itself proves nothing", () => {
    const api = parcels(["POST /parcel/address | Send a parcel | receiver!", true]);
    const { unproven } = proofOfChecks(goal, [api], [{ action: { operation: "POST /parcel/address" } }]);
    expect(unproven).toEqual(['Send a parcel to "Ada Berg"']);
  });
});
