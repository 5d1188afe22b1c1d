import { Terminal } from "@xterm/headless";
import { expect, test } from "vitest";
import { sampleProgress as progress, testIo } from "../../test/test-io.ts";
import { LiveDisplay } from "./live.ts";

test("on a terminal the block is redrawn in place and can be taken off", () => {
  const io = testIo({ tty: true, columns: 100, env: { NO_COLOR: "1" } });
  const display = new LiveDisplay(io);
  display.show(progress);
  const height = io.stderr().split("\n").length - 1;
  expect(io.stderr()).not.toContain("\u001b");
  display.show(progress);
  expect(io.stderr().split(`\u001b[${height}A\u001b[0J`)).toHaveLength(2);
  display.clear();
  display.clear();
  expect(io.stderr().split(`\u001b[${height}A\u001b[0J`)).toHaveLength(3);
});

test("a terminal that was made narrower has wrapped the block: all its rows are taken off", () => {
  const io = testIo({ tty: true, columns: 100, env: { NO_COLOR: "1" } });
  const display = new LiveDisplay(io);
  display.show(progress);
  const rows = io
    .stderr()
    .trimEnd()
    .split("\n")
    .reduce((sum, line) => sum + Math.ceil(line.length / 30), 0);
  (io.err as { columns: number }).columns = 30;
  display.clear();
  expect(io.stderr().endsWith(`\u001b[${rows}A\u001b[0J`)).toBe(true);
});

test("the block goes whole, also where the terminal has written ^C on it", async () => {
  const terminal = new Terminal({ cols: 60, rows: 20, allowProposedApi: true });
  const io = testIo({ tty: true, columns: 60, env: { NO_COLOR: "1" } });
  const display = new LiveDisplay(io);
  display.show(progress);
  const shown = io.stderr();
  display.clear();
  const cleared = io.stderr().slice(shown.length);
  const text = `${shown}^C${cleared}stopping\n`.replaceAll("\n", "\r\n");
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const lines = Array.from({ length: 20 }, (_, y) =>
    terminal.buffer.active.getLine(y)?.translateToString(true),
  );
  expect(lines.filter((line) => line !== "")).toEqual(["stopping"]);
});

test.each([0, Number.NaN, undefined])("a terminal of %s columns is drawn for as one of 80", (columns) => {
  const io = testIo({ tty: true, columns: columns as number, env: { NO_COLOR: "1" } });
  const display = new LiveDisplay(io);
  display.show(progress);
  display.show(progress);
  expect(io.stderr()).toContain("\u001b[");
  expect(io.stderr()).not.toMatch(/Infinity|NaN/);
});

test("elsewhere a plain line comes every five seconds and at every change of phase", () => {
  const io = testIo();
  const display = new LiveDisplay(io);
  for (const elapsedMs of [1_000, 2_000, 5_900, 6_000, 7_000]) display.show({ ...progress, elapsedMs });
  display.show({ ...progress, phase: "draining", elapsedMs: 7_100 });
  expect(io.stderr().match(/^\w+ \d+s/gm)).toEqual(["running 1s", "running 6s", "draining 7s"]);
  expect(io.stderr()).not.toContain("\u001b");
});

test("a terminal that says it is 0 columns wide is cleared by a number of lines", () => {
  const io = testIo({ tty: true, columns: 0, env: { TERM: "xterm" } });
  const display = new LiveDisplay(io);
  display.show(progress);
  display.clear();
  expect(io.stderr()).not.toContain("Infinity");
  expect(io.stderr()).not.toContain("NaN");
});
