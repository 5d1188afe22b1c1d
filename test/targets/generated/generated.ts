import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { Event } from "@ape/core/protocol/events";
import { systemClock as clock } from "@ape/engine/host/clock";
import { createGateway } from "@ape/gateway/gateway";
import { configOf, keepEvents, runInProcess } from "../../in-process.ts";
import { drawSystem, type SystemPlan } from "./draw.ts";
import { goalsOf } from "./goals.ts";
import { sdlOf, startGraphql } from "./graphql.ts";
import { documentOf, startRest } from "./rest.ts";
import { SystemState } from "./state.ts";
import { startWeb } from "./web.ts";

/** What the sessions of one goal reached on one system. */
export interface GoalResult {
  plan: SystemPlan;
  prompt: string;
  sessions: number;
  /** Sessions that reached the goal by the system's own state. */
  reached: number;
  /** The calls of the first session that did not reach it, and why it ended. */
  failure: string | undefined;
}

/** How a face is served and configured; `never` is an operation that no session calls. */
const FACES = {
  rest: { start: startRest, target: "spec: ./api.json", never: "GET /never" },
  graphql: { start: startGraphql, target: "kind: graphql, spec: ./api.graphql", never: "query never" },
  web: { start: startWeb, target: "kind: web", never: "GET /never" },
} as const;

/**
 * Runs the goals of a generated system with the simulated model, in this process.
 * @param sessions per goal
 */
export async function runGenerated(seed: number, sessions: number): Promise<GoalResult[]> {
  const plan = drawSystem(seed);
  const results: GoalResult[] = [];
  for (const [index] of goalsOf(plan).entries()) results.push(await runGoal(plan, index, sessions));
  return results;
}

/** A system that is served and described, with an account for each of its users. */
interface ServedSystem {
  plan: SystemPlan;
  state: SystemState;
  api: ApiDescription;
  /** Runs sessions of a goal in words, judged by checks. */
  run(prompt: string, success: readonly unknown[], sessions: number): Promise<Event[]>;
  close(): Promise<void>;
}

/** Serves a generated system. */
export async function serveGenerated(plan: SystemPlan): Promise<ServedSystem> {
  const state = new SystemState(plan);
  const baseDir = await mkdtemp(join(tmpdir(), "ape-generated-"));
  const { start, target } = FACES[plan.face];
  const server = await start(state);
  await writeFile(join(baseDir, "api.json"), JSON.stringify(documentOf(plan)));
  await writeFile(join(baseDir, "api.graphql"), sdlOf(plan));
  const rows = state.accounts().map(({ email, password }) => `${email},${password}`);
  await writeFile(join(baseDir, "accounts.csv"), ["email,password", ...rows].join("\n"));
  const configured = (prompt: string, success: readonly unknown[], sessions: number) =>
    configOf(`version: 1
targets: { app: { baseUrl: "${server.url}", ${target} } }
inference: { provider: simulated }
goals:
  - name: goal
    prompt: ${JSON.stringify(prompt)}
${plan.login === "none" ? "" : "    data: { file: ./accounts.csv, unique: true, secret: [password] }\n"}    success: ${JSON.stringify(success)}
load: { agents: 1, sessions: ${sessions}, thinkTime: none }
`);
  const { targets } = configured("Look.", neverHolds(plan), 1);
  const gateway = await createGateway({ targets, clock, baseDir, env: {} });
  const api = gateway.describe("app");
  return {
    plan,
    state,
    api,
    async run(prompt, success, sessions) {
      const { events, recorder } = keepEvents();
      await runInProcess({
        config: configured(prompt, success, sessions),
        apis: [api],
        tools: gateway.transport,
        clock,
        seed: plan.seed,
        sessions,
        agents: 1,
        baseDir,
        recorder,
      });
      return events;
    },
    async close() {
      await gateway.close();
      await server.close();
      await rm(baseDir, { recursive: true });
    },
  };
}

/** A check that no session meets. */
const neverHolds = ({ face }: SystemPlan): unknown[] => [
  { action: { operation: FACES[face].never, status: 299 } },
];

async function runGoal(plan: SystemPlan, index: number, sessions: number): Promise<GoalResult> {
  const goal = goalsOf(plan)[index];
  if (goal === undefined) throw new Error("no such goal");
  const system = await serveGenerated(plan);
  let events: Event[];
  try {
    events = await system.run(goal.prompt, neverHolds(plan), sessions);
  } finally {
    await system.close();
  }
  const started = events.flatMap((event) => (event.type === "session_started" ? [event] : []));
  const missed = started.filter(({ trace }) => !goal.isReached(system.state, trace));
  return {
    plan,
    prompt: goal.prompt,
    sessions: started.length,
    reached: started.length - missed.length,
    failure: missed[0] === undefined ? undefined : told(events, missed[0].session),
  };
}

/** A session's calls with their statuses, and its end. */
export function told(events: readonly Event[], session: string): string {
  const lines: string[] = [];
  for (const event of events) {
    if (event.type === "step" && event.session === session)
      lines.push(
        `${event.tool} ${JSON.stringify(event.args)} ${event.action?.operation ?? ""} -> ${event.action?.status ?? ""}`,
      );
    if (event.type === "session_ended" && event.session === session)
      lines.push(`${event.outcome}: ${event.reason ?? ""}`);
  }
  return lines.join("\n");
}
