import type { FromWorker, ToWorker } from "../worker/protocol.ts";

/** The subjects of a run's message bus. */
export const SUBJECTS = {
  /** A process of agents says that it is there. */
  join: "join",
  /** The engine says that it is there, once per second. */
  beat: "beat",
  /** An engine has come: the first, or one that continues the run. */
  engine: "engine",
  /** The engine to one worker. */
  to: (worker: string): string => `to.${worker}`,
  /** A worker to the engine. */
  from: (worker: string): string => `from.${worker}`,
  /** Events, by part. */
  events: "events.",
} as const;

/** A worker to the engine: what every worker says, that it will leave by itself, and that it has left. */
export type FromWorkerMessage = FromWorker | { type: "leaving" };

/** The engine to a worker: what it says to every worker, and that the run is over. */
export type ToWorkerMessage = ToWorker | { type: "leave" };

/** The value that says that a run is over: workers that come late leave at once. */
export const RUN_ENDED = "over";
