import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ApiDescription, ApiField, ApiOperation } from "@ape/core/protocol/api";
import { isMethod } from "@ape/core/protocol/operations/operation";
import { RouteTable, templateValues } from "@ape/core/protocol/operations/route-table";
import type { Fake } from "./fake.ts";
import type { FakeAnswer } from "./session.ts";

const LISTED = 3;

/** A value for a field of the item of a list, or of the only one: numbers and ids differ from item to item. */
function exampleOf({ name, type, enum: values }: ApiField, at: number): Json {
  if (values !== undefined) return values[0] as Json;
  if (type === "boolean") return false;
  return type === "integer" ? 10 * (LISTED - at) : `${name.replaceAll(/.*[.\]]/g, "")}-${at + 1}`;
}

/** Puts a value where a name of the document leads: `items[].id`. */
function put(into: JsonObject, name: string, given: (at: number) => Json): void {
  const [, list, rest] = /^([^[]*)\[\]\.?(.*)$/.exec(name) ?? [];
  if (list === undefined || rest === undefined) {
    into[name] = given(0);
    return;
  }
  const items = (into[list] ?? Array.from({ length: LISTED }, () => ({}))) as JsonObject[];
  into[list] = items;
  for (const [at, item] of items.entries()) if (rest !== "") put(item, rest, () => given(at));
}

/** An API in which every operation succeeds: it answers with what was sent to it, and makes up the other fields. */
export function echo(
  api: ApiDescription,
  disturb: (operation: string, count: number) => FakeAnswer | undefined = () => undefined,
): Fake {
  const routes = new RouteTable();
  for (const { method, path } of api.operations) if (isMethod(method)) routes.add(method, path);
  const counts = new Map<string, number>();
  const known: JsonObject = {};
  const answerOf = ({ fields }: ApiOperation, sent: JsonObject): Json => {
    const body: JsonObject = {};
    Object.assign(known, sent);
    for (const field of fields.filter(({ in: where }) => where === "answer"))
      put(
        body,
        field.name,
        (at) => (field.name.includes("[]") ? undefined : known[field.name]) ?? exampleOf(field, at),
      );
    return body[""] ?? body;
  };
  return {
    api,
    answer({ method, path, data }) {
      const template = routes.match(method, path);
      const operation = api.operations.find((one) => one.method === method && one.path === template);
      if (template === undefined || operation === undefined)
        return { status: 404, body: { message: "no such path" } };
      const key = `${method} ${template}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      const disturbed = disturb(key, count);
      if (disturbed !== undefined) return disturbed;
      if (method === "DELETE") return { status: 204 };
      const sent = { ...(isJsonObject(data) ? data : {}), ...templateValues(template, path) };
      return { status: method === "POST" ? 201 : 200, body: answerOf(operation, sent) };
    },
  };
}
