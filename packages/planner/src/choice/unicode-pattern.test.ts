import { fieldOf } from "@ape/catalog/operations/field";
import { expect, test } from "vitest";
import { clampValue } from "./bounded-value.ts";

test.each([
  "^[😀-😎]+$",
  "^😀{3}$",
  "^[a-c😀]{4}$",
  "^\\u{1F600}[\\u{1F601}-\\u{1F604}]$",
  "^\\u{e9}x$",
  "^[^😀]{2}$",
  "^(?:🍎|🍐)-[0-9]{2}$",
  "^\\u00e9[\\u0041-\\u0043\\uD83D\\uDE00]{3}$",
  "^\\uD83D\\uDE00x\\u002a$",
  "^[\\u{61}-\\u{63}]{5}$",
])("a text of %s is found", (pattern) => {
  const field = fieldOf(
    { in: "body", name: "v", type: "string", required: true, description: "", pattern },
    "",
  );
  for (const seed of [1, 2, 3]) expect(clampValue(field, "Please", seed)).toMatch(new RegExp(pattern, "u"));
});
