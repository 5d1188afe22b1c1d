import { expect, test } from "vitest";
import { isPlural, lastPart, pathWords } from "./path-words.ts";

test.each([
  ["/orders", "/orders", undefined],
  ["/orders/{id}", "/orders", undefined],
  ["/v1/orders/{id}/cancel", "/v1/orders", "cancel"],
  ["/orders/{id}/items", "/orders/{id}/items", undefined],
  ["/orders/{id}/items/{item}/call-off", "/orders/{id}/items", "call-off"],
  ["/orders/{id}/status", "/orders", "status"],
  ["/checkout", "/checkout", undefined],
  ["/{id}", "", undefined],
  ["/{tenant}/close", "/", "close"],
])("%s is about %s, with the action %s", (path, collection, action) => {
  expect(pathWords(path)).toEqual({ collection, action });
});

test.each([
  ["orders", true],
  ["ORDERS", true],
  ["status", false],
  ["address", false],
  ["analysis", false],
  ["gas", false],
  ["s", false],
  ["order", false],
])("%s is the name of several things: %j", (name, plural) => {
  expect(isPlural(name)).toBe(plural);
});

test.each([
  ["/orders/{id}/items", "items"],
  ["orders", "orders"],
  ["/", ""],
])("the last part of %s is %s", (path, last) => {
  expect(lastPart(path)).toBe(last);
});

test("a word behind two parameters, or after a fixed one, is read by its place", () => {
  expect(pathWords("/a/{x}/{y}/close")).toEqual({ collection: "/a", action: "close" });
  expect(pathWords("/a/{x}/b/close")).toEqual({ collection: "/a/{x}/b/close", action: undefined });
  expect(pathWords("/a/{x}/close/{y}")).toEqual({ collection: "/a", action: "close" });
});
