import { expect, test } from "vitest";
import { pathWords } from "./path-words.ts";

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
