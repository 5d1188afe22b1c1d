import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { checkText } from "../../test/check-text.ts";
import { suggestChecks } from "./suggest-checks.ts";

const TREES = [
  "mutation plantTree | | species! height# | tree.id tree.species tree.height# errors[].message | plantTree(species: String!, height: Int): PlantTreePayload!",
  "mutation renameTree | | id! species! | tree.id tree.species errors[].message | renameTree(id: ID!, species: String!): RenameTreePayload!",
  "query tree | | id! | id species height# | tree(id: ID!): Tree",
];
const NOTES = [
  "mutation createNote | | text! | note.id note.text | createNote(text: String!): CreateNoteResult!",
  "query note | | id! | id text | note(id: ID!): Note",
];
const SHIPS = [
  "mutation registerShip | | name! tons# | ship.id ship.name ship.tons# userErrors[].message | registerShip(name: String!, tons: Int): RegisterShipPayload",
  "query ships | | | [].id [].name [].tons# | ships: [Ship!]!",
];

test.each([
  [
    'Plant a tree of the species "Oak" with height 3',
    TREES,
    'read query tree with {"id":"{treeId}"} query($id: ID!) { tree(id: $id) { id species height } } $.data.tree.height=3 $.data.tree.species="Oak"',
  ],
  [
    'Plant a tree of the species "Oak", rename it to "Elm"',
    TREES,
    'read query tree with {"id":"{treeId}"} query($id: ID!) { tree(id: $id) { id species height } } after mutation renameTree $.data.tree.species="Elm"',
  ],
  [
    'Create a note with the text "Rain"',
    NOTES,
    'read query note with {"id":"{noteId}"} query($id: ID!) { note(id: $id) { id text } } $.data.note.text="Rain"',
  ],
  [
    'Register a ship called "Ida" of 90 tons',
    SHIPS,
    "read query ships query { ships { id name tons } } $.data.ships[?@.id=='{shipId}'].tons=90 $.data.ships[?@.id=='{shipId}'].name=\"Ida\"",
  ],
] as const)("%s: what a payload wraps is read by its id", (goal, lines, read) => {
  const { checks, proof } = suggestChecks(goal, [apiOf("graphql", ...lines)]);
  expect(checks.map(({ check }) => checkText(check)).at(-1)).toBe(read);
  expect(proof).toMatchObject({ unproven: [] });
  expect(proof.accepted).toBeUndefined();
});
