import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Json } from "@ape/core/lib/json";
import type { ApiDescription, ApiField } from "@ape/core/protocol/api";
import { type FieldNode, fieldTree } from "@ape/core/protocol/fields/field-tree";
import { type HttpMethod, isMethod } from "@ape/core/protocol/operations/operation";
import { RouteTable } from "@ape/core/protocol/operations/route-table";

/** Items of every list in the stub's answers. */
const ITEMS = 10;

/** A server that answers every operation of a description with values for the fields that its answer is documented to have. */
export async function startDocumentStub(
  describe: () => ApiDescription,
): Promise<{ url: string; close(): Promise<void> }> {
  let answers: Map<string, string> | undefined;
  let routes: RouteTable | undefined;
  const prepare = (): void => {
    const { operations } = describe();
    routes = new RouteTable();
    for (const { method, path } of operations) if (isMethod(method)) routes.add(method, path);
    answers = new Map(operations.map(({ method, path, fields }) => [`${method} ${path}`, answerOf(fields)]));
  };
  const server = createServer((request, response) => {
    if (routes === undefined) prepare();
    request.resume();
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const method = request.method ?? "GET";
    const template = isMethod(method as HttpMethod) ? routes?.match(method as HttpMethod, path) : undefined;
    const body = answers?.get(`${method} ${template}`);
    response.statusCode = body === undefined ? 404 : method === "POST" ? 201 : 200;
    response.setHeader("content-type", "application/json");
    response.end(body ?? '{"message":"Not Found"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const answerOf = (fields: readonly ApiField[]): string =>
  JSON.stringify(sampleOf(fieldTree(fields.filter((field) => field.in === "answer")), 1));

function sampleOf({ field, items, properties }: FieldNode, number: number): Json {
  if (items !== undefined) return Array.from({ length: ITEMS }, (_, index) => sampleOf(items, index + 1));
  if (properties.size > 0)
    return Object.fromEntries([...properties].map(([name, node]) => [name, sampleOf(node, number)]));
  return field === undefined ? {} : sampleOfField(field, number);
}

function sampleOfField({ name, type, enum: choices, format }: ApiField, number: number): Json {
  if (choices !== undefined) return choices[0] as Json;
  if (type === "integer" || type === "number") return number;
  if (type === "boolean") return true;
  if (type === "object") return {};
  if (type === "array" || type.endsWith("[]")) return [];
  if (format === "date-time") return `2026-01-${String(number).padStart(2, "0")}T12:00:00Z`;
  return `${name.split(".").at(-1)}-${number}`;
}
