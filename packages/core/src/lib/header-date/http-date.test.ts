import { afterEach, expect, test } from "vitest";
import { parseHttpDate } from "./http-date.ts";

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test.each([
  "Mon, 30 Nov 2026 12:00:10 GMT",
  "Monday, 30-Nov-26 12:00:10 GMT",
  "Mon Nov 30 12:00:10 2026",
  " Mon, 30-Nov-2026 12:00:10 ",
  "Mon, 30 Nov 2026 14:00:10 +0200",
  "Mon, 30 Nov 2026 12:00:10 UTC",
  "2026-11-30T12:00:10",
  "2026-11-30 12:00:10",
  "2026-11-30T12:00:10Z",
  "2026-11-30T13:00:10+01:00",
])("%s is the same moment wherever APE runs", (text) => {
  for (const place of ["UTC", "America/New_York", "Asia/Tokyo"]) {
    process.env.TZ = place;
    expect(parseHttpDate(text)).toBe(Date.UTC(2026, 10, 30, 12, 0, 10));
  }
});

test.each(["", "-1", "10", "2026", "10-20", "soon", "10s", "PT10S"])("%j is no date", (text) => {
  expect(parseHttpDate(text)).toBeUndefined();
});
