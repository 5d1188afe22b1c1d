import { randomInt } from "node:crypto";
import { type GoalResult, runGenerated } from "../test/targets/generated/generated.ts";
import { type BenchResult, machine } from "./result.ts";

/** Seeds whose systems the planner was developed with. */
const DEVELOPMENT = Array.from({ length: 200 }, (_, seed) => seed);
const SESSIONS = 2;
/** Systems at once: a session mostly waits. */
const AT_ONCE = 8;

/**
 * Sessions that reach their goal, by the systems' own state, on generated systems: 200 that the planner was developed
 * with, and 200 drawn afresh. Failures are shown of the former only.
 */
export async function generality(log: (line: string) => void): Promise<BenchResult> {
  const fresh = Array.from({ length: DEVELOPMENT.length }, () => randomInt(1_000, 2 ** 31));
  log(`fresh seeds: ${fresh.join(" ")}`);
  const development = await measure(DEVELOPMENT, log);
  const heldOut = await measure(fresh, () => undefined);
  return {
    name: "generality",
    machine: machine(),
    figures: {
      systems: DEVELOPMENT.length,
      sessions: development.sessions + heldOut.sessions,
      developmentSuccessPct: development.all,
      heldOutSuccessPct: heldOut.all,
      ...named("development", development.byFace),
      ...named("heldOut", heldOut.byFace),
    },
    ratios: {},
    notes: ["at least 95% on both, and at most 2 points between them"],
  };
}

interface Measured {
  sessions: number;
  all: number;
  byFace: Map<string, GoalResult[]>;
}

async function measure(seeds: readonly number[], log: (line: string) => void): Promise<Measured> {
  const results: GoalResult[] = [];
  const left = seeds.values();
  const work = async (): Promise<void> => {
    for (const seed of left) {
      const found = await runGenerated(seed, SESSIONS);
      for (const { failure, prompt, plan } of found)
        if (failure !== undefined) log(`seed ${plan.seed}, ${plan.face}: ${prompt}\n${failure}`);
      results.push(...found);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const byFace = new Map<string, GoalResult[]>();
  for (const result of results)
    byFace.set(result.plan.face, [...(byFace.get(result.plan.face) ?? []), result]);
  return { sessions: sumOf(results, "sessions"), all: percentOf(results), byFace };
}

const sumOf = (results: readonly GoalResult[], key: "sessions" | "reached"): number =>
  results.reduce((sum, result) => sum + result[key], 0);

const percentOf = (results: readonly GoalResult[]): number =>
  Math.round((1_000 * sumOf(results, "reached")) / Math.max(1, sumOf(results, "sessions"))) / 10;

function named(half: string, byFace: ReadonlyMap<string, GoalResult[]>): Record<string, number> {
  return Object.fromEntries(
    Array.from(byFace, ([face, results]) => [
      `${half}${face.charAt(0).toUpperCase()}${face.slice(1)}Pct`,
      percentOf(results),
    ]),
  );
}
