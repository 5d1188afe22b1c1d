import { runRightRefusals } from "../test/right-refusals.ts";
import { compareWithBooks, runUnderFaults } from "../test/soundness.ts";
import { type BenchResult, machine, stealMeter } from "./result.ts";

const SESSIONS = 5_000;
const AGENTS = 100;
const SHOWN = 20;
const ROUNDS = 5;

/**
 * 5,000 sessions at the shop with every class of fault on: how many succeed, how many verdicts equal the shop's books,
 * how many of the injector's faults are attributed rightly, and what is said of a target that is right to refuse. No peer
 * has such figures.
 */
export async function faults(log: (line: string) => void): Promise<BenchResult> {
  const stolen = stealMeter();
  log(`${SESSIONS} sessions of ${AGENTS} agents; this takes about a minute`);
  const { events, books } = await runUnderFaults({ sessions: SESSIONS, agents: AGENTS, seed: 11 });
  const found = compareWithBooks(events, books);
  const kinds = Object.entries(found.byKind);
  const steps = kinds.reduce((sum, [, kind]) => sum + kind.steps, 0);
  const right = kinds.reduce((sum, [, kind]) => sum + kind.right, 0);
  for (const [kind, of] of kinds)
    log(`${kind}: ${of.injected} injected, ${of.steps} on steps, ${of.right} right`);
  for (const wrong of found.wrong.slice(0, SHOWN)) log(wrong);
  log(`${ROUNDS} rounds of every scenario at a target that is right to refuse`);
  const rightly = await runRightRefusals(ROUNDS);
  for (const { attribution, scenario, rule } of rightly.refusals)
    if (attribution === "target") log(`blamed wrongly: ${rule} in ${scenario}`);
  return {
    name: "faults",
    machine: machine(),
    figures: {
      sessions: found.sessions,
      successPct: Math.round(found.successRate * 10_000) / 100,
      agreeingPct: Math.round((found.agreeing / found.sessions) * 10_000) / 100,
      faultsOnSteps: steps,
      refusalsNotInjected: found.refusals,
      refusalsBlamedOnShop: found.blamed,
      attributedRightPct: Math.round((right / Math.max(1, steps)) * 10_000) / 100,
      rightRefusals: rightly.refusals.length,
      rightRefusalsBlamedPct: percentOf(rightly.said.target, rightly.refusals.length),
      rightRefusalsUnclearPct: percentOf(rightly.said.unclear, rightly.refusals.length),
      stealPct: stolen(),
    },
    ratios: {},
    notes: [
      `${found.wrong.length} disagreements with the shop's books or its injector's log; at least 92% are to succeed, all verdicts to agree, no right refusal to be blamed and at most 10% to be unclear`,
    ],
  };
}

const percentOf = (part: number | undefined, whole: number): number =>
  Math.round(((part ?? 0) / Math.max(1, whole)) * 10_000) / 100;
