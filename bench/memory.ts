import { Child } from "./child.ts";
import { type BenchResult, machine, median, spread, stealMeter } from "./result.ts";

const FEW = 1_000;
const MANY = 10_000;
const ROUNDS = 3;
const MOST_KB = 32;

/**
 * Memory of an agent in the middle of a session: the slope between 1,000 and 10,000 agents that wait for the model,
 * after 10 steps and after 200. Measured after full collections, so it hardly varies: three rounds.
 */
export async function memory(log: (line: string) => void): Promise<BenchResult> {
  const stolen = stealMeter();
  const slopes: Record<number, number[]> = { 10: [], 200: [] };
  for (const [steps, rounds] of [
    [10, ROUNDS],
    [200, 1],
  ] as const)
    for (let round = 0; round < rounds; round += 1) {
      const few = await heldBy({ agents: FEW, steps });
      const many = await heldBy({ agents: MANY, steps });
      const slope = (many - few) / (MANY - FEW) / 1024;
      slopes[steps]?.push(slope);
      log(`after ${steps} steps: ${slope.toFixed(1)} KB an agent`);
    }
  const one = (value: number): number => Math.round(value * 10) / 10;
  const after10 = median(slopes[10] ?? []);
  const after200 = median(slopes[200] ?? []);
  return {
    name: "memory",
    machine: machine(),
    figures: {
      kbPerAgentAfter10Steps: one(after10),
      kbPerAgentAfter200Steps: one(after200),
      stealPct: stolen(),
    },
    ratios: { after200To10Steps: Math.round((after200 / after10) * 100) / 100 },
    notes: [
      `slope of the heap between ${FEW} and ${MANY} agents: ${spread(slopes[10] ?? [])} KB after 10 steps, ${spread(slopes[200] ?? [])} KB after 200 (at most ${MOST_KB})`,
    ],
  };
}

/** Bytes that this many sessions in mid-session hold, in a separate process. */
async function heldBy(order: { agents: number; steps: number }): Promise<number> {
  const child = await Child.start("./memory-child.ts", ["--expose-gc", "--max-old-space-size=3000"]);
  try {
    return (await child.ask<{ bytes: number }>(order)).bytes;
  } finally {
    child.end();
  }
}
