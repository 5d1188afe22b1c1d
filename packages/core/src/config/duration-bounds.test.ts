import { expect, test } from "vitest";
import { ApeError } from "../lib/errors.ts";
import { parseConfig } from "./parse.ts";

const KEYS: Readonly<Record<string, (duration: string) => string>> = {
  "targets.app.timeouts.total": (text) => `target: { timeouts: { total: ${text} } }`,
  "targets.app.timeouts.connect": (text) => `target: { timeouts: { connect: ${text} } }`,
  "targets.app.timeouts.firstByte": (text) => `target: { timeouts: { firstByte: ${text} } }`,
  "targets.app.retries.backoff": (text) => `target: { retries: { backoff: ${text} } }`,
  "targets.app.circuitBreaker.cooldown": (text) => `target: { circuitBreaker: { cooldown: ${text} } }`,
  "inference.timeout": (text) => `inference: { timeout: ${text} }`,
  "inference.queueTimeout": (text) => `inference: { queueTimeout: ${text} }`,
  "inference.hedgeAfter": (text) => `inference: { hedgeAfter: ${text} }`,
  "inference.retries.maxWait": (text) => `inference: { retries: { maxWait: ${text} } }`,
  "inference.breaker.pause": (text) => `inference: { breaker: { pause: ${text} } }`,
  "goals[0].budget.time": (text) => `goal: { budget: { time: ${text} } }`,
  "load.duration": (text) => `load: { duration: ${text} }`,
  "load.gracefulStop": (text) => `load: { gracefulStop: ${text} }`,
  "load.rampUp": (text) => `load: { sessions: 1, rampUp: ${text} }`,
  "load.stages[0].duration": (text) => `load: { stages: [{ duration: ${text}, agents: 1 }] }`,
  "load.thinkTime.constant": (text) => `load: { thinkTime: { constant: ${text} } }`,
  "load.thinkTime.weibull.scale": (text) => `load: { thinkTime: { weibull: { scale: ${text}, shape: 1 } } }`,
};

function problems(part: string): readonly string[] {
  const [, kind = "", value = ""] = /^(\w+): \{(.*)\}$/s.exec(part) ?? [];
  const more = (name: string): string => (kind === name && value.trim() !== "" ? `, ${value}` : "");
  const text = `version: 1
targets: { app: { baseUrl: "http://127.0.0.1:1"${more("target")} } }
inference: { provider: simulated${more("inference")} }
goals: [{ name: g, prompt: Do., success: [{ action: { operation: GET /a } }]${more("goal")} }]
load: { agents: 1${more("load")} }
`;
  try {
    parseConfig(text, "c", {});
    return [];
  } catch (thrown) {
    if (thrown instanceof ApeError) return thrown.details;
    throw thrown;
  }
}

/** Keys that a year fits in, and keys for which no time at all is an answer. */
const OF_A_RUN = ["load.duration", "load.rampUp", "load.stages[0].duration"];
const MAY_BE_ZERO = [
  "targets.app.retries.backoff",
  "inference.hedgeAfter",
  "inference.retries.maxWait",
  "load.gracefulStop",
  "load.rampUp",
  "load.stages[0].duration",
  "load.thinkTime.constant",
];

test.each(Object.entries(KEYS))("%s has bounds that a timer can keep", (key, write) => {
  expect(problems(write("5s"))).toEqual([]);
  const long = OF_A_RUN.includes(key);
  expect(problems(write(long ? "8760h" : "590h"))).toEqual([]);
  for (const tooMuch of long ? ["8761h", "999999999h"] : ["700h", "597h", "999999999999999h"])
    expect(problems(write(tooMuch))).toEqual([
      expect.stringMatching(
        `^c:\\d+:\\d+: ${key.replaceAll(/[[\].]/g, "\\$&")}: a duration of (?:at least 1ms and )?at most ${long ? 8760 : 596}h is expected`,
      ),
    ]);
  expect(problems(write("0s")).length, "0s").toBe(MAY_BE_ZERO.includes(key) ? 0 : 1);
});

test.each(Object.entries(KEYS))("%s that is no text is answered by what a duration is", (key, part) => {
  for (const value of ["30", "1.5", "true", "[1s]"])
    expect(problems(part(value)).filter((one) => one.includes(`${key}: a duration such as`))).toHaveLength(1);
});
