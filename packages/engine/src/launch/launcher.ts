import type { Config, Runtime } from "@ape/core/config/schema";
import type { ApeError } from "@ape/core/lib/errors";
import type { Event } from "@ape/core/protocol/events";
import type { Gateway } from "@ape/gateway/gateway";
import type { AggregateSnapshot } from "../aggregate/aggregator.ts";
import type { Manifest } from "../store/manifest.ts";
import type { WorkerBoot } from "../worker/protocol.ts";
import type { Resume } from "./resume-file.ts";
import type { WorkerHandle, WorkerListener } from "./worker-handle.ts";

/** What the engine needs of a gateway: its own requests, and the list of operations. */
export type EngineGateway = Pick<
  Gateway,
  "transport" | "describe" | "hasOperation" | "permits" | "operations" | "reach" | "close"
>;

/** The run, as a launcher sees it. */
export interface RunContext extends WorkerListener {
  readonly run: string;
  /** The run's folder. */
  readonly directory: string;
  /** Seed of the run, and which events it gets and keeps. */
  readonly recording: { seed: number } & Config["events"];
  /** Start configuration of a worker; `share` as in {@link WorkerBoot}. */
  boot(index: number, share?: number): WorkerBoot;
  /** A part that the run needs for its start has failed. */
  failed(error: ApeError): void;
  /** A worker was started; its messages and its end follow. */
  joined(handle: WorkerHandle): void;
  /** A worker that was counted as gone sends messages again: it gets agents as before. */
  returned(index: number): void;
  /** Whether the message bus answers; while it does not, workers can be neither told to end nor counted as gone. */
  reachable(isReachable: boolean): void;
  /** The message bus did not answer for so many milliseconds until now. */
  wasAway(durationMs: number): void;
  /** A worker is about to leave: it gets no more agents. */
  leaving(index: number): void;
  /** An event that a part other than the workers recorded, such as a model call of the inference proxy. */
  recorded(event: Event): void;
  /** The figures of such a part since its last ones, where its events are not sent. */
  figures(snapshot: AggregateSnapshot): void;
  /** Writes a message to the run's log. */
  say(level: "info" | "warn", message: string): void;
}

/** With what another engine continues a run whose folder it does not have. */
export interface RunState extends Pick<Resume, "load" | "seed" | "startedAt" | "scaled"> {
  manifest: Manifest;
}

/** Starts the parts of a run, and ends them. */
export interface Launcher {
  readonly runtime: Runtime;
  /** Workers may come and go: the death of one does not end the run. */
  readonly replaces: boolean;
  /** Starts everything, or attaches to what is already running; the workers join one by one. */
  open(context: RunContext): Promise<void>;
  /** The state with which another engine can continue the run; undefined if none can. */
  readonly continuation?: Pick<Resume, "token" | "ports" | "containers" | "image">;
  /** Keeps the state of the run where another engine finds it; called when the load begins, and when it changes. */
  keep?(state: RunState): Promise<void>;
  /** Opens the engine's own gateway to the targets. */
  openGateway(): Promise<EngineGateway>;
  /** Adapts the capacity to this many agents. */
  scale(agents: number): void;
  /** Called when every worker is gone: resolves when all their events are in the run's folder. */
  settle(): Promise<void>;
  /**
   * Ends what was started.
   * @param concluded whether the run's results have been computed, so that it will not be continued
   */
  close(concluded?: boolean): Promise<void>;
}
