import type { SessionEnded } from "@ape/core/protocol/events";
import type { ReportFailure } from "@ape/core/report/report";
import { MAX_FAILURE_GROUPS } from "@ape/core/report/report-bounds";
import { shortened } from "@ape/core/report/shortened";
import { MAX_REASON_CHARS, reasonKey } from "../aggregate/failures.ts";
import { cut } from "./bounded-text.ts";

const EVIDENCE_CHARS = 600;

/** A group as JSON, without its example sessions. */
export type FailureGroup = Omit<ReportFailure, "sessions"> & { key: string };

/** The name of the group that a session which did not succeed belongs to. */
export function failureKey({
  attribution = "infrastructure",
  reason,
}: Pick<SessionEnded, "attribution" | "reason">): string {
  return reasonKey({ attribution, reason });
}

/** Sessions that did not succeed, by similar reasons. */
export class FailureGroups {
  readonly #groups = new Map<string, FailureGroup>();

  add(event: SessionEnded): void {
    if (event.outcome === "succeeded") return;
    this.#count({
      key: failureKey(event),
      attribution: event.attribution ?? "infrastructure",
      reason: shortened(event.reason, MAX_REASON_CHARS),
      count: 1,
      evidence: evidenceOf(event),
    });
  }

  /** Returns everything since the last call and starts at zero again: for one process of several. */
  take(): FailureGroup[] {
    const taken = [...this.#groups.values()];
    this.#groups.clear();
    return taken;
  }

  merge(groups: readonly FailureGroup[]): void {
    for (const group of groups) this.#count({ ...group });
  }

  /** The most frequent first. */
  read(examplesOf: (key: string) => string[]): ReportFailure[] {
    return [...this.#groups.values()]
      .sort((a, b) => b.count - a.count)
      .map(({ key, ...group }) => ({ ...group, sessions: examplesOf(key) }));
  }

  #count(group: FailureGroup): void {
    const known = this.#groups.get(group.key);
    if (known !== undefined) {
      known.count += group.count;
      return;
    }
    if (this.#groups.size >= MAX_FAILURE_GROUPS) {
      const [rarest] = [...this.#groups.values()].sort((a, b) => a.count - b.count);
      if (rarest !== undefined) this.#groups.delete(rarest.key);
    }
    this.#groups.set(group.key, group);
  }
}

function evidenceOf({ checks, decidedBy }: SessionEnded): string {
  const unmet = checks.filter(({ held }) => !held).map(({ label, evidence }) => `${label}: ${evidence}`);
  const step = decidedBy === undefined ? [] : [`decided by step ${decidedBy}`];
  return cut([...unmet, ...step].join("; "), EVIDENCE_CHARS);
}
