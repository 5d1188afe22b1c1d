import type { ApiField, ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { apiField } from "../../test/api-field.ts";
import { weightedTokens } from "../words/words.ts";
import { condense } from "./condense.ts";

const answer = (name: string, description = ""): ApiField => apiField("answer", name, { description });

const operation = (fields: ApiField[]): ApiOperation => ({
  method: "POST",
  path: "/runs",
  summary: "Create a run",
  fields,
  secured: false,
});

const cost = ({ fields }: ApiOperation): number => fields.length;

test("the own id of what an operation makes stays, however many fields the goal's words mention", () => {
  for (const id of ["id", "data.id", "items[].id", "uuid"]) {
    const many = Array.from({ length: 40 }, (_, index) => answer(`run_name_${index}`, "The name of the run"));
    const { fields } = condense(operation([...many, answer(id)]), weightedTokens("run name"), 4, cost);
    expect(fields.map(({ name }) => name)).toContain(id);
    expect(fields.length).toBeLessThanOrEqual(4);
  }
});

test("the id of a thing further inside does not go before what the goal mentions", () => {
  const fields = [
    answer("a.b.c.id"),
    ...["state", "total", "name"].map((name) => answer(name, "Of the run")),
  ];
  const kept = condense(operation(fields), weightedTokens("run"), 3, cost).fields.map(({ name }) => name);
  expect(kept).not.toContain("a.b.c.id");
});

test("required inputs stay; an operation that costs no more is the same", () => {
  const input: ApiField = { ...answer("flow_id"), in: "body", required: true };
  const small = operation([input]);
  expect(condense(small, new Map(), 1, cost)).toBe(small);
  const { fields } = condense(
    operation([input, ...Array.from({ length: 20 }, (_, n) => answer(`x${n}`))]),
    new Map(),
    4,
    cost,
  );
  expect(fields).toContain(input);
});

test("a price in an object and its currency go before ids and pictures of parts that the goal's words are in", () => {
  const kept = condense(
    operation(
      [
        "items[].productId",
        "items[].productAsset.id",
        "items[].productAsset.preview",
        "items[].productGroup.id",
        "items[].productGroup.text",
        "items[].price.value",
        "items[].currencyCode",
      ].map((name) => answer(name)),
    ),
    weightedTokens("product"),
    3,
    cost,
  ).fields.map(({ name }) => name);
  expect(kept).toEqual(["items[].productId", "items[].price.value", "items[].currencyCode"]);
});

const body = (name: string, more: Partial<ApiField> = {}): ApiField => ({
  ...answer(name),
  in: "body",
  ...more,
});
const kept = (fields: ApiField[], words: string, most: number): string[] =>
  condense(operation(fields), weightedTokens(words), most, cost).fields.map(({ name }) => name);

test.each<[string, string[], string[]]>([
  ["an own id before a currency", ["currencyCode", "id"], ["id", "currencyCode"]],
  ["a currency before a state", ["orderState", "currency"], ["currency", "orderState"]],
  ["a state before the id of a part", ["ownerId", "status"], ["status", "ownerId"]],
  ["an amount before the id of a part", ["ownerId", "price"], ["price", "ownerId"]],
  ["what is available before the id of a part", ["ownerId", "in_stock"], ["in_stock", "ownerId"]],
  ["the id of a part before a name", ["name", "ownerId"], ["ownerId", "name"]],
  ["a name before another field", ["colour", "title"], ["title", "colour"]],
  ["any field before a link", ["self_url", "colour"], ["colour", "self_url"]],
  ["any field before the name of a type", ["__typename", "colour"], ["colour", "__typename"]],
  ["an outer field before one within a part", ["part.colour", "colour"], ["colour", "part.colour"]],
])("of an answer %s stays", (_, [first = "", second = ""], [best]) => {
  const others = Array.from({ length: 6 }, (__, n) => answer(`a.b.c.d.x${n}`));
  for (const fields of [
    [answer(first), answer(second)],
    [answer(second), answer(first)],
  ])
    for (let most = 3; most > 0; most -= 1) {
      const names = kept([...fields, ...others], "", most);
      if (!names.includes(first) || !names.includes(second)) expect(names).toContain(best);
    }
  const many = Array.from({ length: 3 }, (__, n) => answer(best ?? "", `${n}`));
  expect(kept([answer(best === first ? second : first), ...many], "", 3)).toEqual([best, best, best]);
});

test("objects and lists go before their fields, errors of a union stay", () => {
  const shape = (name: string, more: Partial<ApiField>): ApiField => ({ ...answer(name), ...more });
  expect(
    kept(
      [shape("a", { type: "object" }), shape("b", { type: "array" }), answer("c"), answer("d"), answer("e")],
      "",
      3,
    ),
  ).toEqual(["c", "d", "e"]);
  const union = [
    answer("x"),
    answer("y"),
    answer("z"),
    shape("message", { onTypes: [{ at: "", types: ["Fault"] }] }),
  ];
  expect(kept(union, "", 3)).toContain("message");
  expect(kept([answer("x"), answer("y"), answer("z"), answer("message")], "", 3)).toEqual(["x", "y", "z"]);
});

test("of optional inputs those stay that the words mention, ids before others, outer before inner", () => {
  const inputs = ["colour", "weight", "size", "note", "kind", "ownerId"].map((name) => body(name));
  expect(kept(inputs, "weight and size", 3)).toEqual(["weight", "size", "ownerId"]);
  expect(kept([...inputs, body("a.b.c"), body("d")], "d", 3)).toContain("d");
  expect(kept(inputs, "", 0)).toEqual([]);
  // A description counts less than a name.
  const told = [body("a", { description: "the weight" }), body("b"), body("c"), body("d"), body("weight")];
  expect(kept(told, "weight", 3)).toEqual(["a", "b", "weight"]);
});

test("the inputs of an object stay together: itself, its required ones, and the best four of all", () => {
  const parts = ["one", "two", "three", "four", "five", "six"].map((name) => body(`address.${name}`));
  const whole = [
    body("address", { type: "object" }),
    ...parts,
    body("address.zip", { required: true }),
    ...Array.from({ length: 20 }, (_, n) => answer(`x${n}`)),
  ];
  const names = kept(whole, "six", 14);
  expect(names.filter((name) => name.startsWith("address"))).toEqual([
    "address",
    "address.one",
    "address.two",
    "address.six",
    "address.zip",
  ]);
});

test("the mildest cut that suffices is taken", () => {
  const inputs = Array.from({ length: 30 }, (_, n) => body(`i${n}`));
  const answers = Array.from({ length: 30 }, (_, n) => answer(`a${n}`));
  for (const [most, counts] of [
    [59, [24, 16]],
    [40, [24, 16]],
    [39, [16, 12]],
    [28, [16, 12]],
    [27, [10, 8]],
    [17, [6, 6]],
    [11, [3, 4]],
    [6, [0, 3]],
    [1, [0, 3]],
  ] as const) {
    const names = kept([...inputs, ...answers], "", most);
    expect(
      [
        names.filter((name) => name.startsWith("i")).length,
        names.filter((name) => name.startsWith("a")).length,
      ],
      String(most),
    ).toEqual(counts);
  }
});

test("twelve required inputs of at most three levels stay where even they are too many", () => {
  const inputs = Array.from({ length: 14 }, (_, n) => body(`i${n}`, { required: true }));
  expect(kept(inputs, "", 1)).toHaveLength(12);
  expect(kept([{ ...body("id"), in: "path" }, ...inputs], "", 1)).toHaveLength(13);
  const deep = [body("a.b.c", { required: true }), body("a.b.c.d", { required: true })];
  expect(kept(deep, "", 1)).toEqual(["a.b.c"]);
});
