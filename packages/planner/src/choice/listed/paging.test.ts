import { OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import type { Json } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { field, operation } from "../../../test/fake.ts";
import { parseCall } from "../../goal/past-call.ts";
import { hasNumberedParts, nextPage, otherPart } from "./paging.ts";

const ITEMS = [
  field("answer", "all[].id", "string", "Id of the thing"),
  field("answer", "all[].size", "number", "Its size"),
];

/** A list, and a call of it with its answer. */
function listed(fields: ApiField[], text: string, body: Json, headers?: Record<string, string>) {
  const api = {
    target: "t",
    title: "t",
    documented: true,
    auth: [],
    operations: [operation("GET /things", "List things", [...fields, ...ITEMS])],
  };
  const catalog = new OperationCatalog([api]);
  const [listing] = catalog.operations;
  if (listing === undefined) throw new Error("no operation");
  const call = { step: 1, target: "t", call: text, status: 200 };
  const answer = { ...call, body, ...(headers === undefined ? {} : { headers }) };
  return [{ ...parseCall(text, "t", catalog), ...call, text, note: "", answer, ok: true }, listing] as const;
}

/** The query of the next page, `null` where there is none. */
function next(fields: ApiField[], text: string, body: Json, headers?: Record<string, string>): unknown {
  return nextPage(...listed(fields, text, body, headers))?.query ?? null;
}

/** The queries of other parts that random numbers draw, `null` where there is none. */
function others(fields: ApiField[], text: string, body: Json): unknown[] {
  const drawn = Array.from({ length: 40 }, (_, index) =>
    JSON.stringify(otherPart(...listed(fields, text, body), () => index / 40)?.query ?? null),
  );
  return [...new Set(drawn)].map((query) => JSON.parse(query) as unknown);
}

const two: Json = [{ id: "a" }, { id: "b" }];
const page = field("query", "zeb", "integer", "Which part of the list to show, counting from 1", {
  minimum: 1,
});
const size = field("query", "zib", "integer", "How many things to show at a time", {
  minimum: 1,
  example: 2,
});
const skip = field("query", "zab", "integer", "How many things to skip");
const cursor = field("query", "zob", "string", "Where to go on, as the answer before has told");
const onward = field("answer", "zub", "string", "Where the list goes on; nothing at the end");
const parts = field("answer", "zyb", "integer", "How many parts the list has");
const total = field("answer", "zuz", "integer", "How many things there are in all");

test("pages are counted by what descriptions say", () => {
  expect(next([page], "GET /things", { all: two })).toEqual({ zeb: 2 });
  expect(next([page], "GET /things?zeb=4&q=x", { all: two })).toEqual({ zeb: 5, q: "x" });
  expect(next([page], "GET /things?zeb=4", { all: [] })).toBeNull();
  expect(next([page, parts], "GET /things?zeb=4", { all: two, zyb: 4 })).toBeNull();
  expect(next([page, parts], "GET /things?zeb=3", { all: two, zyb: 4 })).toEqual({ zeb: 4 });
  expect(next([page, size, total], "GET /things?zeb=2", { all: two, zuz: 4 })).toBeNull();
});

test("offsets grow by what was seen", () => {
  expect(next([skip], "GET /things", { all: two })).toEqual({ zab: 2 });
  expect(next([skip], "GET /things?zab=2", { all: [...two, "... 3 more"] })).toEqual({ zab: 4 });
  expect(next([skip, total], "GET /things?zab=2", { all: two, zuz: 4 })).toBeNull();
});

test("cursors are handed back until there is none", () => {
  expect(next([cursor, onward], "GET /things", { all: two, zub: "c2" })).toEqual({ zob: "c2" });
  expect(next([cursor, onward], "GET /things?zob=c2", { all: two, zub: null })).toBeNull();
  expect(next([cursor, onward], "GET /things?zob=c2", { all: two, zub: "c2" })).toBeNull();
});

test("links are followed, in a header or in the body", () => {
  expect(
    next([], "GET /things", { all: two }, { link: '</things?p=1>; rel="prev", </things?p=3>; rel="next"' }),
  ).toEqual({ p: "3" });
  expect(next([onward], "GET /things", { all: two, zub: "https://elsewhere.example/things?p=9" })).toEqual({
    p: "9",
  });
});

test("smaller pages bring into sight what the digest hides", () => {
  expect(next([page, size], "GET /things", { all: [...two, "... 8 more"] })).toEqual({ zeb: 2, zib: 2 });
});

test("a list without pages ends", () => {
  expect(next([], "GET /things", { all: two })).toBeNull();
});

test("another part is drawn from all others, where their number is known", () => {
  expect(others([page, parts], "GET /things", { all: two, zyb: 3 })).toEqual([{ zeb: 2 }, { zeb: 3 }]);
  expect(others([page, parts], "GET /things?zeb=2&q=x", { all: two, zyb: 3 })).toEqual([
    { zeb: 1, q: "x" },
    { zeb: 3, q: "x" },
  ]);
  expect(others([page, size, total], "GET /things", { all: two, zuz: 5 })).toEqual([{ zeb: 2 }, { zeb: 3 }]);
  expect(others([skip, total], "GET /things?zab=2", { all: two, zuz: 5 })).toEqual([{ zab: 0 }, { zab: 4 }]);
  for (const fields of [[page], [cursor, total], [page, parts]])
    expect(others(fields, "GET /things", { all: two, zyb: 1, zuz: 2 })).toEqual([null]);
  expect(others([page, total], "GET /things", { all: [], zuz: 9 })).toEqual([null]);
});

test("parts as small as what is shown are drawn from where a part is not shown whole", () => {
  const body = { all: [...two, "... 3 more"], zuz: 10 };
  expect(others([page, size, total], "GET /things", body)).toEqual([
    { zeb: 2, zib: 2 },
    { zeb: 3, zib: 2 },
    { zeb: 4, zib: 2 },
    { zeb: 5, zib: 2 },
  ]);
});

test("lists by cursor have no numbered parts", () => {
  const has = (fields: ApiField[]): boolean => hasNumberedParts(listed(fields, "GET /things", {})[1]);
  expect([has([page]), has([skip]), has([cursor, size])]).toEqual([true, true, false]);
});
