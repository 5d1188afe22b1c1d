import type { Summary } from "@ape/core/report/summary";

/** Kinds of repairs in a run, with their counts, from the metrics of its summary. */
export function repairsIn(metrics: Summary["metrics"]): [kind: string, times: number][] {
  return Object.entries(metrics).flatMap(([selector, { values }]): [string, number][] => {
    const kind = /^decisions_repaired\{kind:"(\w+)"\}$/.exec(selector)?.[1];
    return kind === undefined || !values.count ? [] : [[kind, values.count]];
  });
}
