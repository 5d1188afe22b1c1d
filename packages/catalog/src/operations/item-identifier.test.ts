import type { ApiField } from "@ape/core/protocol/api";
import type { Verb } from "@ape/core/protocol/operations/operation";
import { expect, test } from "vitest";
import { apiField } from "../../test/api-field.ts";
import { apiOf } from "../../test/api-lines.ts";
import { type Field, fieldOf } from "./field.ts";
import { collectionOfParameter, identifierIn, isOfOtherPart } from "./item-identifier.ts";
import { OperationCatalog } from "./operation-catalog.ts";

/** The list field that the only input of the first operation takes, and whether it is the likeliest source. */
function keyFor(...lines: string[]): string | undefined {
  const catalog = new OperationCatalog([apiOf("rest", ...lines)]);
  const [owner] = catalog.operations;
  const [input] = owner?.inputs ?? [];
  if (owner === undefined || input === undefined) throw new Error("there is no operation or no input");
  const key = catalog.keyOfThing(owner, input);
  if (key !== undefined) expect(catalog.sources(owner, input)[0]?.field).toBe(key.field);
  return key && `${key.operation.key} ${key.field.name}`;
}

test.each([
  ["turbineTag", "GET /turbines | List turbines | | [].tag [].site", "GET /turbines [].tag"],
  ["plotMark", "GET /plots | List plots | | [].id [].mark", "GET /plots [].mark"],
  ["berthKey", "GET /berths | All berths | | items[].key items[].length#", "GET /berths items[].key"],
  ["plate", "GET /cars | List cars | | [].plate [].model", "GET /cars [].plate"],
  ["hiveSerial", "GET /apiary/hives | List hives | | [].hiveSerial", "GET /apiary/hives [].hiveSerial"],
])("%s is taken from %s", (name, list, expected) => {
  expect(keyFor(`POST /jobs | Book a job | ${name}!`, list)).toBe(expected);
});

test.each([
  ["ownerName", "GET /owners | List owners | | [].id [].name"],
  ["boatLength#", "GET /boats | List boats | | [].id [].length#"],
  ["roomPrice#", "GET /rooms | List rooms | | [].id [].price#"],
  ["turbineTag", "GET /vessels | List vessels | | [].tag"],
  ["turbineTag", "GET /turbines | List turbines | | [].id [].site"],
  ["tag", "GET /turbines | List turbines | | [].id [].tag"],
  ["tag", "GET /turbines | List turbines | | [].site [].tag"],
  ["turbineTag=a,b", "GET /turbines | List turbines | | [].tag"],
])("%s is the caller's own beside %s", (name, list) => {
  const [named = "", options] = name.split("=");
  expect(
    keyFor(`POST /jobs | Book a job | ${named}!${options === undefined ? "" : `=${options}`}`, list),
  ).toBeUndefined();
});

test("an input that is not required takes none", () => {
  expect(
    keyFor("POST /jobs | Book a job | turbineTag", "GET /turbines | List turbines | | [].tag"),
  ).toBeUndefined();
});

test.each([
  ["tanks[].fish[].id", "tankId", ["tanks[].id"], true],
  ["fish[].exams[].vet.id", "tankId", ["id"], true],
  ["[].rooms[].ref", "hotelRef", ["[].ref"], true],
  ["tanks[].fish[].id", "fishId", ["tanks[].id"], false],
  ["tanks[].id", "tankId", [], false],
  ["tanks[].fish[].name", "tankId", ["tanks[].name"], false],
  ["items[].owner.id", "personId", ["items[].id"], false],
  ["shelves[].books[].isbn", "shelfId", ["shelves[].id"], false],
])("%s is that of another part for %s beside %j: %s", (name, input, others, expected) => {
  const answer = (one: string) =>
    fieldOf({ in: "answer", name: one, type: "string", required: false, description: "" }, "");
  const asked = fieldOf({ in: "body", name: input, type: "string", required: true, description: "" }, "");
  expect(isOfOtherPart(answer(name), asked, [name, ...others].map(answer))).toBe(expected);
});

