import { expect, test } from "vitest";
import type { ApiDescription, ApiField } from "../api.ts";
import { flatBody, hasFlatBody, takesQueryOnly } from "./flat-body.ts";
import { operationTools } from "./operation-tools.ts";
import { promptTools } from "./prompt-tools.ts";

const field = (place: ApiField["in"], name: string, more: Partial<ApiField> = {}): ApiField => ({
  in: place,
  name,
  type: "string",
  required: true,
  description: "",
  ...more,
});

function toolOf(
  method: string,
  path: string,
  fields: readonly ApiField[],
  more: { openBody?: boolean; needsBody?: boolean } = {},
) {
  const api = {
    target: "shop",
    title: "",
    documented: true,
    auth: [],
    operations: [{ method, path, summary: "", secured: false, fields, ...more }],
  } as unknown as ApiDescription;
  const [tool] = operationTools([api]);
  if (tool === undefined) throw new Error("no tool");
  return tool;
}

const shown = (tool: ReturnType<typeof toolOf>) => promptTools([tool])[0]?.function;

test("the fields of a body stand among the other arguments of a prompt's tool", () => {
  const tool = toolOf("PUT", "/carts/{cartId}", [
    field("path", "cartId"),
    field("body", "note", { required: false }),
    field("body", "product"),
  ]);
  expect(shown(tool)?.parameters).toEqual({
    type: "object",
    properties: { cartId: { type: "string" }, note: { type: "string" }, product: { type: "string" } },
    required: ["cartId", "product"],
  });
  expect(tool.definition.function.parameters.properties).toHaveProperty("data");
});

test.each([
  ["a field has the name of a path parameter", "POST", "/a/{id}", [field("path", "id"), field("body", "id")]],
  ["a field is called headers", "POST", "/a", [field("body", "headers")]],
  ["a field is called data", "POST", "/a", [field("body", "data")]],
  ["there are query parameters", "POST", "/a", [field("query", "dry"), field("body", "id")]],
  ["the method has no body as a rule", "DELETE", "/a", [field("body", "id")]],
  ["the body is a list", "POST", "/a", [field("body", "[].id")]],
])("the body stays under data: %s", (_, method, path, fields) => {
  const tool = toolOf(method, path, fields);
  expect(flatBody(tool)).toBeUndefined();
  expect(shown(tool)?.parameters.properties).toHaveProperty("data");
});

test("a body with any fields stays under data", () => {
  expect(flatBody(toolOf("POST", "/a", [field("body", "id")], { openBody: true }))).toBeUndefined();
});

test("where a method with a body takes a query alone, the path says so", () => {
  const tool = toolOf("POST", "/searches", [field("query", "words")]);
  expect(takesQueryOnly(tool)).toBe(true);
  expect(shown(tool)?.description).toBe("POST /searches?");
  const read = toolOf("GET", "/searches", [field("query", "words")]);
  expect(takesQueryOnly(read)).toBe(false);
  expect(shown(read)?.description).toBe("GET /searches");
});

test("only methods with a body have its fields as arguments", () => {
  expect(hasFlatBody("POST", { id: {} })).toBe(true);
  expect(hasFlatBody("POST", { data: {} })).toBe(false);
  expect(hasFlatBody("GET", { id: {} })).toBe(false);
  expect(hasFlatBody("DELETE", { id: {} })).toBe(false);
});

test("where no argument is needed, none is said to be", () => {
  const tool = toolOf("POST", "/a", [field("body", "note", { required: false })]);
  expect(shown(tool)?.parameters).not.toHaveProperty("required");
});
