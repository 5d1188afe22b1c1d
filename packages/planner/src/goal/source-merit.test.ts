import { OperationCatalog, type Source } from "@ape/catalog/operations/operation-catalog";
import type { ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { field, operation } from "../../test/fake.ts";
import { isOwnId, isOwnProperty, sourceMerit } from "./source-merit.ts";

const text = (name: string, description = "") => field("answer", name, "string", description);
const into = (name: string, description = "") => field("body", name, "string!", description);
const path = (name: string) => field("path", name, "string!", "");

/** The catalog of some operations, and its operations and inputs by their names. */
function known(...operations: ApiOperation[]) {
  const catalog = new OperationCatalog([
    { target: "app", title: "t", documented: true, auth: [], operations },
  ]);
  const at = (key: string) => {
    const found = catalog.operations.find((one) => one.key === key);
    if (found === undefined) throw new Error(`no ${key}`);
    return found;
  };
  const input = (key: string, name: string) => {
    const found = at(key).inputs.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };
  const source = (key: string, name: string, score = 1): Source => {
    const answer = at(key).answers.find((one) => one.name === name);
    if (answer === undefined) throw new Error(`no answer ${name}`);
    return { operation: at(key), field: answer, listed: name.includes("[]"), score };
  };
  return { catalog, at, input, source };
}

const NOWHERE = { at: -1, isChosenFrom: false };

test("an own id names things of the kind that an operation is about", () => {
  const { at, input } = known(
    operation("GET /boats", "List the boats", [text("[].id")]),
    operation("POST /rentals", "Rent a boat", [into("boatId"), into("cityId")]),
  );
  expect(isOwnId(input("POST /rentals", "boatId"), at("GET /boats"))).toBe(true);
  expect(isOwnId(input("POST /rentals", "cityId"), at("GET /boats"))).toBe(false);
});

test("the property that a call writes is no source of it, unless it is said to be another's", () => {
  const { at, input, source } = known(
    operation("GET /coupons", "List the coupons", [text("[].code"), text("[].id"), text("[].ownerId")]),
    operation("POST /coupons", "Create a coupon", [
      into("code"),
      into("parentCode"),
      into("code2", "Code of the original"),
      text("code"),
    ]),
    operation("PUT /coupons/{id}", "Change a coupon", [
      path("id"),
      into("code"),
      into("id"),
      into("ownerId"),
    ]),
    operation("POST /orders", "Order", [into("code")]),
    operation("GET /shops", "List the shops", [text("[].code")]),
  );
  const own = (owner: string, name: string, from = source("GET /coupons", "[].code")) =>
    isOwnProperty(at(owner), input(owner, name), from);
  expect(own("POST /coupons", "code")).toBe(true);
  expect(own("POST /coupons", "code", source("GET /shops", "[].code"))).toBe(false);
  expect(own("POST /orders", "code")).toBe(false);
  // The code of a coupon names the coupon itself.
  expect(own("PUT /coupons/{id}", "code")).toBe(false);
  expect(own("PUT /coupons/{id}", "ownerId")).toBe(false);
  expect(own("PUT /coupons/{id}", "ownerId", source("GET /coupons", "[].ownerId"))).toBe(true);
  expect(
    isOwnProperty(at("PUT /coupons/{id}"), input("PUT /coupons/{id}", "id"), source("GET /coupons", "[].id")),
  ).toBe(false);
});

/** Whether the first of two sources has more merit than the second. */
function ranks(
  operations: ApiOperation[],
  [owner, name]: [string, string],
  first: [key: string, name: string],
  second: [key: string, name: string],
  places = [NOWHERE, NOWHERE],
): boolean {
  const { catalog, at, input, source } = known(...operations);
  const merit = (one: [string, string], place = NOWHERE) =>
    sourceMerit(at(owner), input(owner, name), source(...one), catalog, place);
  return merit(first, places[0]) > merit(second, places[1]);
}

const RENT = operation("POST /rentals", "Rent", [into("boatId", "Id of the boat")]);
const BOATS = operation("GET /boats", "List the boats", [text("[].boatId")]);
const CARS = operation("GET /cars", "List the cars", [text("[].boatId")]);
const INPUT: [string, string] = ["POST /rentals", "boatId"];

test("what is about the things themselves goes before what only mentions them", () => {
  expect(ranks([RENT, BOATS, CARS], INPUT, ["GET /boats", "[].boatId"], ["GET /cars", "[].boatId"])).toBe(
    true,
  );
});

test("what the plan reads already goes before what it does not, and most of all where nothing was chosen from it yet", () => {
  const [one, two] = [
    ["GET /cars", "[].boatId"],
    ["GET /boats", "[].boatId"],
  ] as [[string, string], [string, string]];
  expect(ranks([RENT, BOATS, CARS], INPUT, one, two, [{ at: 0, isChosenFrom: false }, NOWHERE])).toBe(true);
  const again = (isChosenFrom: boolean) => {
    const { catalog, at, input, source } = known(RENT, BOATS);
    return sourceMerit(at("POST /rentals"), input(...INPUT), source("GET /boats", "[].boatId"), catalog, {
      at: 0,
      isChosenFrom,
    });
  };
  expect(again(false) - again(true)).toBeCloseTo(0.3);
});

test.each<[string, ApiOperation]>([
  ["a write", operation("POST /boats", "List the boats", [text("[].boatId")])],
  [
    "a read that needs an id",
    operation("GET /boats/{x}/boat", "List the boats", [path("x"), text("boatId")]),
  ],
  ["a removal", operation("DELETE /boats", "Remove the boats", [text("boatId")])],
])("a plain read goes before %s", (_, other) => {
  const key = `${other.method} ${other.path}`;
  const name = other.fields.findLast(({ in: place }) => place === "answer")?.name ?? "";
  expect(ranks([RENT, BOATS, other], INPUT, ["GET /boats", "[].boatId"], [key, name])).toBe(true);
});

test("a list that shows what a call makes, or what it adds to, is no place to find what that is made of", () => {
  const add = operation("POST /cart/items", "Add a ware to the cart", [into("wareId", "Id of the ware")]);
  const cart = operation("GET /cart", "Show the cart", [text("items[].wareId")]);
  const wares = operation("GET /wares", "List the wares", [text("[].wareId")]);
  expect(
    ranks(
      [add, cart, wares],
      ["POST /cart/items", "wareId"],
      ["GET /wares", "[].wareId"],
      ["GET /cart", "items[].wareId"],
    ),
  ).toBe(true);
  const rentals = operation("GET /rentals", "List my rentals of boats", [text("[].boatId")]);
  expect(
    ranks([RENT, BOATS, rentals], INPUT, ["GET /boats", "[].boatId"], ["GET /rentals", "[].boatId"]),
  ).toBe(true);
  const remove = operation("DELETE /rentals", "End the rental", [
    field("query", "boatId", "string!", "Id of the boat"),
  ]);
  expect(
    ranks(
      [remove, CARS, rentals],
      ["DELETE /rentals", "boatId"],
      ["GET /rentals", "[].boatId"],
      ["GET /cars", "[].boatId"],
    ),
  ).toBe(true);
});

test("a part's id is not the whole's, and what belongs to a new thing is not there yet", () => {
  const visits = operation("GET /visit", "Show the visit", [text("id"), text("doctor.id")]);
  const pay = operation("POST /payments", "Pay for a visit", [into("visitId", "Id of the visit")]);
  expect(
    ranks([visits, pay], ["POST /payments", "visitId"], ["GET /visit", "id"], ["GET /visit", "doctor.id"]),
  ).toBe(true);
  const pet = operation("POST /pets", "Add a pet", [into("name"), text("id"), text("visits[].id")]);
  const see = operation("POST /visits", "Visit a pet", [into("petId", "Id of the pet")]);
  expect(
    ranks([pet, see], ["POST /visits", "petId"], ["POST /pets", "id"], ["POST /pets", "visits[].id"]),
  ).toBe(true);
});

test("two words of an input may be one of an operation's", () => {
  const pets = operation("POST /pets", "Add a pet", [into("typeId", "The id of the pet type")]);
  const types = operation("GET /pettypes", "List pettypes", [text("[].id")]);
  const owners = operation("GET /owners", "List the owners", [text("[].id")]);
  expect(
    ranks(
      [pets, types, owners],
      ["POST /pets", "typeId"],
      ["GET /pettypes", "[].id"],
      ["GET /owners", "[].id"],
    ),
  ).toBe(true);
});
