import { buildSchema, GraphQLError, graphql } from "graphql";
import { problemText, type ShopClient } from "./shop-client.ts";

const SCHEMA = buildSchema(`
  type Product { productId: ID! title: String! category: String! "Price of one piece in US dollars" priceUsd: Float! inStock: Boolean! }
  type ProductPage { items: [Product!]! page: Int! pageCount: Int! total: Int! }
  type CartLine { productId: ID! title: String! quantity: Int! unitPriceUsd: Float! lineTotalUsd: Float! }
  type Cart { items: [CartLine!]! totalUsd: Float! }
  type Order { id: ID! state: String! totalUsd: Float! lines: [CartLine!] }
  type OrderList { items: [Order!]! total: Int! }
  "A login: later requests carry the token as Authorization: Bearer" type Login { accessToken: String! expiresIn: Int! customerId: ID! }
  type Query {
    "Search the products; pages have 10 products" products(search: String, inStock: Boolean, page: Int): ProductPage!
    "One product" product(productId: ID!): Product!
    "What is in the cart" cart: Cart!
    "The customer's orders" orders: OrderList!
    "One order" order(id: ID!): Order!
  }
  type Mutation {
    "Log in with the address and the password of an account" login(email: String!, password: String!): Login!
    "Add a product to the cart" addToCart(productId: ID!, quantity: Int!): Cart!
    "Remove a product from the cart" removeFromCart(productId: ID!): Cart!
    "Check out: place an order for what is in the cart" checkOut: Order!
    "Log out" logOut: Boolean!
  }
`);

/** A GraphQL request, and who makes it. */
export interface GraphqlRequest {
  query?: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  token: string | undefined;
  traceparent: string | undefined;
}

/** Answers a request in GraphQL from the shop's REST API. */
export async function answerGraphql(shop: ShopClient, request: GraphqlRequest): Promise<object> {
  const { token, traceparent } = request;
  const ask = async (method: string, path: string, data?: unknown): Promise<unknown> => {
    const answer = await shop.call(method, path, { token, traceparent, data });
    if (answer.status < 400) return answer.body ?? true;
    throw new GraphQLError(problemText(answer), {
      extensions: { code: CODES[answer.status] ?? "BAD_USER_INPUT" },
    });
  };
  const rootValue = {
    products: ({ search, inStock, page }: { search?: string; inStock?: boolean; page?: number }) => {
      const query = new URLSearchParams();
      if (search !== undefined && search !== null) query.set("search", search);
      if (inStock !== undefined && inStock !== null) query.set("inStock", String(inStock));
      if (page !== undefined && page !== null) query.set("page", String(page));
      return ask("GET", `/products?${query}`);
    },
    product: ({ productId }: { productId: string }) =>
      ask("GET", `/products/${encodeURIComponent(productId)}`),
    cart: () => ask("GET", "/cart"),
    orders: () => ask("GET", "/orders"),
    order: ({ id }: { id: string }) => ask("GET", `/orders/${encodeURIComponent(id)}`),
    login: (account: object) => ask("POST", "/login", account),
    addToCart: (item: object) => ask("POST", "/cart/items", item),
    removeFromCart: ({ productId }: { productId: string }) =>
      ask("DELETE", `/cart/items/${encodeURIComponent(productId)}`),
    checkOut: () => ask("POST", "/orders"),
    logOut: () => ask("POST", "/logout"),
  };
  return graphql({
    schema: SCHEMA,
    source: request.query ?? "",
    rootValue,
    variableValues: request.variables ?? null,
    operationName: request.operationName ?? null,
  });
}

/** Codes of errors, as Apollo Server names them. */
const CODES: Readonly<Record<number, string>> = {
  401: "UNAUTHENTICATED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  500: "INTERNAL_SERVER_ERROR",
  503: "SERVICE_UNAVAILABLE",
};