test.each<[place: ApiField["in"], name: string, path: string, call: Verb, collection: string | undefined]>([
  ["path", "bikeTag", "/bikes/{bikeTag}/hire", "POST", "/bikes"],
  ["path", "id", "/v1/bikes/{id}", "GET", "/v1/bikes"],
  ["path", "id", "/{id}", "GET", undefined],
  ["path", "other", "/bikes/{id}", "GET", undefined],
  ["body", "id", "/bikes/{id}", "GET", undefined],
  ["path", "id", "/bikes/{id}", "tool", undefined],
])("%s %s of %s (%s) names an item of %s", (place, name, path, call, collection) => {
  expect(collectionOfParameter(fieldOf(apiField(place, name), ""), { path, call })).toBe(collection);
});

const input = (name: string, more: Partial<ApiField> = {}): Field =>
  fieldOf(apiField("path", name, more), "bikes");
type Given = readonly [name: string, more?: Partial<ApiField>];
const answering = (fields: readonly Given[]) => ({
  list: undefined,
  writes: false,
  answers: fields.map(([name, more]) => fieldOf(apiField("answer", name, more), "bikes")),
});

test.each<[what: string, input: Field, fields: Given[], names: string[], found: string | undefined]>([
  ["the same name", input("tag"), [["id"], ["tag"]], [], "tag"],
  ["the name of another path", input("x"), [["id"], ["plate"]], ["plate"], "plate"],
  ["an id", input("x"), [["bikeTag"], ["id"]], [], "id"],
  ["an id of some stores", input("x"), [["bikeTag"], ["_id"]], [], "_id"],
  ["no other word with id", input("x"), [["colour"], ["idle"]], [], "colour"],
  ["a number of the thing", input("x"), [["shopNumber"], ["bikeNumber"]], [], "bikeNumber"],
  ["the same pattern", input("x", { pattern: "a+" }), [["colour"], ["odd", { pattern: "a+" }]], [], "odd"],
  ["no other pattern", input("x", { pattern: "a+" }), [["colour"], ["odd", { pattern: "b+" }]], [], "colour"],
  ["the same format", input("x", { format: "uuid" }), [["colour"], ["odd", { format: "uuid" }]], [], "odd"],
  ["no other format", input("x", { format: "uuid" }), [["colour"], ["odd", { format: "uri" }]], [], "colour"],
  ["a plain name of ids before that of another thing", input("x"), [["owner_id"], ["code"]], [], "code"],
  ["a plain name of ids", input("x"), [["colour"], ["code"]], [], "code"],
  ["two words, of which one is a number", input("x"), [["colour"], ["frameNumber"]], [], "frameNumber"],
  ["no number of three words", input("x"), [["colour"], ["old frame number"]], [], "old frame number"],
  ["the first text", input("x"), [["weight", { type: "integer" }], ["colour"]], [], "colour"],
  ["nothing within", input("x"), [["owner.id"], ["tags[].id"]], [], undefined],
  ["nothing else", input("x"), [["weight", { type: "integer" }]], [], undefined],
])("an input takes %s", (_what, given, fields, names, found) => {
  expect(identifierIn(answering(fields), given, "/bikes", new Set(names))?.name).toBe(found);
});

test("of a list the fields of its things count, of what writes those of the answer", () => {
  const fields = ["bikes[].frame", "bikes[].owner.id", "total"].map((name) =>
    fieldOf(apiField("answer", name), ""),
  );
  const list = { prefix: "bikes", fields };
  const found = (writes: boolean) =>
    identifierIn({ list, answers: fields, writes }, input("x"), "/bikes", new Set())?.name;
  expect([found(false), found(true)]).toEqual(["bikes[].frame", "total"]);
  const plain = ["[].frame", "[].owner.id"].map((name) => fieldOf(apiField("answer", name), ""));
  expect(
    identifierIn(
      { list: { prefix: "", fields: plain }, answers: [], writes: false },
      input("x"),
      "/bikes",
      new Set(),
    )?.name,
  ).toBe("[].frame");
});
