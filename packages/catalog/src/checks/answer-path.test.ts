import type { ApiField, ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import { answerPath, entryPath } from "./answer-path.ts";

const answer = (name: string): ApiField => ({
  in: "answer",
  name,
  type: "string",
  required: false,
  description: "",
});
function operation(method: ApiOperation["method"], path: string, ...names: string[]) {
  const operations = [{ method, path, summary: "", fields: names.map(answer), secured: false }];
  const catalog = new OperationCatalog([{ target: "a", title: "", documented: true, auth: [], operations }]);
  const [first] = catalog.operations;
  if (first === undefined) throw new Error("the operation is missing");
  return first;
}

test.each([
  ["GET", "/a", "id", "$.id"],
  ["GET", "/a", "order.line id", "$.order['line id']"],
  ["GET", "/a", "it's\\so", "$['it\\'s\\\\so']"],
  ["GET", "/a", "1st", "$['1st']"],
  ["tool", "read_a", "_id2", "$._id2"],
  ["query", "order", "id", "$.data.order.id"],
  ["mutation", "add-order", "id", "$.data['add-order'].id"],
] as const)("in the answer of %s %s, %s is at %s", (method, path, name, wanted) => {
  expect(answerPath(operation(method, path), { name })).toBe(wanted);
});

test.each([
  ["GET", "/a", ["items[].id"], "$.items[?@.id=='{order}'].state"],
  ["GET", "/a", ["[].id"], "$[?@.id=='{order}'].state"],
  ["query", "orders", ["[].id"], "$.data.orders[?@.id=='{order}'].state"],
] as const)("the entry of a list of %s %s with %j is at %s", (method, path, names, wanted) => {
  expect(entryPath(operation(method, path, ...names), "id", "{order}", "state")).toBe(wanted);
});
