import { type Detour, detourWords } from "@ape/core/config/detour";
import { expect, test } from "vitest";
import { field, operation } from "../../test/fake.ts";
import { nextCall, type Past } from "../../test/next-call.ts";

const id = (place: "path" | "query" = "path") => field(place, "hull", "string!", "Hull of the boat");
const shown = (prefix: string) => [
  field("answer", `${prefix}hull`, "string", "Hull of the boat"),
  field("answer", `${prefix}price`, "number", "Price in dollars"),
];
const apiWith = (...details: ReturnType<typeof operation>[]) => ({
  target: "yard",
  title: "The yard",
  documented: true,
  auth: [],
  operations: [
    operation("GET /boats", "List the boats", shown("[].")),
    ...details,
    operation("POST /rentals", "Rent a boat", [field("body", "hull", "string!", "Hull of the boat")]),
  ],
});
const SHOW = operation("GET /boats/{hull}", "Show a boat", [id(), ...shown("")]);
const api = apiWith(SHOW);

const GOAL = "List the boats, then rent a boat under $50.";
const LIST: Past = [
  "GET /boats",
  200,
  [
    { hull: "a b", price: 10 },
    { hull: "h2", price: 20 },
    { hull: "h3", price: 90 },
  ],
];
const BOATS = ["a b", "h2"];
const pathOf = (hull: string) => `GET /boats/${encodeURIComponent(hull)}`;
const rent = (hull: string) => `POST /rentals {"hull":"${hull}"}`;
const look = (hull: string): Past => [pathOf(hull), 200, { hull, price: 10 }];
const next = (history: Past[], detours: Detour[], own = api, goal = GOAL) =>
  nextCall(own, goal, history, { persona: detourWords(detours) });

test("who does not look takes one at once", () => {
  expect(BOATS.map(rent)).toContain(next([LIST], []));
});

test("who looks at details reads one thing that suits, and takes it", () => {
  const first = next([LIST], ["details"]);
  const seen = BOATS.find((hull) => pathOf(hull) === first) ?? "";
  expect(BOATS).toContain(seen);
  expect(next([LIST, look(seen)], ["details"])).toBe(rent(seen));
});

test("who compares reads two, and takes one of them", () => {
  const [one = "", other = ""] = BOATS;
  expect(next([LIST, look(one)], ["compare"])).toBe(pathOf(other));
  expect(BOATS.map(rent)).toContain(next([LIST, look(one), look(other)], ["compare"]));
});

test("who changes their mind takes another one than the one that was read", () => {
  expect(next([LIST, look("h2")], ["changeMind"])).toBe(rent("a b"));
  const only: Past = ["GET /boats", 200, [{ hull: "h2", price: 20 }]];
  expect(next([only, look("h2")], ["changeMind"])).toBe(rent("h2"));
});

test("one thing cannot be compared with another", () => {
  const only: Past = ["GET /boats", 200, [{ hull: "h2", price: 20 }]];
  expect(next([only, look("h2")], ["compare"])).toBe(rent("h2"));
});

test("nothing is read where the goal asks for it anyway, or where no operation shows one thing alone", () => {
  const goal = "List the boats, show a boat under $50, then rent it.";
  expect(next([LIST, look("h2")], ["compare"], api, goal)).toBe(rent("h2"));
  for (const other of [
    apiWith(),
    apiWith(operation("GET /boats/{hull}/log", "Show the log of a boat", [id()])),
    apiWith(operation("GET /boat", "Show a boat", [id("query"), ...shown("")])),
    apiWith(
      operation("GET /boats/{hull}", "List the parts of a boat", [
        id(),
        field("answer", "[].part", "string", ""),
      ]),
    ),
    apiWith(
      operation("GET /boats/{hull}", "Show a boat", [
        id(),
        field("query", "day", "string!", "Day"),
        ...shown(""),
      ]),
    ),
    apiWith(operation("POST /boats/{hull}", "Show a boat", [id(), ...shown("")])),
  ])
    expect(BOATS.map(rent)).toContain(next([LIST], ["details"], other));
});

test("nothing more is read once the list would leave the view by it", () => {
  const [one = "", other = ""] = BOATS;
  expect(next([LIST, look(one), look(one)], ["compare"])).toBe(rent(one));
  expect(next([LIST, look(one)], ["compare"])).toBe(pathOf(other));
});
