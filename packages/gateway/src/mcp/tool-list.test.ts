import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { repairToolList } from "./tool-list.ts";

const list = (...tools: Json[]) => ({ jsonrpc: "2.0", id: 1, result: { tools } });

function repaired(...tools: Json[]): Json {
  const message = list(...tools);
  repairToolList(message);
  return message.result.tools;
}

const OPEN = { type: "object" };

test.each<[string, Json, Json]>([
  ["no schema", { name: "a" }, { name: "a", inputSchema: OPEN }],
  ["null as its schema", { name: "a", inputSchema: null }, { name: "a", inputSchema: OPEN }],
  ["true as its schema", { name: "a", inputSchema: true }, { name: "a", inputSchema: OPEN }],
  ["an empty schema", { name: "a", inputSchema: {} }, { name: "a", inputSchema: OPEN }],
  [
    "a schema without a type",
    { name: "a", inputSchema: { properties: { id: { type: "string" } } } },
    { name: "a", inputSchema: { properties: { id: { type: "string" } }, type: "object" } },
  ],
  [
    "null for what it may leave out",
    {
      name: "a",
      description: null,
      title: null,
      annotations: null,
      outputSchema: null,
      icons: null,
      _meta: null,
    },
    { name: "a", inputSchema: OPEN },
  ],
  [
    "texts and lists where objects are due",
    { name: "a", description: ["one"], annotations: "readOnly", outputSchema: [], icons: {} },
    { name: "a", inputSchema: OPEN },
  ],
  [
    "members of its schema that are of the wrong type",
    { name: "a", inputSchema: { required: "id", properties: { id: "string", n: { type: "number" } } } },
    { name: "a", inputSchema: { type: "object", properties: { id: {}, n: { type: "number" } } } },
  ],
  [
    "odd names among the required ones, and properties that are a list",
    { name: "a", inputSchema: { required: ["id", 4, null], properties: [] } },
    { name: "a", inputSchema: { type: "object", required: ["id"] } },
  ],
  [
    "hints and icons of the wrong type",
    {
      name: "a",
      annotations: { title: 3, readOnlyHint: "yes", destructiveHint: false, mood: "good" },
      icons: ["x", { src: "a.png" }, { mimeType: "image/png" }],
    },
    {
      name: "a",
      inputSchema: OPEN,
      annotations: { destructiveHint: false, mood: "good" },
      icons: [{ src: "a.png" }],
    },
  ],
])("a tool with %s is kept", (_, tool, expected) => {
  expect(repaired(tool, { name: "b", inputSchema: OPEN })).toEqual([
    expected,
    { name: "b", inputSchema: OPEN },
  ]);
});

test("a tool that nobody could call is left out, the others stay as they are", () => {
  const whole = {
    name: "search",
    title: "Search",
    description: "Searches.",
    inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
    outputSchema: { type: "object", properties: { hits: { type: "array" } } },
    annotations: { readOnlyHint: true },
    icons: [{ src: "a.png" }],
    _meta: { version: 1 },
  };
  expect(repaired(null, "search", 7, {}, { name: 5 }, structuredClone(whole))).toEqual([whole]);
});

test.each<Json>([
  null,
  "text",
  [],
  { jsonrpc: "2.0", method: "notifications/progress" },
  { jsonrpc: "2.0", id: 1, error: { code: -1, message: "no" } },
  { jsonrpc: "2.0", id: 1, result: null },
  { jsonrpc: "2.0", id: 1, result: { tools: "none" } },
  { jsonrpc: "2.0", id: 1, result: { content: [{ type: "text", text: "done" }] } },
])("any other message stays as it is: %j", (message) => {
  const before = structuredClone(message);
  repairToolList(message);
  expect(message).toEqual(before);
});
