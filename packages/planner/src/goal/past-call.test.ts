import { OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import fc from "fast-check";
import { expect, test } from "vitest";
import { market } from "../../test/market.ts";
import { isUsableAnswer, type PastCall, parseCall, redirectPath } from "./past-call.ts";

const catalog = new OperationCatalog([market().api]);

test("a call is read with its query, its body and its operation", () => {
  const sent = parseCall("GET /wares?from=6&much=3", "market", catalog);
  expect(sent).toMatchObject({ method: "GET", path: "/wares", query: { from: "6", much: "3" }, cut: false });
  expect(sent.operation?.key).toBe("GET /wares");
  expect(parseCall('POST /basket/lines {"ware":"w 1","pieces":2}', "market", catalog).data).toEqual({
    ware: "w 1",
    pieces: 2,
  });
  expect(parseCall("GET /wares", "elsewhere", catalog).operation).toBeUndefined();
});

test.each([
  ["GET /wares?q=red rug", { q: "red rug" }, undefined],
  ["GET /wares?q=Salt & Pepper&from=6", { q: "Salt & Pepper", from: "6" }, undefined],
  ["GET /wares?q=a = b c", { q: "a = b c" }, undefined],
  ["GET /wares?q=red%20rug+mat", { q: "red rug mat" }, undefined],
  ["GET /wares?next=", { next: "" }, undefined],
  ["GET /wares", {}, undefined],
  ['POST /basket/lines?q=red rug {"pieces":2}', { q: "red rug" }, { pieces: 2 }],
  ['POST /basket/lines?q=red rug ["w1"]', { q: "red rug" }, ["w1"]],
  ["POST /basket/lines 5", {}, 5],
])("%s: the values of a query may have spaces", (text, query, data) => {
  expect(parseCall(text, "market", catalog)).toMatchObject({ query, data, cut: false });
});

test("a call that was cut gives what is whole", () => {
  const sent = parseCall('POST /basket/lines {"ware":"w1","pieces":2,"note":"never en...', "market", catalog);
  expect(sent).toMatchObject({ cut: true, data: { ware: "w1", pieces: 2 } });
});

test("any text is read, and most are no calls", () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("", "GET ", "POST /wares ", "DELETE /"), (text, lead) => {
      expect(parseCall(lead + text, "market", catalog).params).toEqual({});
    }),
  );
});

test("a page for people is no good answer where data is promised", () => {
  const { operation } = parseCall("GET /wares", "market", catalog);
  const call = { step: 1, target: "market", call: "GET /wares", status: 200 };
  expect(isUsableAnswer(call, { ...call, body: { wares: [] } }, operation)).toBe(true);
  expect(isUsableAnswer(call, { ...call, body: "<html>" }, operation)).toBe(false);
  expect(
    isUsableAnswer({ ...call, note: "answered text/html where JSON was promised" }, undefined, operation),
  ).toBe(false);
  expect(isUsableAnswer({ ...call, status: 0, note: "timeout" }, undefined, operation)).toBe(false);
  expect(isUsableAnswer({ ...call, status: 404 }, undefined, operation)).toBe(false);
});

test("a redirect is no good answer where data is promised, or where it leads back to the call itself", () => {
  const { operation } = parseCall("GET /wares", "market", catalog);
  const read = { step: 1, target: "market", call: "GET /wares", status: 302 };
  expect(isUsableAnswer(read, { ...read, body: null }, operation)).toBe(false);
  const write = { step: 2, target: "market", call: "POST /orders", status: 303 };
  expect(isUsableAnswer(write, { ...write, headers: { location: "/orders/7" }, body: null }, undefined)).toBe(
    true,
  );
  expect(isUsableAnswer(write, { ...write, headers: { location: "/orders" }, body: null }, undefined)).toBe(
    false,
  );
});

test("where a redirected call belongs: the same path with or without a slash, or the path that is named", () => {
  const past = (status: number, path: string, location?: string) =>
    ({
      status,
      path,
      answer: location === undefined ? undefined : { headers: { location } },
    }) as unknown as PastCall;
  expect(redirectPath(past(307, "/users", "/api/users/"))).toBe("/users/");
  expect(redirectPath(past(308, "/users/", "http://127.0.0.1:1/api/users?x=1"))).toBe("/users");
  expect(redirectPath(past(302, "/old", "/new"))).toBe("/new");
  expect(redirectPath(past(302, "/same", "/same"))).toBeUndefined();
  expect(redirectPath(past(201, "/orders", "/orders/7"))).toBeUndefined();
  expect(redirectPath(past(307, "/users"))).toBeUndefined();
});
