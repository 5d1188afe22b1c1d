import { type Selection, SelectionSource, selectInSlices } from "@ape/catalog/selection/select-operations";
import type { ApiDescription, ApiOperation } from "@ape/core/protocol/api";
import { type LabelledGoal, labelledGoals } from "./public-apis.ts";

export const MAX_TOKENS = 6_000;

/** How many of the needed operations a selection holds, over goals. */
export interface Recall {
  /** Percent of the needed operations that are selected. */
  needed: number;
  /** Percent of the goals of which every needed operation is selected. */
  goals: number;
}

export interface RecallResult {
  all: Recall;
  tuned: Recall;
  aside: Recall;
  /** Milliseconds: the longest preparation of a document, the longest selection for a goal, and its longest slice. */
  prepareMs: number;
  selectMs: number;
  sliceMs: number;
  misses: { goal: LabelledGoal; missing: string[]; selection: Selection }[];
}

/** Selects operations for every labelled goal. */
export function measureRecall(apis: ReadonlyMap<string, ApiDescription>): RecallResult {
  const counts = { tuned: new Counter(), aside: new Counter() };
  const result = { prepareMs: 0, selectMs: 0, sliceMs: 0, misses: [] as RecallResult["misses"] };
  for (const [name, api] of apis) {
    const began = performance.now();
    const source = new SelectionSource([api]);
    source.index.login(api.target);
    result.prepareMs = Math.max(result.prepareMs, performance.now() - began);
    for (const goal of labelledGoals().filter((one) => one.api === name)) {
      const start = performance.now();
      const { selection, sliceMs } = timedSelection(goal.goal, source);
      result.sliceMs = Math.max(result.sliceMs, sliceMs);
      result.selectMs = Math.max(result.selectMs, performance.now() - start);
      const keys = new Set(selection.apis.flatMap(({ operations }) => operations.map(keyOf)));
      const missing = goal.needs.filter((needs) => !needs.some((need) => keys.has(need)));
      for (const need of goal.needs.flat())
        if (!api.operations.some((one) => keyOf(one) === need)) throw new Error(`${name} has no ${need}`);
      counts[goal.aside ? "aside" : "tuned"].add(goal.needs.length, missing.length);
      if (missing.length > 0)
        result.misses.push({ goal, missing: missing.map((one) => one.join(" | ")), selection });
    }
  }
  const all = new Counter();
  all.join(counts.tuned);
  all.join(counts.aside);
  return { ...result, all: all.recall(), tuned: counts.tuned.recall(), aside: counts.aside.recall() };
}

function timedSelection(prompt: string, source: SelectionSource): { selection: Selection; sliceMs: number } {
  const slices = selectInSlices(prompt, source, MAX_TOKENS);
  let sliceMs = 0;
  for (;;) {
    const began = performance.now();
    const { done, value } = slices.next();
    sliceMs = Math.max(sliceMs, performance.now() - began);
    if (done === true) return { selection: value, sliceMs };
  }
}

const keyOf = ({ method, path }: ApiOperation): string => `${method} ${path}`;
const percent = (part: number, whole: number): number => Math.round((1000 * part) / Math.max(1, whole)) / 10;

class Counter {
  #goals = 0;
  #whole = 0;
  #needed = 0;
  #found = 0;

  add(needed: number, missing: number): void {
    this.#goals += 1;
    if (missing === 0) this.#whole += 1;
    this.#needed += needed;
    this.#found += needed - missing;
  }

  join(other: Counter): void {
    this.#goals += other.#goals;
    this.#whole += other.#whole;
    this.#needed += other.#needed;
    this.#found += other.#found;
  }

  recall(): Recall {
    return { needed: percent(this.#found, this.#needed), goals: percent(this.#whole, this.#goals) };
  }
}
