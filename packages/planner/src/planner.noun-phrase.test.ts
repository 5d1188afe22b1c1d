import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall } from "../test/next-call.ts";

const POTTERY = apiOf("rest", "POST /pieces | Make a piece | name! grams# glaze | id name");
const FOUNDRY = apiOf("rest", "POST /orders | Place an order | item! leadTime# | id item");
const HALLS = apiOf("rest", "POST /halls | Register a hall | name! dryFloor? seats# | id name");

test.each([
  [
    'Make a piece called "Vase" with 900 grams and clear glaze',
    POTTERY,
    'POST /pieces {"name":"Vase","grams":900}',
  ],
  ['Place an order of the item "Bell" and lead time 3', FOUNDRY, 'POST /orders {"item":"Bell","leadTime":3}'],
  ['Register a hall called "Aula" with 90 seats and dry floor', HALLS, 'POST /halls {"name":"Aula"'],
] as const)("%s: an adjective or a noun before a field's name is no verb", (goal, api, call) => {
  expect(nextCall(api, goal, [])).toContain(call);
});

test("what an operation does is a clause all the same", () => {
  const api = apiOf(
    "rest",
    "POST /trays | Set up a tray | name! glaze | id name",
    "GET /trays/{id} | A tray | | id name",
    "DELETE /trays/{id}/glaze | Clear the glaze of a tray",
  );
  const made = ['POST /trays {"name":"One"}', 201, { id: "t1", name: "One" }] as const;
  expect(nextCall(api, 'Set up a tray called "One" and clear glaze', [made])).toBe("DELETE /trays/t1/glaze");
});
