import { type ApiDescription, type ApiField, type ApiOperation, renderApi } from "@ape/core/protocol/api";
import { operationTools } from "@ape/core/protocol/operations/operation-tools";
import { promptTools } from "@ape/core/protocol/operations/prompt-tools";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseApi } from "./api-reader.ts";
import { readOperationTools } from "./tool-reader.ts";

/** Without the letters of the descriptions below, so that no name says what they say. */
const word = fc.stringMatching(/^[a-pr-y][a-pr-yA-PR-Y]{2,8}$/);
const plain = (value: unknown): never => JSON.parse(JSON.stringify(value)) as never;
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** A field whose description its name does not say, short enough to be shown whole. */
const field = (place: ApiField["in"], name: fc.Arbitrary<string>): fc.Arbitrary<ApiField> =>
  fc
    .record({
      in: fc.constant(place),
      name,
      type: fc.constantFrom("string", "number", "integer", "boolean", "string[]", "integer[]"),
      required: place === "path" ? fc.constant(true) : fc.boolean(),
      description: fc.constantFrom("", "Zzz, qqq"),
      format: some(fc.constantFrom("date", "email", "password", "x-y")),
      enum: some(fc.array(fc.oneof(word, fc.integer()), { minLength: 1, maxLength: 3 })),
      minimum: some(fc.integer()),
      exclusiveMaximum: some(fc.integer()),
      multipleOf: some(fc.constantFrom(1, 0.01, 5)),
      maxLength: some(fc.nat()),
      pattern: some(fc.string({ unit: "binary-ascii" })),
      maxItems: some(fc.nat()),
      uniqueItems: fc.constantFrom(true, undefined),
      nullable: fc.constantFrom(true, undefined),
      example: some(fc.oneof(word, fc.integer())),
    })
    .map(plain);

const operation: fc.Arbitrary<ApiOperation> = fc
  .uniqueArray(word, { minLength: 6, maxLength: 6 })
  .chain((names) => {
    const at = (index: number) => fc.constant(names[index] as string);
    const holder: ApiField = { in: "body", name: "list", type: "array", required: true, description: "" };
    return fc.record({
      method: fc.constantFrom("GET", "POST", "PUT"),
      path: fc.constant(`/x/{${names[0]}}`),
      secured: fc.boolean(),
      summary: fc.constantFrom("", "Do it"),
      fields: fc
        .tuple(
          field("path", at(0)),
          fc.array(field("query", fc.constantFrom(names[1] as string, "data", "headers")), { maxLength: 1 }),
          fc.array(field("header", at(2)), { maxLength: 1 }),
          fc.array(field("cookie", at(3)), { maxLength: 1 }),
          fc.array(field("body", at(4)), { maxLength: 1 }),
          fc.array(
            field(
              "body",
              at(5).map((name) => `list[].${name}`),
            ),
            { maxLength: 1 },
          ),
        )
        .map(([path, query, header, cookie, body, inner]) => [
          path,
          ...query,
          ...header,
          ...cookie,
          ...body,
          ...(inner.length === 0 ? [] : [holder, ...inner]),
        ]),
    });
  }) as fc.Arbitrary<ApiOperation>;

test("what the tools of operations take reads back whole", () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 3 }), (operations) => {
      const api: ApiDescription = {
        target: "shop",
        title: "The shop",
        documented: true,
        auth: [{ type: "bearer" }],
        operations,
      };
      const tools = operationTools([api]);
      const names = new Map(tools.map((tool) => [tool.operation, tool.definition.function.name]));
      const offered = readOperationTools(promptTools(tools));
      const [read] = parseApi(renderApi(api, names), offered);
      // Where a summary says nothing, method and path speak.
      expect(read?.operations.map(({ tool: _, ...one }) => one)).toEqual(
        operations.map((one) => ({ ...one, summary: one.summary || (expect.any(String) as string) })),
      );
    }),
  );
});

test.each([
  ["POST", "/messages", "Create a message", "create messages"],
  ["PUT", "/labels/{label}", "Update the labels", "update labels"],
  ["POST", "/search", "Search", "Search"],
  ["GET", "/orders/{id}", "", "show orders"],
  ["GET", "/orders", "List the orders", "list orders"],
] as const)(
  "a summary of %s %s that is left out reads back in its words",
  (method, path, summary, wanted) => {
    const operations: ApiOperation[] = [{ method, path, summary, secured: false, fields: [] }];
    const tools = operationTools([{ target: "a", title: "A", documented: true, auth: [], operations }]);
    const [read] = readOperationTools(promptTools(tools)).values();
    expect(read?.summary).toBe(wanted);
  },
);

const answer = (name: string, type: string, more: Partial<ApiField> = {}): ApiField => ({
  in: "answer",
  name,
  type,
  required: false,
  description: "",
  ...more,
});

test("the fields of an answer are a short line, and read back", () => {
  const fields = [
    answer("id", "string", { description: "The id of the order" }),
    answer("state", "string", { enum: ["open", "paid"] }),
    answer("lines", "array"),
    answer("lines[].odd name", "string"),
    answer("lines[].owner", "object"),
    answer("lines[].owner.total", "number"),
    answer("tags", "array"),
    answer("meta", "object"),
    answer("at", "string", { format: "date-time" }),
    answer("grid", "array"),
    answer("grid[][].x", "integer"),
  ];
  const operations: ApiOperation[] = ["GET", "POST"].map((method) => ({
    method: method as "GET",
    path: "/orders",
    secured: method === "POST",
    summary: "",
    fields,
  }));
  const api: ApiDescription = { target: "a", title: "A", documented: true, auth: [], operations };
  const tools = operationTools([api]);
  const names = new Map(tools.map((tool) => [tool.operation, tool.definition.function.name]));
  const text = renderApi(api, names);
  expect(text).toBe(`## API a: A
- get_orders -> id (id of order), state="open"|"paid", lines[]{"odd name", owner{total:num}}, tags[], meta{}, at:date-time, grid[][]{x:int}
- post_orders (auth) -> as get_orders`);
  const read = parseApi(text, readOperationTools(tools.map(({ definition }) => definition)));
  const shown = fields.map((one) => (one.name === "id" ? { ...one, description: "id of order" } : one));
  expect(read[0]?.operations.map((one) => one.fields)).toEqual([shown, shown]);
});

test("of a large answer what tells things apart is shown, and what other operations need", () => {
  const noise = Array.from({ length: 30 }, (_, index) => answer(`remark${index}x`, "string"));
  const operations: ApiOperation[] = [
    {
      method: "GET",
      path: "/orders/{wanted}",
      secured: false,
      summary: "",
      fields: [
        { ...answer("wanted", "string"), in: "path", required: true },
        ...noise,
        answer("orderId", "string"),
        answer("status", "string"),
        answer("wanted", "string"),
        answer("price", "number"),
      ],
    },
  ];
  const api: ApiDescription = { target: "a", title: "A", documented: true, auth: [], operations };
  const names = new Map(operationTools([api]).map((tool) => [tool.operation, "show"]));
  const line = renderApi(api, names).split("\n").at(-1) ?? "";
  expect(line).toMatch(/orderId, status, wanted, price:num$/);
  expect(line.split(", ")).toHaveLength(12);
});
