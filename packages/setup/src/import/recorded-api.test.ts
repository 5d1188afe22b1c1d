import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { describeRecording, type RecordedOperation } from "./recorded-api.ts";
import { entriesOf, objectOf, pairsOf, parseImportedJson, plainText } from "./recorded-value.ts";

const recorded = (operation: string, more: Partial<RecordedOperation> = {}): RecordedOperation => ({
  operation,
  words: "look",
  sent: [],
  answer: undefined,
  ...more,
});
const fieldsOf = (answer: Json): string[] =>
  describeRecording([recorded("GET /a", { answer })]).operations[0]?.fields.map(
    ({ in: place, name, type }) => `${place} ${name} ${type}`,
  ) ?? [];

test("an operation has the parameters of its path, what was sent, and what was answered", () => {
  expect(
    describeRecording([
      recorded("POST /orders/{id}/lines/{id2}", { sent: ["sku"], answer: { ok: true }, words: "order" }),
    ]),
  ).toEqual({
    target: "app",
    title: "",
    documented: true,
    auth: [],
    operations: [
      {
        method: "POST",
        path: "/orders/{id}/lines/{id2}",
        summary: "order",
        secured: false,
        fields: [
          { in: "path", name: "id", type: "string", required: true, description: "" },
          { in: "path", name: "id2", type: "string", required: true, description: "" },
          { in: "body", name: "sku", type: "string", required: false, description: "" },
          { in: "answer", name: "ok", type: "boolean", required: false, description: "" },
        ],
      },
    ],
  });
});

test.each<[Json, string[]]>([
  [
    { a: 1, b: "x", c: true, d: null },
    ["answer a number", "answer b string", "answer c boolean", "answer d string"],
  ],
  [[{ a: 1 }, { b: 2 }], ["answer [].a number"]],
  [{ items: [{ a: 1 }] }, []],
  [{ items: ["x"] }, ["answer items[] string"]],
  [{ a: { b: 1 } }, ["answer a.b number"]],
  [{ a: { b: { c: 1 } } }, []],
  [[], []],
  [["x"], ["answer [] string"]],
  ["x", []],
  [null, []],
])("the answer %j has %j", (answer, fields) => expect(fieldsOf(answer)).toEqual(fields));

test("of several calls of an operation the one that shows most counts; what is no method is left out", () => {
  const { operations } = describeRecording([
    recorded("GET /a", { sent: ["x"], words: "first" }),
    recorded("GET /a", { sent: ["x", "y"], words: "second" }),
    recorded("GET /a", { sent: ["z", "y"], words: "third" }),
    recorded("OPTIONS /a"),
    recorded("tool a"),
  ]);
  expect(operations.map(({ summary }) => summary)).toEqual(["second"]);
});

test("values of other tools' files are read as what they are", () => {
  expect(parseImportedJson('\uFEFF{"a":1}', "f")).toEqual({ a: 1 });
  expect(() => parseImportedJson("{", "shop.har")).toThrow(
    expect.objectContaining({
      code: "DATA_INVALID",
      message: "shop.har is no JSON",
      hint: expect.stringContaining("Export"),
    }),
  );
  expect([{ a: 1 }, [1], null, "x", undefined].map(objectOf)).toEqual([{ a: 1 }, {}, {}, {}, {}]);
  expect([{ a: 1 }, [1], null, undefined].map(entriesOf)).toEqual([[], [1], [], []]);
  expect(["x", 1, false, null, {}, undefined].map(plainText)).toEqual([
    "x",
    "1",
    "false",
    undefined,
    undefined,
    undefined,
  ]);
});

test("pairs are those with a name that are not switched off", () => {
  const list: Json = [
    { name: "a", value: "1" },
    { name: "b" },
    { name: "", value: "2" },
    { key: "c", value: "3" },
    { name: "d", value: "4", disabled: true },
    { name: "e", value: "5", enabled: false },
    { name: 6, value: 7 },
    "x",
  ];
  expect(pairsOf(list, "name")).toEqual({ a: "1", b: "", "6": "7" });
  expect(pairsOf(list, "key")).toEqual({ c: "3" });
  expect(pairsOf("x", "key")).toEqual({});
});
