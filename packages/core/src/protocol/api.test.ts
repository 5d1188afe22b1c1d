import { expect, test } from "vitest";
import { type ApiDescription, type ApiField, type ApiOperation, renderApi } from "./api.ts";

const field = (place: ApiField["in"], name: string, more: Partial<ApiField> = {}): ApiField => ({
  in: place,
  name,
  type: "string",
  required: false,
  description: "",
  ...more,
});
const operation = (key: string, fields: ApiField[] = [], more: Partial<ApiOperation> = {}): ApiOperation => {
  const [method, path] = key.split(" ") as [ApiOperation["method"], string];
  return { method, path, summary: "", secured: false, fields, ...more };
};
const api = (operations: ApiOperation[], more: Partial<ApiDescription> = {}): ApiDescription => ({
  target: "shop",
  title: "The\n shop",
  documented: true,
  auth: [],
  operations,
  ...more,
});
/** The lines below the title. */
const lines = (operations: ApiOperation[], more: Partial<ApiDescription> = {}) =>
  renderApi(api(operations, more)).split("\n").slice(1);

test("a description begins with its target and title, and says how to log in", () => {
  const text = renderApi(
    api([], {
      auth: [{ type: "bearer" }, { type: "header", name: "X-Key" }] as never,
      leftOut: 7,
    }),
  );
  expect(text.split("\n")).toEqual([
    "## API shop: The shop",
    "auth: bearer",
    "auth: header X-Key",
    expect.stringMatching(
      /^7 further operations are not listed: .*find_operations.*call them with http_request\.$/,
    ),
  ]);
});

test("an API without a document is explored; other kinds have instructions of their own", () => {
  const [empty] = lines([], { documented: false });
  const [listed] = lines([operation("GET /a")], { documented: false });
  expect(empty).toBe("Not documented: explore with http_get, starting at /.");
  expect(listed).toMatch(/^Not documented: only the paths/);
  expect(lines([], { kind: "web", documented: false })[0]).toMatch(/^Web pages:/);
});

test("an operation has a line, and each of its fields another", () => {
  const fields = [
    field("path", "id", { required: true }),
    field("query", "size", { type: "integer", minimum: 1, maximum: 9, example: 3 }),
    field("query", "color", { example: "red", description: "Of  the\nroof" }),
    field("body", "note", { required: true, description: "What <b>is</b> said" }),
    field("body", "as"),
    field("body", "the name"),
    field("answer", "total", { type: "number", required: true, example: 3 }),
  ];
  expect(lines([operation("PUT /orders/{id}", fields, { summary: "Changes\n it", secured: true })])).toEqual([
    "- PUT /orders/{id} (auth) Changes it",
    "  path id",
    "  query size <integer; min 1; max 9>",
    '  query color <string; e.g. "red"> Of the roof',
    "  body note <string!> What <b>is</b> said",
    "  body as <string>",
    "  body the name <string>",
    "  answer total <number>",
  ]);
});

test("an example of a number without both bounds is shown, and a form's field is not required", () => {
  expect(
    lines([
      operation("POST /a", [
        field("body", "size", { type: "integer", minimum: 1, example: 3 }),
        field("body", "kind", { required: true, form: 1 }),
      ]),
    ]).slice(1),
  ).toEqual(["  body size <integer; min 1; e.g. 3>", "  body kind <string; of form 1>"]);
});

test("what was said of a field is not said again, and no answer is listed twice", () => {
  const answers = [field("answer", "id"), field("answer", "x", { description: "colour of roof" })];
  expect(
    lines([
      operation("GET /a", answers),
      operation("GET /b", answers),
      operation("GET /c", [field("query", "x", { description: "colour of roof" }), field("answer", "id")]),
      operation("GET /d", [field("query", "x", { description: "colour of wall" }), field("answer", "id")]),
    ]),
  ).toEqual([
    "- GET /a",
    "  answer id",
    "  answer x colour of roof",
    "- GET /b",
    "  answer as GET /a",
    "- GET /c",
    '  query x "',
    "  answer id",
    "- GET /d",
    "  query x colour of wall",
    "  answer id",
  ]);
});

test("an input of a query or a tool is an argument", () => {
  expect(
    lines(
      [
        operation("query orders", [field("body", "size")], {
          reads: true,
          signature: "orders(size:\n Int): X",
        }),
      ],
      {
        kind: "graphql",
      },
    ).slice(-3),
  ).toEqual(["- query orders (reads)", "  signature orders(size: Int): X", "  argument size"]);
});

test("an operation with a tool is one line with its answer", () => {
  const one = operation("GET /a", [field("query", "q"), field("answer", "id")], {
    secured: true,
    reads: true,
  });
  expect(renderApi(api([one]), new Map([[one, "list_a"]])).split("\n")[1]).toBe(
    "- list_a (auth) (reads) -> id",
  );
});
