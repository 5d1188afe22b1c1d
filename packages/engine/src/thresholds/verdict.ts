import { ERRORS, type ExitName, worstExit } from "@ape/core/lib/errors";
import type { RunEnded } from "@ape/core/protocol/events";
import type { RunStatus } from "@ape/core/report/summary";
import type { JudgedThreshold } from "./thresholds.ts";

/** Share of cut-off sessions above which a run proves nothing about its target. */
const INTERRUPTED_LIMIT = 0.1;
/** Share of its time for which a run may have been without its message bus: agents stood still. */
const AWAY_LIMIT = 0.1;

/** How a run ended, and the resulting exit. */
export interface Verdict {
  status: RunStatus;
  /** One sentence. */
  reason: string;
  exit: ExitName;
}

/**
 * The verdict of a run: the worst that applies, in the order of the table of exit codes.
 * @param ending `damage` says which recorded events no figure counts
 */
export function verdictOf(
  ending: Pick<RunEnded, "status" | "reason" | "error"> & Outage & { damage?: string },
  sessions: { started: number; ended: number; interrupted: number },
  thresholds: readonly JudgedThreshold[],
): Verdict {
  const crossed = thresholds.filter((threshold) => !threshold.ok);
  const doubt = ending.damage ?? doubtOf(sessions) ?? outageDoubt(ending);
  const exits: ExitName[] = [];
  if (ending.error !== undefined) exits.push(ERRORS[ending.error].exit);
  else if (ending.status !== "finished") exits.push(ending.status);
  if (crossed.length > 0) exits.push("thresholds");
  if (doubt !== undefined) exits.push("inconclusive");
  const exit = worstExit(exits);
  const status = ending.status === "finished" && doubt !== undefined ? "inconclusive" : ending.status;
  const reasons = [ending.reason];
  if (crossed.length > 0) reasons.push(crossedText(crossed));
  if (ending.busAwayMs > 0) reasons.push(outageText(ending));
  if (doubt !== undefined) reasons.push(doubt);
  return { status, reason: reasons.filter((reason) => reason !== "").join("; "), exit };
}

function doubtOf(sessions: { started: number; ended: number; interrupted: number }): string | undefined {
  const { started, ended, interrupted } = sessions;
  if (ended === 0) return "no session ended, so there is no verdict";
  if (interrupted > started * INTERRUPTED_LIMIT)
    return `${interrupted} of ${started} sessions were cut off, so there is no verdict`;
  return undefined;
}

/** Milliseconds without the message bus, and of the whole run. */
interface Outage {
  busAwayMs: number;
  durationMs: number;
}

function outageText({ busAwayMs, durationMs }: Outage): string {
  const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
  return `the message bus did not answer for ${seconds(busAwayMs)} of ${seconds(durationMs)} s, in which agents waited`;
}

function outageDoubt({ busAwayMs, durationMs }: Outage): string | undefined {
  return busAwayMs > durationMs * AWAY_LIMIT
    ? "that is more than a tenth of the run, so there is no verdict"
    : undefined;
}

function crossedText(crossed: readonly JudgedThreshold[]): string {
  const [first] = crossed as [JudgedThreshold];
  const text = `${first.metric} ${first.expression}`;
  return crossed.length === 1
    ? `threshold crossed: ${text}`
    : `${crossed.length} thresholds crossed, ${text} among them`;
}
