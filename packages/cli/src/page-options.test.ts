import { expect, test } from "vitest";
import { testIo } from "../test/test-io.ts";
import { type PageChoice, pageOptions } from "./page-options.ts";

/** What is written when the page is open; undefined if no page is served. */
function written(choice: PageChoice, isTty = false): string | undefined {
  const io = testIo({ tty: isTty });
  const { onPage } = pageOptions(io, choice, false);
  onPage?.("http://127.0.0.1:1/#token=t");
  return onPage === undefined ? undefined : io.stderr();
}

test("a page that was asked for prints its address, however quiet the command is", () => {
  const address = "page http://127.0.0.1:1/#token=t\n";
  expect(written({ page: true })).toBe(address);
  expect(written({ page: true, quiet: true })).toBe(address);
  expect(written({ page: true, json: "object" })).toBe(address);
  expect(written({}, true)).toBe(address);
});

test("no page is served without a terminal, or where it is refused or nothing may be shown", () => {
  expect(written({})).toBeUndefined();
  expect(written({ page: false }, true)).toBeUndefined();
  expect(written({ quiet: true }, true)).toBeUndefined();
  expect(written({ json: "stream" }, true)).toBeUndefined();
});
