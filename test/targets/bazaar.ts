import { GraphQLError } from "graphql";
import { createSchema, createYoga } from "graphql-yoga";
import { listenOnLoopback } from "./loopback.ts";

/** A market place that speaks GraphQL: sign in, look through pages of listings, fill a basket, check out. */
export interface Bazaar {
  url: string;
  /** Accounts that may sign in. */
  rows: readonly { handle: string; password: string }[];
  /** Purchases by account. */
  purchases(): readonly { handle: string; listing: string; price: number }[];
  /** Makes this many of the next resolvers fail as a defect would. */
  breakNext(count: number): void;
  close(): Promise<void>;
}

const SCHEMA = `
  """A market place."""
  schema { query: Query mutation: Mutation }
  type Query {
    "Search the listings, cheapest last"
    listings("Highest price in dollars" maxPrice: Float, "How many listings at most" first: Int = 5, "Cursor: where the last page ended" after: String): ListingPage!
    "Show the basket"
    basket: Basket!
    "Show one purchase"
    purchase("Id of the purchase" id: ID!): Purchase
  }
  type Mutation {
    "Sign in with handle and password"
    signIn(input: Credentials!): Session!
    "Put a listing into the basket"
    addToBasket("Id of the listing" listingId: ID!, "How many pieces" quantity: Int = 1): Basket!
    "Check out: buy what is in the basket"
    checkout("How to ship" shipping: Shipping!): Purchase!
    "Sign out"
    signOut: Boolean!
  }
  enum Shipping { STANDARD EXPRESS }
  input Credentials { "Handle of the account" handle: String! "Password of the account" password: String! }
  type Session { "Access token" token: String! "When it ends" until: String! }
  type ListingPage { nodes: [Listing!]! "Cursor for the next page, null at the end" endCursor: String }
  type Listing { id: ID! title: String! "Price in dollars" price: Float! "Whether it is in stock" available: Boolean! seller: Seller! }
  type Seller { name: String! listings: [Listing!]! }
  type Basket { "Number of pieces" pieces: Int! lines: [Line!]! }
  type Line { listing: Listing! quantity: Int! }
  type Purchase { id: ID! state: String! total: Float! }
`;

const refuse = (code: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code } });

export async function startBazaar(accounts = 30): Promise<Bazaar> {
  const rows = Array.from({ length: accounts }, (_, index) => ({
    handle: `trader-${index}`,
    password: `pass-word-${index * 7 + 1000}`,
  }));
  const seller = { name: "Ann", listings: () => listings };
  const listings: { id: string; title: string; price: number; available: boolean; seller: unknown }[] =
    Array.from({ length: 24 }, (_, index) => ({
      id: `L${1000 + index}`,
      title: `Carpet ${index}`,
      price: 240 - index * 10,
      available: index % 5 !== 4,
      seller,
    }));
  const tokens = new Map<string, string>();
  const baskets = new Map<string, { listing: (typeof listings)[number]; quantity: number }[]>();
  const bought: { handle: string; listing: string; price: number }[] = [];
  const done = new Map<string, { id: string; state: string; total: number; handle: string }>();
  let broken = 0;
  const who = (context: { request: Request }): string => {
    if (broken > 0) {
      broken -= 1;
      throw new Error("a defect");
    }
    const handle = tokens.get((context.request.headers.get("authorization") ?? "").replace("Bearer ", ""));
    if (handle === undefined) throw refuse("UNAUTHENTICATED", "sign in first");
    return handle;
  };
  const show = (handle: string) => {
    const lines = baskets.get(handle) ?? [];
    return { pieces: lines.reduce((sum, { quantity }) => sum + quantity, 0), lines };
  };
  type Context = { request: Request };
  const yoga = createYoga<object>({
    logging: false,
    schema: createSchema<object>({
      typeDefs: SCHEMA,
      resolvers: {
        Query: {
          listings: (
            _: unknown,
            { maxPrice, first, after }: { maxPrice?: number; first: number; after?: string },
          ) => {
            const all = listings.filter(({ price }) => maxPrice === undefined || price <= maxPrice);
            const from =
              after === undefined || after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
            const nodes = all.slice(from, from + first);
            return { nodes, endCursor: from + first < all.length ? nodes.at(-1)?.id : null };
          },
          basket: (_: unknown, __: unknown, context: Context) => show(who(context)),
          purchase: (_: unknown, { id }: { id: string }, context: Context) => {
            const one = done.get(id);
            return one?.handle === who(context) ? one : null;
          },
        },
        Mutation: {
          signIn: (_: unknown, { input }: { input: { handle: string; password: string } }) => {
            if (!rows.some((row) => row.handle === input.handle && row.password === input.password))
              throw refuse("BAD_USER_INPUT", "unknown handle or password");
            const token = `tok${Math.random().toString(36).slice(2)}${Date.now()}`;
            tokens.set(token, input.handle);
            return { token, until: "2031-01-01" };
          },
          addToBasket: (
            _: unknown,
            { listingId, quantity }: { listingId: string; quantity: number },
            context: Context,
          ) => {
            const handle = who(context);
            const listing = listings.find(({ id }) => id === listingId);
            if (listing === undefined) throw refuse("NOT_FOUND", "no such listing");
            if (!listing.available) throw refuse("CONFLICT", "out of stock");
            baskets.set(handle, [...(baskets.get(handle) ?? []), { listing, quantity }]);
            return show(handle);
          },
          checkout: (_: unknown, __: unknown, context: Context) => {
            const handle = who(context);
            const lines = baskets.get(handle) ?? [];
            if (lines.length === 0) throw refuse("CONFLICT", "the basket is empty");
            baskets.delete(handle);
            for (const { listing } of lines)
              bought.push({ handle, listing: listing.id, price: listing.price });
            const id = `P${bought.length}-${handle}`;
            const total = lines.reduce((sum, { listing, quantity }) => sum + listing.price * quantity, 0);
            const purchase = { id, state: "paid", total, handle };
            done.set(id, purchase);
            return purchase;
          },
          signOut: (_: unknown, __: unknown, context: Context) => {
            const token = (context.request.headers.get("authorization") ?? "").replace("Bearer ", "");
            who(context);
            return tokens.delete(token);
          },
        },
      },
    }),
  });
  const server = await listenOnLoopback((request, response) => void yoga(request, response));
  return {
    url: `${server.url}/graphql`,
    rows,
    purchases: () => bought,
    breakNext: (count) => {
      broken = count;
    },
    close: () => server.close(),
  };
}
