import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VerificationBudget } from "@ape/agent/attribution/verification-budget";
import type { Decision } from "@ape/agent/policy/decision";
import type { Policy } from "@ape/agent/policy/policy";
import { runSession } from "@ape/agent/session/session";
import type { Json, JsonObject } from "@ape/core/lib/json";
import { randomFrom } from "@ape/core/lib/random";
import type { Event } from "@ape/core/protocol/events";
import type { HttpMethod } from "@ape/core/protocol/operations/operation";
import type { Attribution } from "@ape/core/protocol/outcome";
import type { ToolTransport } from "@ape/core/protocol/tool-call";
import { spanId, traceId } from "@ape/core/protocol/trace";
import { systemClock as clock } from "@ape/engine/host/clock";
import { createGateway } from "@ape/gateway/gateway";
import { configOf, keepEvents } from "./in-process.ts";
import { SCENARIOS } from "./right-refusal-scenarios.ts";
import { type Refusal, startStrictOffice } from "./targets/strict-office.ts";
import { STRICT_OFFICE_DOCUMENT } from "./targets/strict-office-document.ts";

/** A request of a script; receives the answers so far, in order. */
export type Line = (answers: readonly Answered[]) => {
  call: `${HttpMethod} /${string}`;
  data?: Json;
  headers?: Record<string, string>;
};

/** An answer to a scripted session. */
export interface Answered {
  json: JsonObject;
  etag: string;
}

/** A refusal with the office's label, and APE's attribution of the step. */
export interface Judged extends Refusal {
  scenario: string;
  attribution: Attribution | undefined;
  because: string | undefined;
}

/** APE's attributions of the refusals of a target that is always right. */
export interface RightRefusals {
  refusals: Judged[];
  /** Refusals by attribution. */
  said: Record<string, number>;
  /** Sessions that were attributed to the target. */
  sessionsBlamed: string[];
  actions: number;
  reads: number;
}

const NEVER_MET = '{ action: { operation: "POST /never", status: 299 } }';

const config = (url: string, documented: boolean, success: string): string => `version: 1
targets:
  office: { baseUrl: "${url}", ${documented ? "spec: ./openapi.json" : 'allow: ["* /**"]'} }
inference: { provider: simulated }
goals:
  - name: work
    prompt: Work.
    success: [${success}]
load: { agents: 1, sessions: 1 }
`;

/** Runs every scenario against the strict office, in both wordings, with and without its API document. */
export async function runRightRefusals(rounds: number): Promise<RightRefusals> {
  const found: RightRefusals = { refusals: [], said: {}, sessionsBlamed: [], actions: 0, reads: 0 };
  const budget = new VerificationBudget();
  for (let round = 0; round < rounds; round += 1)
    for (const wording of ["plain", "terse"] as const)
      for (const documented of [true, false]) {
        const name = `${wording}, ${documented ? "documented" : "undocumented"}`;
        await play(found, { wording, documented, name: `${name} ${round}` }, budget);
      }
  for (const { attribution = "none" } of found.refusals)
    found.said[attribution] = (found.said[attribution] ?? 0) + 1;
  return found;
}

async function play(
  found: RightRefusals,
  { wording, documented, name }: { wording: "plain" | "terse"; documented: boolean; name: string },
  budget: VerificationBudget,
): Promise<void> {
  for (const [title, script] of Object.entries(SCENARIOS)) {
    const office = await startStrictOffice(wording);
    try {
      const scenario = `${title} (${name})`;
      const { events, trace } = await playScript(office.url, script, { documented, budget, seed: scenario });
      found.reads += events.filter(({ type }) => type === "verification").length;
      found.actions += events.filter((event) => event.type === "step" && event.action !== undefined).length;
      if (events.some((event) => event.type === "session_ended" && event.attribution === "target"))
        found.sessionsBlamed.push(scenario);
      for (const refusal of office.refusals()) {
        const step = events.find(
          (event) => event.type === "step" && spanId(trace, event.step) === refusal.span,
        );
        if (step?.type !== "step") continue;
        found.refusals.push({
          ...refusal,
          scenario,
          attribution: step.action?.attribution,
          because: step.action?.because,
        });
      }
    } finally {
      await office.close();
    }
  }
}

/**
 * Runs one script as a session, through its own gateway.
 * @param options.success the goal's checks, as YAML in one line; by default one that never holds
 */
export async function playScript(
  url: string,
  script: readonly Line[],
  options: { documented: boolean; budget: VerificationBudget; seed: string; success?: string },
): Promise<{ events: Event[]; trace: string }> {
  const { documented, budget, seed, success = NEVER_MET } = options;
  const baseDir = await mkdtemp(join(tmpdir(), "ape-office-"));
  await writeFile(join(baseDir, "openapi.json"), STRICT_OFFICE_DOCUMENT);
  const { targets, goals } = configOf(config(url, documented, success));
  const gateway = await createGateway({ targets, clock, baseDir, env: {} });
  const { events, recorder } = keepEvents();
  const answers: Answered[] = [];
  const tools: ToolTransport = {
    call: async (call, signal) => {
      const result = await gateway.transport.call(call, signal);
      // A read of the oracle has no caller, and a script does not see it.
      if (call.caller !== undefined) answers.push(answeredOf(result));
      return result;
    },
  };
  const trace = traceId(seed);
  try {
    await runSession({
      session: "s0-0",
      agent: "a0-0",
      trace,
      goal: goals[0] as (typeof goals)[0],
      row: {
        index: 0,
        values: { user: "ada", password: "lovelace-1815", wrong: "guess-1234" },
        secret: ["password", "wrong"],
      },
      apis: [gateway.describe("office")],
      origins: { office: url },
      policy: scripted(script, answers),
      tools,
      recorder,
      clock,
      random: randomFrom(1),
      thinkTime: "none",
      secrets: [],
      verification: budget,
      signal: new AbortController().signal,
    });
  } finally {
    await gateway.close();
    await rm(baseDir, { recursive: true });
  }
  return { events, trace };
}

function answeredOf({ body, headers }: Awaited<ReturnType<ToolTransport["call"]>>): Answered {
  return {
    json: (body.kind === "json" ? body.json : {}) as JsonObject,
    etag: typeof headers.etag === "string" ? headers.etag : "",
  };
}

/** A policy that follows a script, and then ends the session. */
function scripted(script: readonly Line[], answers: readonly Answered[]): Policy {
  let next = 0;
  return {
    decide: async () => {
      const line = script[next]?.(answers);
      next += 1;
      if (line === undefined)
        return {
          decision: { kind: "finish", tool: "finish", args: {}, reason: "done" },
          tokens: 0,
          queueMs: 0,
        };
      const [method, path] = line.call.split(" ") as [HttpMethod, string];
      const decision: Decision = {
        kind: "action",
        tool: `http_${method.toLowerCase()}`,
        args: {},
        target: "office",
        method,
        path,
      };
      if (line.data !== undefined) decision.data = line.data;
      if (line.headers !== undefined) decision.headers = line.headers;
      return { decision, tokens: 0, queueMs: 0 };
    },
  };
}
