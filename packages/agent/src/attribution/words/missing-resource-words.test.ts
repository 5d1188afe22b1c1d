import { expect, test } from "vitest";
import { type MissingWords, missingWords } from "./missing-resource-words.ts";

const SUBJECT = { value: "p7", names: ["product", "productId"], path: "/products/p7" };
const json = (value: unknown) => missingWords({ kind: "json", json: value as never, bytes: 1 }, SUBJECT);

test.each<[unknown, MissingWords]>([
  [{}, "silent"],
  [{ error: "not found" }, "silent"],
  [{ error: "Product not found" }, "named"],
  ["Product not found", "named"],
  [{ error: "No products with that id" }, "named"],
  [{ error: "p7 does not exist" }, "named"],
  [{ error: "p77 does not exist" }, "other"],
  [{ error: "P7 was not found" }, "named"],
  [{ error: "GET /products/p7 not found" }, "named"],
  [{ error: "productNotFound" }, "named"],
  [{ error: "PRODUCT_NOT_FOUND" }, "named"],
  [{ error: "line item not found" }, "other"],
  [{ error: "Product is archived" }, "other"],
  [{ error: "see https://help.example/why" }, "other"],
  [{ error: "not found: https://help.example/why" }, "silent"],
  [{ timestamp: "yesterday evening", path: "/somewhere/else", error: "not found" }, "silent"],
  [{ warehouse: "not found" }, "other"],
  [{ product: "not found" }, "named"],
  [{ message: "not found", warehouse: 7 }, "other"],
  [{ message: "not found", status: 404, success: false }, "silent"],
  [{ code: "product_not_found", message: "Nothing in the warehouse by that name" }, "named"],
  [{ code: "product_not_found", message: "It is no longer available" }, "other"],
  [{ code: "not_found", message: "Nothing in the warehouse" }, "other"],
  [{ errors: [{ message: "Product not found" }] }, "named"],
  [{ a: { b: { c: { message: "not found" } } } }, "silent"],
  [{ data: { error: { details: { reason: { text: "not found" } } } } }, "other"],
  [{ errors: Array.from({ length: 61 }, () => "not found") }, "other"],
  [{ errors: Array.from({ length: 60 }, () => "not found") }, "silent"],
])("%j is %s", (body, words) => {
  expect(json(body)).toBe(words);
});

test("the words of texts and pages count, those of other bodies do not", () => {
  expect(missingWords({ kind: "text", text: "Product not found" } as never, SUBJECT)).toBe("named");
  expect(missingWords({ kind: "page", page: { title: "404", text: "product" } } as never, SUBJECT)).toBe(
    "named",
  );
  expect(missingWords({ kind: "page", page: { title: "Warehouse", text: "404" } } as never, SUBJECT)).toBe(
    "other",
  );
  expect(missingWords({ kind: "empty" } as never, SUBJECT)).toBe("silent");
});

test.each(
  (
    "timestamp time_stamp httpStatus httpStatusCode http_status_code link links spanId helpUrl traceId moreInfo requestId apiVersion " +
    "statusCode correlation_id correlationId documentationUrl ok"
  ).split(" "),
)("a field %s describes nothing that is missing", (name) => {
  expect(json({ message: "Product not found", [name]: "warehouse" })).toBe("named");
});

test.each(["xok", "okx", "linked"])("a field %s does", (name) => {
  expect(json({ message: "Product not found", [name]: "warehouse" })).toBe("other");
});

test.each(
  (
    "error errors detail message messages errorcode errormessage errorType error_code statusText userMessage errorMessage errorDescription " +
    "developerMessage id"
  ).split(" "),
)("the name of a field %s says nothing", (name) => {
  expect(json({ [name]: "Product not found" })).toBe("named");
  expect(json({ said: "Product not found", [name]: 7 })).toBe(json({ said: "Product not found" }));
});

test.each(["xid", "idx"])("the name of a field %s says something", (name) => {
  expect(json({ [name]: "Product not found" })).toBe("other");
});

test.each<[unknown, MissingWords]>([
  [{ errorCode: "PRODUCT_NOT_FOUND", message: "Nothing in the warehouse" }, "named"],
  [{ error_type: "product.missing", message: "Nothing in the warehouse" }, "named"],
  [{ error_codes: "product.missing", message: "Nothing in the warehouse" }, "other"],
  [
    { code: `product_${"not_found_".repeat(7)}xx`.slice(0, 80), message: "Nothing in the warehouse" },
    "other",
  ],
  [{ code: "product not found", message: "Nothing in the warehouse" }, "other"],
  [{ code: "product_not_found", message: "only its own" }, "other"],
  [{ code: "product_not_found", message: "they own nothing" }, "other"],
  [{ errortype: "product.missing", message: "Nothing in the warehouse" }, "named"],
  [{ xcode: "product_not_found", message: "Nothing in the warehouse" }, "other"],
  [{ message: "No line item: product p7, product" }, "other"],
  [{ message: "Product not found: http://shop.example/warehouse" }, "named"],
  [{ message: `not found ${"x".repeat(3_000)}` }, "other"],
  [{ message: `${" ".repeat(2_000)}warehouse` }, "silent"],
  [{ message: ["a", ["b"]] }, "other"],
  [{ a: [[[{ message: "not found" }]]] }, "other"],
  [{ a: [[{ message: "not found" }]] }, "silent"],
  [{ code: "product_not_found", message: "the archive" }, "other"],
  [{ code: "product_not_found", message: "not authorised" }, "other"],
  [{ code: "product_not_found", message: "not authorized" }, "other"],
  [{ message: "Product not found, see https://shop.example/warehouse now." }, "other"],
  [{ message: "Product not found: https://shop.example/warehouse" }, "named"],
])("%j is %s, too", (body, words) => {
  expect(json(body)).toBe(words);
});

test.each<[string, MissingWords]>([
  ["xp7 not found", "other"],
  ["p7x not found", "other"],
  ["(p7) not found", "named"],
  ["p7, p7: not found", "named"],
  ["7p7 p7 not found", "other"],
])("the value counts as a whole word alone: %s is %s", (text, words) => {
  expect(json({ message: text })).toBe(words);
});

test.each<[string, MissingWords]>([
  ["line item not found", "named"],
  ["no line", "other"],
  ["lineitem unknown", "named"],
  ["item", "named"],
  ["the item line", "other"],
])("a kind of two words can be written apart: %s is %s", (text, words) => {
  const subject = { value: "x", names: ["lineItem"], path: "/a" };
  expect(missingWords({ kind: "json", json: { message: text }, bytes: 1 }, subject)).toBe(words);
});

test("a value of one character is none that an answer could name", () => {
  const subject = { value: "a", names: ["lamp"], path: "/b" };
  const said = (text: string) => missingWords({ kind: "json", json: { message: text }, bytes: 1 }, subject);
  expect([said("a not found"), said("/b not found"), said("q not found")]).toEqual([
    "silent",
    "silent",
    "other",
  ]);
});
