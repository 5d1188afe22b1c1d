import type { Json, JsonObject } from "@ape/core/lib/json";
import { HTTP_TOOLS } from "@ape/core/protocol/tools";
import { Ajv } from "ajv";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fitToSchema } from "./argument-types.ts";
import { needNoRepair, repairHttpArguments } from "./usual-names.ts";

const tools = HTTP_TOOLS.map(({ function: { name, parameters } }) => ({
  name,
  parameters,
  accepts: new Ajv({ strict: false }).compile(parameters),
}));
const text = fc.oneof(
  fc.string(),
  fc.constantFrom("/a", "/a ", " /a", "{{next}}", "[1]", '{"a":1}', " [1]", "a=1&b=2", "7", "true"),
);
const value = fc.oneof(
  text,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(text),
  fc.dictionary(text, text),
);
const path = fc.oneof(
  text,
  fc.webPath().map((tail) => `/a${tail}`),
);
const query = fc.oneof(fc.dictionary(text, fc.oneof(text, fc.integer())), fc.dictionary(text, value), text);
const given = fc.oneof(
  fc.record({ path, query }, { requiredKeys: ["path"] }),
  fc.record({ path, query, api_name: text }, { requiredKeys: ["path"] }),
  fc.record({
    path,
    query,
    headers: fc.constantFrom<Json>({ authorization: "x" }, { accept: "y" }, null),
    data: value,
    params: fc.dictionary(text, text),
  }),
);

test("what needs no repair, and is accepted, would not be changed by any", () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.constantFrom(...tools), given, ({ name, parameters, accepts }, written) => {
      const args = written as JsonObject;
      if (!needNoRepair(args) || !accepts(args)) return;
      plain += 1;
      const repairs: string[] = [];
      const repaired = repairHttpArguments(name, args, undefined, (repair) => repairs.push(repair));
      expect(fitToSchema(repaired, parameters, () => repairs.push("type"))).toEqual(args);
      expect(repairs).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
  expect(plain).toBeGreaterThan(50);
});

test.each<[args: JsonObject, plain: boolean]>([
  [{ path: "/a" }, true],
  [{ path: "/a", query: { page: 2, tags: ["x"] }, api_name: "shop" }, true],
  [{ path: "/a " }, false],
  [{ path: "/a", query: { filter: ' {"a":1}' } }, false],
  [{ path: "/a", query: { ids: "[1,2]" } }, false],
  [{ path: "/a", data: "{}" }, false],
  [{ path: "/a", headers: { host: "other" } }, false],
])("%j needs no repair: %s", (args, plain) => {
  expect(needNoRepair(args)).toBe(plain);
});
