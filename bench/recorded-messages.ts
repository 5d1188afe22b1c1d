import { Aggregator } from "@ape/engine/aggregate/aggregator";
import { digestMessages } from "@ape/engine/bus/digest-message";
import { PartDigestBuilder } from "@ape/engine/report/part-digest";
import { encodeEvent, isRunEvent } from "@ape/engine/store/event-encoding";
import { syntheticRunEvents } from "./synthetic-run.ts";

const AGENTS = 250;
/** Seconds of the run that a digest counts. */
const DIGEST_SECONDS = 300;

/** What one worker sends in one second. */
export interface RecordedSecond {
  /** The message with figures. */
  figures: string;
  /** The lines of all events, and of those that are sent where not all are. */
  all: string;
  kept: string;
  actions: number;
}

/** What one worker of 250 agents sends. */
export interface RecordedWorker {
  seconds: RecordedSecond[];
  digest: string[];
}

/**
 * Records what a worker would send, from the events of a synthetic run.
 * @param actions per second
 * @param keptBytes bytes of events per second that are sent where not all are
 */
export async function recordWorker(
  seconds: number,
  actions: number,
  keptBytes: number,
): Promise<RecordedWorker> {
  const aggregator = new Aggregator([], false);
  const digest = new PartDigestBuilder(0);
  const recorded: RecordedSecond[] = [];
  let [made, all, kept, count] = [0, "", "", 0];
  for (const event of syntheticRunEvents(0, AGENTS, Number.POSITIVE_INFINITY)) {
    aggregator.add(event);
    digest.add(event);
    const line = `${encodeEvent(event)}\n`;
    if (count < seconds) {
      all += line;
      if (isRunEvent(event.type) || kept.length + line.length < keptBytes) kept += line;
    }
    if (event.type === "step") made += 1;
    if (made < actions) continue;
    const snapshot = aggregator.takeSnapshot();
    digest.addFigures(snapshot);
    if (count < seconds) {
      const message = { type: "figures", snapshot, active: AGENTS, waiting: 0 };
      recorded.push({ figures: JSON.stringify(message), all, kept, actions: made });
    }
    [made, all, kept] = [0, "", ""];
    count += 1;
    if (count >= Math.max(seconds, DIGEST_SECONDS)) break;
  }
  const messages = await digestMessages(digest.read(aggregator), { figures: count, isFinal: false });
  return { seconds: recorded, digest: messages };
}

/** A recorded text as another worker would have sent it. */
export function asWorker(text: string, worker: number): string {
  return text
    .replaceAll('"agents-0"', `"agents-${worker}"`)
    .replaceAll('"s0-', `"s${worker}-`)
    .replace('"levels":[[0,', `"levels":[[${worker},`);
}
