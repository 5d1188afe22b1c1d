import fc from "fast-check";
import { expect, test } from "vitest";
import { linkTo, parseRoute, routeHash } from "./route.ts";

test("a route survives its address, whatever its texts hold", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ minLength: 1, unit: "grapheme" })),
      (route) => {
        expect(parseRoute(routeHash(route))).toEqual({ ...route });
      },
    ),
  );
});

test("a link to a view keeps the token and the run, and drops the filters of another view", () => {
  const from = { token: "t", run: "r", view: "sessions", outcome: "failed" };
  expect(parseRoute(linkTo(from, { view: "paths", goal: undefined }))).toEqual({
    token: "t",
    run: "r",
    view: "paths",
  });
});
