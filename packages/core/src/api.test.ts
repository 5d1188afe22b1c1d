import fc from "fast-check";
import { expect, test } from "vitest";
import { type ApiDescription, type ApiField, parseApi, renderApi } from "./api.ts";

const word = fc.stringMatching(/^[a-z][a-zA-Z]{0,9}$/);
const prose = fc
  .array(fc.stringMatching(/^[A-Za-z0-9,.()"'$%-]{1,8}$/), { maxLength: 8 })
  .map((words) => words.join(" "));
const json = fc.jsonValue({ maxDepth: 1 }).filter((value) => !JSON.stringify(value).includes(">"));
const plain = (value: unknown): never => JSON.parse(JSON.stringify(value)) as never;

const field: fc.Arbitrary<ApiField> = fc
  .record({
    in: fc.constantFrom("path", "query", "header", "body", "answer"),
    name: fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("[].")),
    type: fc.constantFrom("string", "number", "integer", "boolean", "string[]", "object[]"),
    required: fc.boolean(),
    description: prose,
    format: fc.option(word, { nil: undefined }),
    enum: fc.option(fc.array(json, { minLength: 1, maxLength: 4 }), { nil: undefined }),
    example: fc.option(json, { nil: undefined }),
    minimum: fc.option(fc.integer(), { nil: undefined }),
    maximum: fc.option(fc.integer(), { nil: undefined }),
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

test("a model can be told an API and it reads back whole", () => {
  fc.assert(
    fc.property(fc.array(api, { maxLength: 3 }), (apis) => {
      const text = `You are an agent.\n\n${apis.map(renderApi).join("\n\n")}\n\nThat is all.`;
      expect(parseApi(text)).toEqual(apis);
    }),
  );
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
  const text = apis.map(renderApi).join("\n\n");
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
