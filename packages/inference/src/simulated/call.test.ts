import fc from "fast-check";
import { expect, test } from "vitest";
import { isGood, movedTo, type Past, readSent } from "./call.ts";
import { Catalogue } from "./catalogue.ts";
import { market } from "./market.testing.ts";

const catalogue = new Catalogue([market().api]);

test("a call is read with its query, its body and its operation", () => {
  const sent = readSent("GET /wares?from=6&much=3", "market", catalogue);
  expect(sent).toMatchObject({ method: "GET", path: "/wares", query: { from: "6", much: "3" }, cut: false });
  expect(sent.operation?.key).toBe("GET /wares");
  expect(readSent('POST /basket/lines {"ware":"w 1","pieces":2}', "market", catalogue).data).toEqual({
    ware: "w 1",
    pieces: 2,
  });
  expect(readSent("GET /wares", "elsewhere", catalogue).operation).toBeUndefined();
});

test("a call that was cut gives what is whole", () => {
  const sent = readSent(
    'POST /basket/lines {"ware":"w1","pieces":2,"note":"never en...',
    "market",
    catalogue,
  );
  expect(sent).toMatchObject({ cut: true, data: { ware: "w1", pieces: 2 } });
});

test("any text is read, and most are no calls", () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("", "GET ", "POST /wares ", "DELETE /"), (text, lead) => {
      expect(readSent(lead + text, "market", catalogue).params).toEqual({});
    }),
  );
});

test("a page for people is no good answer where data is promised", () => {
  const { operation } = readSent("GET /wares", "market", catalogue);
  const call = { step: 1, target: "market", call: "GET /wares", status: 200 };
  expect(isGood(call, { ...call, body: { wares: [] } }, operation)).toBe(true);
  expect(isGood(call, { ...call, body: "<html>" }, operation)).toBe(false);
  expect(isGood({ ...call, note: "answered text/html where JSON was promised" }, undefined, operation)).toBe(
    false,
  );
  expect(isGood({ ...call, status: 0, note: "timeout" }, undefined, operation)).toBe(false);
  expect(isGood({ ...call, status: 404 }, undefined, operation)).toBe(false);
});

test("a redirect is no good answer where data is promised, or where it leads back to the call itself", () => {
  const { operation } = readSent("GET /wares", "market", catalogue);
  const read = { step: 1, target: "market", call: "GET /wares", status: 302 };
  expect(isGood(read, { ...read, body: null }, operation)).toBe(false);
  const write = { step: 2, target: "market", call: "POST /orders", status: 303 };
  expect(isGood(write, { ...write, headers: { location: "/orders/7" }, body: null }, undefined)).toBe(true);
  expect(isGood(write, { ...write, headers: { location: "/orders" }, body: null }, undefined)).toBe(false);
});

test("where a redirected call belongs: the same path with or without a slash, or the path that is named", () => {
  const past = (status: number, path: string, location?: string) =>
    ({
      status,
      path,
      answer: location === undefined ? undefined : { headers: { location } },
    }) as unknown as Past;
  expect(movedTo(past(307, "/users", "/api/users/"))).toBe("/users/");
  expect(movedTo(past(308, "/users/", "http://127.0.0.1:1/api/users?x=1"))).toBe("/users");
  expect(movedTo(past(302, "/old", "/new"))).toBe("/new");
  expect(movedTo(past(302, "/same", "/same"))).toBeUndefined();
  expect(movedTo(past(201, "/orders", "/orders/7"))).toBeUndefined();
  expect(movedTo(past(307, "/users"))).toBeUndefined();
});
