import type { FromWorker, ToWorker } from "../worker/protocol.ts";

/** The subjects of a run's message bus. */
export const SUBJECTS = {
  /** A process of agents announces itself. */
  join: "join",
  /** The engine's heartbeat, once per second. */
  beat: "beat",
  /** An engine has started: the first, or one that continues the run. */
  engine: "engine",
  /** From the engine to one worker. */
  to: (worker: string): string => `to.${worker}`,
  /** From a worker to the engine. */
  from: (worker: string): string => `from.${worker}`,
  /** Events, by part. */
  events: "events.",
  /** Digests of a part's events, where not all of these are sent; see `bus/digest-message.ts`. */
  digest: "digest.",
  /** Figures of a part that is no worker, where its events are not sent. */
  figures: "figures.",
} as const;

/** Bytes of events per second that all workers of a run send together, where not all events are sent. */
export const EVENT_BYTES_PER_SECOND = 4_000_000;

/** From a worker to the engine: the messages of every worker, that it is about to leave, and that it has left. */
export type FromWorkerMessage = FromWorker | { type: "leaving" };

/** From the engine to a worker: the messages to every worker, and that the run is over. */
export type ToWorkerMessage = ToWorker | { type: "leave" };

/** The value that marks a run as over: workers that start late leave at once. */
export const RUN_ENDED = "over";
