import type { FromWorker, ToWorker } from "../worker/protocol.ts";

/** The subjects of a run's plane. */
export const SUBJECTS = {
  /** A process of agents says that it is there. */
  join: "join",
  /** The engine says that it is there, once a second. */
  beat: "beat",
  /** An engine has come: the first, or one that continues the run. */
  engine: "engine",
  /** The engine to one member. */
  to: (member: string): string => `to.${member}`,
  /** A member to the engine. */
  from: (member: string): string => `from.${member}`,
  /** Events, by part. */
  events: "events.",
} as const;

/** A member to the engine: what every worker says, that it will leave by itself, and that it has left. */
export type FromWorkerMessage = FromWorker | { type: "leaving" };

/** The engine to a member: what it says to every worker, and that the run is over. */
export type ToWorkerMessage = ToWorker | { type: "leave" };

/** The value that says that a run is over: members that come late leave at once. */
export const RUN_ENDED = "over";
