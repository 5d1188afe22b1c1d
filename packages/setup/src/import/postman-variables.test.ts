import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { PostmanVariables } from "./postman-variables.ts";

function variables(...lists: Json[]): PostmanVariables {
  const made = new PostmanVariables();
  for (const list of lists) made.add(list);
  return made;
}
const one = (key: string, value: Json, more: object = {}): Json => ({ key, value, ...more });

test.each<[list: Json, text: string, filled: string]>([
  [[one("a", "x")], "{{a}}/{{ a }}", "x/x"],
  [[one("a", 5)], "{{a}}", "5"],
  [[{ id: "a", value: "x" }], "{{a}}", "x"],
  [[one("a", "x", { id: "b" })], "{{a}}{{b}}", "x{b}"],
  [[one("a", "x", { enabled: false })], "{{a}}", "{a}"],
  [[one("a", "x", { disabled: true })], "{{a}}", "{a}"],
  [[one("a", "x", { enabled: true, disabled: false })], "{{a}}", "x"],
  [[one("a", "")], "{{a}}", "{a}"],
  [[one("a", null)], "{{a}}", "{a}"],
  [[one("a", "{{b}}1"), one("b", "{{c}}2"), one("c", "3")], "{{a}}", "321"],
  [[one("a", "{{a}}")], "{{a}}", "{a}"],
  ["none", "{{a}}", "{a}"],
  [[7, "x"], "{{a}}", "{a}"],
  [[], "/orders/:id/lines/:line_2?x=:y", "/orders/{id}/lines/{line_2}?x=:y"],
  [[], "{{}} {a} {{{b}}}", "{{}} {a} {{b}}"],
])("with %j the text %j becomes %j", (list, text, filled) => {
  expect(variables(list).fill(text)).toBe(filled);
});

test("later values replace earlier ones", () => {
  expect(variables([one("a", "x"), one("b", "y")], [one("a", "z")]).fill("{{a}}{{b}}")).toBe("zy");
});

test("names without a value are noted, and told for a text", () => {
  const own = variables([one("a", "x"), one("b", "")]);
  expect(own.unknownIn("{{a}} {{ b }} {{c}}")).toEqual(["b", "c"]);
  expect([...own.unknown]).toEqual([]);
  own.fill("{{a}} {{ b }} {{c}}");
  expect([...own.unknown]).toEqual(["b", "c"]);
});

test("values within values, and texts, have bounds", () => {
  const doubling = Array.from({ length: 30 }, (_, index) =>
    one(`v${index}`, `{{v${index + 1}}}{{v${index + 1}}}`),
  );
  expect(variables([...doubling, one("v30", "x")]).fill("{{v0}}").length).toBeLessThanOrEqual(100_000);
  const chain = Array.from({ length: 12 }, (_, index) => one(`v${index}`, `{{v${index + 1}}}`));
  expect(variables([...chain, one("v12", "x")]).fill("{{v0}}")).toBe("{v10}");
  expect(variables([...chain.slice(3), one("v12", "x")]).fill("{{v3}}")).toBe("x");
  expect(variables([]).fill("x".repeat(100_001))).toHaveLength(100_000);
});

test.each<[url: Json | undefined, address: string]>([
  ["http://x/a", "http://x/a"],
  [5, "5"],
  [null, ""],
  [undefined, ""],
  [{ raw: "{{base}}/a" }, "{{base}}/a"],
  [{ raw: " ", host: "x" }, "x"],
  [{ host: ["shop", "example"], path: ["a", "b"] }, "shop.example/a/b"],
  [{ protocol: "https", host: "x", port: "81", path: "/a" }, "https://x:81/a"],
  [{ protocol: "https://", host: ["x"], port: "" }, "https://x"],
  [{ protocol: "https:", host: ["{{base}}"], path: [""] }, "{{base}}"],
  [
    {
      host: "x",
      query: [
        { key: "a", value: "1" },
        { key: "b", value: null },
        { key: "c", value: "2", disabled: true },
      ],
    },
    "x?a=1&b=",
  ],
  [{ host: [{ value: "x" }, "y"], path: [{ value: ":id" }, {}] }, "x.y/:id/"],
  [{ path: ["a"] }, ""],
  [{ host: [] }, ""],
])("%j is the address %j", (url, address) => {
  expect(variables([]).address(url)).toBe(address);
});
