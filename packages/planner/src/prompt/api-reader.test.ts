import { type ApiDescription, type ApiField, renderApi } from "@ape/core/protocol/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseApi } from "./api-reader.ts";

const word = fc.stringMatching(/^[a-z][a-zA-Z]{0,9}$/);
const prose = fc
  .array(fc.stringMatching(/^[A-Za-z0-9,.()"'$%-]{1,8}$/), { maxLength: 8 })
  .map((words) => words.join(" "));
const json = fc.jsonValue({ maxDepth: 1 });
const plain = (value: unknown): never => JSON.parse(JSON.stringify(value)) as never;

const meaning = prose.map((text) => (text === "" ? "" : `Truly ${text}`));
const field: fc.Arbitrary<ApiField> = fc
  .record({
    in: fc.constantFrom("path", "query", "header", "cookie", "body", "answer"),
    name: fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("[].")),
    type: fc.constantFrom("string", "number", "integer", "boolean", "string[]", "object[]"),
    required: fc.boolean(),
    description: meaning,
    format: fc.option(word, { nil: undefined }),
    enum: fc.option(fc.array(json, { minLength: 1, maxLength: 4 }), { nil: undefined }),
    example: fc.option(json, { nil: undefined }),
    minimum: fc.option(fc.integer(), { nil: undefined }),
    maximum: fc.option(fc.integer(), { nil: undefined }),
    exclusiveMinimum: fc.option(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      {
        nil: undefined,
      },
    ),
    exclusiveMaximum: fc.option(fc.integer(), { nil: undefined }),
    multipleOf: fc.option(fc.constantFrom(1, 0.01, 1e-9, 5, 1e21), { nil: undefined }),
    minLength: fc.option(fc.nat(), { nil: undefined }),
    maxLength: fc.option(fc.nat(), { nil: undefined }),
    pattern: fc.option(fc.string({ unit: "binary-ascii" }), { nil: undefined }),
    minItems: fc.option(fc.nat(), { nil: undefined }),
    maxItems: fc.option(fc.nat(), { nil: undefined }),
    uniqueItems: fc.constantFrom(true, undefined),
    nullable: fc.constantFrom(true, undefined),
  })
  .map(plain);

const api: fc.Arbitrary<ApiDescription> = fc
  .record({
    target: word,
    title: prose,
    documented: fc.boolean(),
    auth: fc.array(
      fc.oneof(
        fc.constant({ type: "bearer" }),
        fc.record({ type: fc.constantFrom("cookie", "header", "query"), name: word }),
      ),
      { maxLength: 2 },
    ),
    operations: fc.array(
      fc.record({
        method: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE"),
        path: fc.array(word, { maxLength: 3 }).map((parts) => `/${parts.join("/{x}/")}`),
        secured: fc.boolean(),
        summary: prose.filter((text) => !text.startsWith("(auth)")),
        fields: fc.array(field, { maxLength: 5 }),
      }),
      { maxLength: 4 },
    ),
  })
  .map(plain);

/** What is left of a field in the text: a path always needs its values, and an answer is shown for what it brings. */
function left(one: ApiField): ApiField {
  const { example, ...rest } = one;
  if (one.in === "answer") return { ...rest, required: false };
  const kept = one.minimum !== undefined && one.maximum !== undefined ? rest : one;
  return one.in === "path" ? { ...kept, required: true } : kept;
}

const inOrder = (fields: readonly ApiField[]): ApiField[] => [
  ...fields.filter((one) => one.in !== "answer").map(left),
  ...fields.filter((one) => one.in === "answer").map(left),
];

test("a model can be told an API and it reads back, but for what goes without saying", () => {
  fc.assert(
    fc.property(fc.array(api, { maxLength: 3 }), (apis) => {
      const text = `You are an agent.\n\n${apis.map((one) => renderApi(one)).join("\n\n")}\n\nThat is all.`;
      expect(parseApi(text)).toEqual(
        apis.map((one) => ({
          ...one,
          operations: one.operations.map((operation) => ({
            ...operation,
            fields: inOrder(operation.fields),
          })),
        })),
      );
    }),
  );
});

test("what a name says is not said again, and no list of answer fields comes twice", () => {
  const text = (name: string, description: string, more: Partial<ApiField> = {}): ApiField => ({
    in: "answer",
    name,
    type: "string",
    required: true,
    description,
    ...more,
  });
  const order = [
    text("orderId", "The id of the order."),
    text("state", "How far the order has got.", { enum: ["paid"] }),
    text("totalUsd", "What it cost", { type: "number" }),
  ];
  const api: ApiDescription = {
    target: "shop",
    title: "Shop",
    documented: true,
    auth: [],
    operations: [
      { method: "POST", path: "/orders", secured: true, summary: "Check out", fields: order },
      {
        method: "GET",
        path: "/orders/{orderId}",
        secured: true,
        summary: "Show",
        fields: [text("orderId", "The order's id, as it was answered", { in: "path" }), ...order],
      },
    ],
  };
  const rendered = renderApi(api);
  expect(rendered).toBe(`## API shop: Shop
- POST /orders (auth) Check out
  answer orderId
  answer state <string; one of ["paid"]> How far the order has got.
  answer totalUsd <number> What it cost
- GET /orders/{orderId} (auth) Show
  path orderId The order's id, as it was answered
  answer as POST /orders`);
  expect(parseApi(rendered)[0]?.operations[1]?.fields.map(({ name }) => name)).toEqual([
    "orderId",
    "orderId",
    "state",
    "totalUsd",
  ]);
});

test("each kind tells how it is used, and reads back whole", () => {
  const apis: ApiDescription[] = [
    {
      target: "g",
      kind: "graphql",
      title: "G",
      documented: true,
      auth: [],
      operations: [
        {
          method: "query",
          path: "orders",
          signature: "(first: Int = 5): [Order!]!",
          secured: false,
          summary: "List orders",
          fields: [{ in: "body", name: "first", type: "integer", required: false, description: "How many" }],
        },
      ],
    },
    { target: "w", kind: "web", title: "W", documented: false, auth: [], operations: [] },
    {
      target: "m",
      kind: "mcp",
      title: "M",
      documented: true,
      auth: [],
      operations: [
        { method: "tool", path: "get-sum", reads: true, secured: false, summary: "Add up", fields: [] },
      ],
    },
  ];
  const text = apis.map((one) => renderApi(one)).join("\n\n");
  expect(parseApi(text)).toEqual(apis);
  expect(text).toContain(
    "- query orders List orders\n  signature (first: Int = 5): [Order!]!\n  argument first <integer> How many",
  );
  expect(text).toContain("- tool get-sum (reads) Add up");
});

test("descriptions over several lines become one", () => {
  const text = renderApi({
    target: "shop",
    title: "A\n shop",
    documented: true,
    auth: [],
    operations: [{ method: "GET", path: "/", secured: false, summary: "one\n two", fields: [] }],
  });
  expect(text).toBe("## API shop: A shop\n- GET / one two");
});
