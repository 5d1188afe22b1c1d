import { expect, test } from "vitest";
import { graphqlOperation } from "./graphql-text.ts";

test.each<[string, string | undefined, string, string]>([
  ["{ orders { id } }", undefined, "query", "orders"],
  ["query Q { mine: orders { id } }", undefined, "query", "orders"],
  ["query Q {mine:orders{ id } }", undefined, "query", "orders"],
  ["query Q {  mine  :  orders { id } }", undefined, "query", "orders"],
  ["mutation M { pay(id: 1) { ok } }", undefined, "mutation", "pay"],
  ["query { mutation { id } }", undefined, "query", "mutation"],
  ["query A { a } mutation B { b }", "B", "mutation", "b"],
  ["query A { a } mutation B { b }", "A", "query", "a"],
  ["query A { a } query AB { b }", "AB", "query", "b"],
  ["query A { a }", "C", "query", "a"],
  ["query A { a } mutation B { b }", "B!", "mutation", "b"],
  ["mutation", undefined, "query", "unknown"],
  ["", undefined, "query", "unknown"],
])("%s, named %j, is a %s of %s", (query, name, kind, root) => {
  expect(graphqlOperation(query, name)).toEqual({ kind, root });
});
