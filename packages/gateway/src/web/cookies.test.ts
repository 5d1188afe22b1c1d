import { expect, test } from "vitest";
import { HopCookies } from "./cookies.ts";

const NOW = Date.UTC(2026, 10, 30);
const after = (sent: string | undefined, ...set: string[]): string | undefined => {
  const cookies = new HopCookies(sent, () => NOW);
  cookies.take(set, "/a");
  return cookies.header();
};

test.each<[string | undefined, string[], string | undefined]>([
  [undefined, [], undefined],
  ["a=1;b=2;  c=x=y", [], "a=1; b=2; c=x=y"],
  ["=1; b", [], undefined],
  ["a=1", ["a=2", "b=3; Path=/"], "a=2; b=3"],
  [undefined, [" a = 1 ; HttpOnly"], "a=1"],
  [undefined, ["a", "=1"], undefined],
  ["a=1", ["a=; Max-Age=0"], undefined],
  ["a=1", ["a=;Max-Age=0"], undefined],
  ["a=1", ["a=; Max-Age=-15 "], undefined],
  ["a=1", ["a=;Expires=Thu, 01 Jan 1970 00:00:00 GMT"], undefined],
  ["a=1", ["a=; expires = Thu, 01 Jan 1970 00:00:00 GMT"], undefined],
  ["a=1", ["a=2; x-expires=Thu, 01 Jan 1970 00:00:00 GMT"], "a=2"],
  ["a=1", [" a =; Max-Age=0"], undefined],
  ["", [], undefined],
  ["b", [], undefined],
  ["a=1", ["a=; max-age = -5"], undefined],
  ["a=1", ["a=2; Max-Age=05"], "a=2"],
  ["a=1", ["a=2; x-max-age=0"], "a=2"],
  ["a=1", ["a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], undefined],
  ["a=1", ["a=2; Expires=Thu, 01 Jan 2099 19:00:00 GMT"], "a=2"],
  ["a=1", ["a=; Expires=Thu, 01-Jan-70 00:00:00 GMT"], undefined],
  ["a=1", ["a=; Expires=Sat, 01 Jan 2000 00:00:00 GMT"], undefined],
  ["a=1", ["a=; Expires=Sun Nov 29 23:59:59 2026"], undefined],
  ["a=1", ["a=2; Expires=Mon, 30 Nov 2026 00:00:01 GMT"], "a=2"],
  ["a=1", ["a=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=3600"], "a=2"],
  ["a=1", ["a=2; Expires=soon; Max-Age=x"], "a=2"],
])("with %j sent and %j set the next request has %j", (sent, set, header) => {
  expect(after(sent, ...set)).toBe(header);
});

test.each([
  ["/", "a=1; Path=/"],
  ["/login", "a=1; Path=/"],
  ["/shop/login?next=/x/y", "a=1; Path=/shop"],
  ["/shop/", "a=1; Path=/shop"],
])("a cookie of %s without a path applies to its folder: %s", (path, line) => {
  const cookies = new HopCookies(undefined, () => NOW);
  cookies.take("a=1", path);
  cookies.take(undefined, path);
  cookies.take("b=1; path = /", path);
  cookies.take("c=1; mypath=/", path);
  cookies.take("d=1;Path=/x", path);
  expect(cookies.set[3]).toBe("d=1;Path=/x");
  expect(cookies.set.slice(0, 2)).toEqual([line, "b=1; path = /"]);
  expect(cookies.set[2]).toMatch(/^c=1; mypath=\/; Path=/);
});
