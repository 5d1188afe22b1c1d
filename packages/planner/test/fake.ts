import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { type Random, randomFrom } from "@ape/core/lib/random";
import type { ApiAuth, ApiDescription, ApiField, ApiOperation } from "@ape/core/protocol/api";
import { isMethod, parseOperation } from "@ape/core/protocol/operations/operation";
import { RouteTable, templateValues } from "@ape/core/protocol/operations/route-table";
import type { FakeAnswer, FakeCall } from "./session.ts";

export interface Handled {
  params: Record<string, string>;
  query: Record<string, string>;
  data: JsonObject;
}

type Handler = (call: Handled) => FakeAnswer;

/** An API in memory: its description, and what answers. */
export interface Fake {
  api: ApiDescription;
  answer(call: FakeCall): FakeAnswer;
}

/** A field in short: `body id string! The id.`, with `!` for required and traits behind it. */
export function field(
  place: ApiField["in"],
  name: string,
  type: string,
  description: string,
  traits: Partial<ApiField> = {},
): ApiField {
  return {
    in: place,
    name,
    type: type.replace("!", ""),
    required: type.endsWith("!"),
    description,
    ...traits,
  };
}

/** An answer of a handler. */
export const reply = (status: number, body: Json): FakeAnswer => ({ status, body });

/** An operation; those whose key ends with `*` need a login. */
export function operation(key: string, summary: string, fields: ApiField[]): ApiOperation {
  const ref = parseOperation(key.replace("*", ""));
  if (ref === undefined) throw new Error(`no operation: ${key}`);
  return { method: ref.method, path: ref.template, summary, fields, secured: key.endsWith("*") };
}

/**
 * Makes an API of operations and handlers. A handler answers 401 by itself where it wants to.
 * `disturb` may answer in place of a handler; it gets the operation and how often it was called, from 1. With
 * `after: true` the handler has done its work, and only its answer is lost.
 */
export function fake(
  target: string,
  operations: ApiOperation[],
  handlers: Record<string, Handler>,
  disturb: (operation: string, count: number) => (FakeAnswer & { after?: boolean }) | undefined = () =>
    undefined,
  auth: ApiAuth[] = [{ type: "bearer" }],
): Fake {
  const api: ApiDescription = { target, title: `The ${target}`, documented: true, auth, operations };
  const routes = new RouteTable();
  for (const { method, path } of operations) if (isMethod(method)) routes.add(method, path);
  const counts = new Map<string, number>();
  return {
    api,
    answer({ method, path, query, data }) {
      const template = routes.match(method, path);
      const key = `${method} ${template ?? path}`;
      const handler = handlers[key];
      if (template === undefined || handler === undefined)
        return { status: 404, body: { message: "no such path" } };
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      const disturbed = disturb(key, count);
      if (disturbed !== undefined && disturbed.after !== true) return disturbed;
      const params = templateValues(template, path);
      const answer = handler({ params, query, data: isJsonObject(data) ? data : {} });
      return disturbed ?? answer;
    },
  };
}

function nonsense(random: Random, used: Set<string>): string {
  for (;;) {
    let word = "";
    for (let i = 0; i < 3; i += 1)
      word += `${"bdfgklmnprstvz"[Math.floor(random() * 14)]}${"aeiou"[Math.floor(random() * 5)]}`;
    if (used.has(word)) continue;
    used.add(word);
    return word;
  }
}

/** The same API with every path and field renamed to nonsense, in its description and in what it takes and gives. */
export function renamedFake({ api, answer }: Fake, seed: number): Fake {
  const random = randomFrom(seed);
  const used = new Set<string>();
  const there = new Map<string, string>();
  const back = new Map<string, string>();
  const word = (old: string): string => {
    if (!/[a-z]/i.test(old)) return old;
    let fresh = there.get(old);
    if (fresh === undefined) {
      fresh = nonsense(random, used);
      there.set(old, fresh);
      back.set(fresh, old);
    }
    return fresh;
  };
  const name = (old: string) =>
    old
      .split(/(\.|\[\])/)
      .map((part) => (/^(?:\.|\[\])$/.test(part) ? part : word(part)))
      .join("");
  const path = (old: string) =>
    old
      .split("/")
      .map((part) => (part.startsWith("{") ? `{${word(part.slice(1, -1))}}` : word(part)))
      .join("/");
  const keys = (value: Json, map: ReadonlyMap<string, string>): Json => {
    if (Array.isArray(value)) return value.map((item) => keys(item, map));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [map.get(key) ?? key, keys(inner, map)]),
    );
  };
  const operations = api.operations.map((old) => ({
    ...old,
    path: path(old.path),
    fields: old.fields.map((one) => ({ ...one, name: name(one.name) })),
  }));
  return {
    api: { ...api, operations },
    answer(call) {
      const got = answer({
        ...call,
        path: call.path
          .split("/")
          .map((part) => back.get(part) ?? part)
          .join("/"),
        query: keys(call.query, back) as Record<string, string>,
        data: call.data === undefined ? undefined : keys(call.data, back),
      });
      return got.body === undefined ? got : { ...got, body: keys(got.body, there) };
    },
  };
}
