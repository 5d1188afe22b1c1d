import { plausibleEvents } from "@ape/engine/test/plausible-events";
import { expect, test } from "vitest";
import { testIo } from "../../test/test-io.ts";
import { roleLog } from "./log.ts";
import { SessionLog } from "./session-log.ts";

interface Line {
  level: string;
  service: string;
  trace_id?: string;
  session_id?: string;
  agent_id?: string;
  outcome?: string;
}

function linesOf(level?: string): Line[] {
  const io = testIo(level === undefined ? {} : { env: { APE_LOG: level } });
  const log = new SessionLog(roleLog(io, "agents"));
  for (const event of plausibleEvents(60)) log.add(event);
  return io
    .stderr()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

test("a line of JSON for each session, with its ids; trouble is a warning", () => {
  const lines = linesOf();
  expect(lines).toHaveLength(60);
  for (const line of lines) {
    expect(line).toMatchObject({ service: "agents", agent_id: "a0-1" });
    expect(line.trace_id).toMatch(/^[0-9]{32}$/);
    expect(line.level).toBe(line.outcome === "succeeded" ? "info" : "warn");
  }
  expect(new Set(lines.map(({ session_id }) => session_id)).size).toBe(60);
});

test("APE_LOG leaves out what is below it; what is no level is refused", () => {
  const lines = linesOf("warn");
  expect(lines.length).toBeGreaterThan(0);
  for (const { level } of lines) expect(level).toBe("warn");
  expect(() => linesOf("loud")).toThrow(/no level/);
});
