import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { fieldOf } from "./field.ts";
import { isOfOtherPart } from "./item-identifier.ts";
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
  ["items[].owner.id", "personId", ["items[].id"], false],
  ["shelves[].books[].isbn", "shelfId", ["shelves[].id"], false],
])("%s is that of another part for %s beside %j: %s", (name, input, others, expected) => {
  const answer = (one: string) =>
    fieldOf({ in: "answer", name: one, type: "string", required: false, description: "" }, "");
  const asked = fieldOf({ in: "body", name: input, type: "string", required: true, description: "" }, "");
  expect(isOfOtherPart(answer(name), asked, [name, ...others].map(answer))).toBe(expected);
});
