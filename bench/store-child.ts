import { setImmediate } from "node:timers/promises";
import { Aggregator } from "@ape/engine/aggregate/aggregator";
import { PartDigestBuilder } from "@ape/engine/report/part-digest";
import { openEventLog } from "@ape/engine/store/event-log";
import { answer } from "./answer.ts";
import { syntheticRunEvents } from "./synthetic-run.ts";

interface Order {
  /** Events folder to write to; without it the events are only made. */
  directory?: string;
  worker: number;
  agents: number;
  actions: number;
}

/** Events between two turns of the event loop, in which timers fire and writes complete. */
const BATCH = 500;

/**
 * Makes one worker's events, and records them as a worker does: intents of writing calls are committed, every event is
 * aggregated, and a snapshot is taken once per second of the run. Answers with the CPU time of all threads.
 */
answer(async ({ directory, worker, agents, actions }: Order) => {
  const before = process.cpuUsage();
  const log =
    directory === undefined
      ? undefined
      : await openEventLog(directory, `agents-${worker}`, {
          onFailure: (error) => {
            throw error;
          },
        });
  const aggregator = new Aggregator([], false);
  const digest = new PartDigestBuilder(worker);
  let made = 0;
  let events = 0;
  for (const event of syntheticRunEvents(worker, agents, actions)) {
    events += 1;
    if (event.type === "step") made += 1;
    if (log !== undefined) {
      if (event.type === "action_sent" && event.method !== "GET") log.commit(event);
      else log.record(event);
      aggregator.add(event);
      digest.add(event);
      if (event.type === "health") digest.addFigures(aggregator.takeSnapshot());
    }
    if (events % BATCH === 0) await setImmediate();
  }
  digest.addFigures(aggregator.takeSnapshot());
  await log?.close(digest.read(aggregator));
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: user + system, actions: made, events };
});
