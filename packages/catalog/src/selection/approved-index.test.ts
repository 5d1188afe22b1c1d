import { join } from "node:path";
import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { BOARD, SHOP } from "../../test/example-apis.ts";
import { GALLERY, HOTEL, KITCHEN } from "../../test/service-apis.ts";
import { OperationIndex } from "./operation-index.ts";

/** Paths with formats, callers' own collections, ids in bodies, and lists that need ids. */
const ODD = apiOf(
  "rest",
  "GET /line_items.json | Line items | &page# | [].productVariantId [].name",
  "GET /shops/{shopId}/variants | Variants of a shop | | [].productVariantId",
  "POST /line_items.json | Add a line item | productVariantId! shelf_code! amount#! note | id",
  "GET /line_items/{line_item_id}.json | A line item | | id",
  "DELETE /line_items/{line_item_id} | Remove a line item",
  "GET /me/contributors | My contributors | | [].id",
  "GET /contributors | Contributors | team! | [].id",
  "GET /contributors/search | Find contributors | | [].id",
  "POST /contributors/{contributor}/posts/{post}/votes | Vote | | id",
  "GET / | The start",
  "GET /{page} | A page",
  "POST /shelves | Set up a shelf | name! | id",
);
const APIS = { SHOP, BOARD, HOTEL, KITCHEN, GALLERY, ODD };
const WORDS =
  "line items contributor contribut contributes contributing contr vote votes shelf star boards".split(" ");

test("what an index knows of operations and words, as it was reviewed", async () => {
  const texts = Object.entries(APIS).flatMap(([name, api]) => {
    const index = new OperationIndex([{ ...api, target: name.toLowerCase() }]);
    const keys = (found: readonly { source: { method: string; path: string } }[]): string =>
      found.map(({ source }) => `${source.method} ${source.path}`).join(", ");
    const login = index.login(name.toLowerCase());
    return [
      `# ${name}, login ${login === undefined ? "none" : keys([login])}`,
      ...index.operations.flatMap((one) => [
        `${one.source.method} ${one.source.path}: ${one.subject}`,
        `  ${[...one.weights].map(([token, weight]) => `${token} ${Math.round(weight * 100) / 100}`).join(", ")}`,
        `  ids from ${keys(index.producersOf(one))}`,
        `  related ${keys(index.relativesOf(one))}`,
      ]),
      ...WORDS.map(
        (word) =>
          `${word}: ${index.names(word) ? "named" : "-"}; like ${index.related(word).join(" ")}; lists ${keys(index.listsOf(word))}`,
      ),
    ];
  });
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/index.txt"),
  );
});

test("a login of one target is none of another, and the lists of each are its own", () => {
  const index = new OperationIndex([
    { ...SHOP, target: "one" },
    { ...SHOP, target: "two" },
    { ...BOARD, target: "three" },
  ]);
  expect(index.login("one")?.target).toBe("one");
  expect(index.login("two")?.target).toBe("two");
  expect(index.login("three")).toBeUndefined();
  expect(index.listsOf("product").map(({ target }) => target)).toEqual(["one", "two"]);
  for (const operation of index.operations)
    for (const other of [...index.producersOf(operation), ...index.relativesOf(operation)])
      expect(other.target).toBe(operation.target);
});
