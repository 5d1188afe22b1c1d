import { targetSchema } from "@ape/core/config/target";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { ResiliencePipeline } from "./resilience-pipeline.ts";

const RESULT: ToolResult = {
  status: 200,
  headers: {},
  body: { kind: "empty" },
  timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
  attempts: [],
  operation: "GET /a",
};
const answered = (status: number): ToolResult => ({ ...RESULT, status });
const failed = (code: NonNullable<ToolResult["error"]>["code"]): ToolResult => ({
  ...RESULT,
  status: 0,
  error: { code, message: "" },
});

class ManualClock {
  at = 0;
  now = () => this.at;
  epoch = () => this.at;
  sleep = () => Promise.resolve();
}

function pipeline(clock = new ManualClock()) {
  const config = targetSchema.parse({
    baseUrl: "http://127.0.0.1:1",
    circuitBreaker: { failures: 2, cooldown: "10s" },
  });
  const one = new ResiliencePipeline("shop", config, clock);
  let sent = 0;
  const pass = async (result: ToolResult | Error) => {
    const shown = await one.pass("GET /a", undefined, () => {
      sent += 1;
      return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
    });
    return shown.error?.code ?? shown.status;
  };
  return { pass, clock, sent: () => sent };
}

test.each([
  ["an answer of 500", answered(500), true],
  ["an answer of 599", answered(599), true],
  ["no connection", failed("refused"), true],
  ["a timeout", failed("timeout"), true],
  ["an answer of 499", answered(499), false],
  ["an answer of 200", answered(200), false],
  ["an invalid call of the caller", failed("invalid_call"), false],
  ["a call that the caller cancelled", failed("cancelled"), false],
])("two times %s opens the circuit: %j", async (_name, result, opens) => {
  const { pass, sent } = pipeline();
  await pass(result);
  await pass(result);
  expect(await pass(answered(200))).toBe(opens ? "circuit_open" : 200);
  expect(sent()).toBe(opens ? 2 : 3);
});

test("the caller's own mistakes between two failures neither count nor clear them", async () => {
  const { pass } = pipeline();
  for (const result of [answered(500), failed("invalid_call"), failed("cancelled"), answered(500)])
    await pass(result);
  expect(await pass(answered(200))).toBe("circuit_open");
});

test("after the pause one call tries; a good one closes the circuit, a call that throws leaves the next one to try", async () => {
  const { pass, clock } = pipeline();
  await pass(answered(500));
  await pass(answered(500));
  clock.at = 9_999;
  expect(await pass(answered(200))).toBe("circuit_open");
  clock.at = 10_000;
  await expect(pass(new Error("defect"))).rejects.toThrow("defect");
  expect(await pass(answered(200))).toBe(200);
  await pass(answered(500));
  expect(await pass(answered(200))).toBe(200);
});

test("a call is given the time that it waited; one that may not wait so long, or was cancelled, is refused", async () => {
  const clock = new ManualClock();
  const config = targetSchema.parse({ baseUrl: "http://127.0.0.1:1", rate: 1, timeouts: { total: "2s" } });
  const one = new ResiliencePipeline("shop", config, {
    ...clock,
    sleep: async (ms: number) => {
      clock.at += ms;
    },
    now: () => clock.at,
  });
  clock.at = 500;
  const waits: number[] = [];
  const run = async (ms: number) => {
    waits.push(ms);
    return RESULT;
  };
  const pass = (signal?: AbortSignal) => one.pass("GET /a", signal, run);
  await pass();
  await pass();
  expect(waits).toEqual([0, 1_000]);
  expect(await pass(AbortSignal.abort())).toMatchObject({
    operation: "GET /a",
    error: { code: "cancelled", message: "the session or the run ended first" },
  });
  clock.at = 0;
  expect((await pass()).error).toEqual({
    code: "gateway",
    message: "no turn within 2000 ms: the target's rate or concurrency is capped",
  });
  const open = new ResiliencePipeline("shop", targetSchema.parse({ baseUrl: "http://127.0.0.1:1" }), clock);
  await open.pass("GET /a", undefined, run);
  expect(waits).toEqual([0, 1_000, 0]);
});

test("a place is free again after a call, also one that failed", async () => {
  const config = targetSchema.parse({ baseUrl: "http://127.0.0.1:1", maxConcurrent: 1 });
  const one = new ResiliencePipeline("shop", config, new ManualClock());
  await expect(one.pass("GET /a", undefined, () => Promise.reject(new Error("defect")))).rejects.toThrow();
  expect(await one.pass("GET /a", undefined, async () => RESULT)).toBe(RESULT);
});
