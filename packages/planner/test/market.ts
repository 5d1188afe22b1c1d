import type { JsonObject } from "@ape/core/lib/json";
import { type Fake, fake, field, operation, reply } from "./fake.ts";
import type { FakeAnswer } from "./session.ts";

/** What was done at the market. */
export interface MarketBooks {
  basket: { ware: string; pieces: number }[];
  orders: { ware: string; pieces: number }[][];
  logins: number;
  logouts: number;
}

interface Options {
  disturb?: Parameters<typeof fake>[3];
  /** Wares that turn out to be gone when they are put into the basket. */
  gone?: readonly string[];
  /** How many of them there are on a page. */
  page?: number;
  /** Index from which wares are cheap. */
  cheapFrom?: number;
  /** Whether the basket is lost with every login after the first. */
  forgetful?: boolean;
}

/** A market: offset paging, a basket, a payment with fields, bearer tokens. */
export function market(options: Options = {}): Fake & { books: MarketBooks; wares: readonly JsonObject[] } {
  const { disturb, gone = [], page = 6, cheapFrom = 0, forgetful = false } = options;
  const books: MarketBooks = { basket: [], orders: [], logins: 0, logouts: 0 };
  const wares = Array.from({ length: 18 }, (_, index) => ({
    ref: `w${index}`,
    label: `Ware ${index}`,
    cents: index >= cheapFrom && index % 2 === 0 ? 1500 + index : 4000 + index,
    left: index % 5 === 4 ? 0 : 9,
  }));
  let open = false;
  const guarded = (answer: () => FakeAnswer): FakeAnswer =>
    open ? answer() : reply(401, { detail: "log in" });
  const operations = [
    operation("POST /tokens", "Log a buyer in", [
      field("body", "mail", "string!", "E-mail address of the buyer", { format: "email" }),
      field("body", "phrase", "string!", "Password of the buyer"),
      field("answer", "token", "string", "Token to be sent with later calls"),
    ]),
    operation("DELETE /tokens/current*", "Log the buyer out", []),
    operation("GET /wares", "Find wares", [
      field("query", "from", "integer", "How many wares to skip", { minimum: 0, example: 0 }),
      field("query", "much", "integer", "How many wares to list per page", {
        minimum: 1,
        maximum: 50,
        example: page,
      }),
      field("answer", "wares[].ref", "string", "Unique id of the ware"),
      field("answer", "wares[].label", "string", "What the ware is called"),
      field("answer", "wares[].cents", "integer", "Price in cents"),
      field("answer", "wares[].left", "integer", "How many are left in stock"),
      field("answer", "count", "integer", "How many wares there are in all"),
    ]),
    operation("GET /basket*", "Show the basket", [
      field("answer", "lines[].ware", "string", "Id of the ware in the basket"),
      field("answer", "lines[].pieces", "integer", "How many pieces of it"),
    ]),
    operation("POST /basket/lines*", "Put a ware into the basket", [
      field("body", "ware", "string!", "Id of the ware to put into the basket"),
      field("body", "pieces", "integer!", "How many pieces of it", { minimum: 1, maximum: 20 }),
      field("body", "gift", "boolean", "Whether to wrap it as a gift"),
      field("answer", "lines[].ware", "string", "Id of the ware in the basket"),
    ]),
    operation("POST /payments*", "Pay for everything in the basket", [
      field("body", "means", "string!", "Means of payment", { enum: ["cheque", "card", "cash"] }),
      field("answer", "receipt", "string", "Id of the order"),
    ]),
  ];
  const { api, answer } = fake(
    "market",
    operations,
    {
      "POST /tokens": ({ data }): FakeAnswer => {
        if (data.mail !== "b@mail.example" || data.phrase !== "sesame")
          return reply(401, { detail: "wrong" });
        open = true;
        books.logins += 1;
        if (forgetful) books.basket = [];
        return reply(200, { token: "t" });
      },
      "DELETE /tokens/current": (): FakeAnswer =>
        guarded(() => {
          open = false;
          books.logouts += 1;
          return { status: 204 };
        }),
      "GET /wares": ({ query }): FakeAnswer => {
        const from = Number(query.from ?? 0);
        const shown = wares.slice(from, from + Number(query.much ?? page));
        return reply(200, { wares: shown, count: wares.length });
      },
      "GET /basket": (): FakeAnswer => guarded(() => reply(200, { lines: books.basket })),
      "POST /basket/lines": ({ data }): FakeAnswer =>
        guarded(() => {
          const ware = wares.find(({ ref }) => ref === data.ware);
          if (ware === undefined) return reply(404, { detail: "no such ware" });
          if (ware.left === 0 || gone.includes(ware.ref)) return reply(409, { detail: "sold out" });
          books.basket.push({ ware: ware.ref, pieces: Number(data.pieces) });
          return reply(201, { lines: books.basket });
        }),
      "POST /payments": ({ data }): FakeAnswer =>
        guarded(() => {
          if (data.means === "cheque") return reply(422, { detail: { means: "cheque is no longer taken" } });
          if (books.basket.length === 0) return reply(409, { detail: "the basket is empty" });
          books.orders.push(books.basket);
          books.basket = [];
          return reply(201, { receipt: `r${books.orders.length}` });
        }),
    },
    disturb,
  );
  return { api, answer, books, wares };
}
