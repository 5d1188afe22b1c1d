import type { Runtime } from "@ape/core/config/schema";
import type { ApeError } from "@ape/core/lib/errors";
import type { Event } from "@ape/core/protocol/events";
import type { Gateway } from "@ape/gateway/gateway";
import type { WorkerBoot } from "../worker/protocol.ts";
import type { Resume } from "./resume-file.ts";
import type { WorkerHandle, WorkerListener } from "./worker-handle.ts";

/** What the engine needs of a gateway: its own requests, and which operations there are. */
export type EngineGateway = Pick<
  Gateway,
  "transport" | "describe" | "hasOperation" | "permits" | "operations" | "reach" | "close"
>;

/** The run, as a launcher sees it. */
export interface RunContext extends WorkerListener {
  readonly run: string;
  /** The run's folder. */
  readonly directory: string;
  /** What a worker needs to begin; `share` as in {@link WorkerBoot}. */
  boot(index: number, share?: number): WorkerBoot;
  /** A part that the run cannot begin without has failed. */
  failed(error: ApeError): void;
  /** A worker has been started; its messages and its end follow. */
  joined(handle: WorkerHandle): void;
  /** A worker will leave by itself: it gets no more agents. */
  leaving(index: number): void;
  /** An event that a part other than the workers recorded, such as a model call of the inference proxy. */
  recorded(event: Event): void;
  /** Says something to whoever reads the run's log. */
  say(level: "info" | "warn", message: string): void;
}

/** Starts the parts of a run, and ends them. */
export interface Launcher {
  readonly runtime: Runtime;
  /** Workers come and go: the death of one does not end the run. */
  readonly replaces: boolean;
  /** Starts everything, or attaches to what is running already; the workers join, one by one. */
  open(context: RunContext): Promise<void>;
  /** What another engine would need to continue the run; undefined where none can. */
  readonly continuation?: Pick<Resume, "token" | "ports" | "containers" | "image">;
  /** Opens the engine's own way to the targets. */
  openGateway(): Promise<EngineGateway>;
  /** Makes room for so many agents, or takes away room that is not needed. */
  scale(agents: number): void;
  /** Called when every worker is gone: resolves when all that they recorded is in the run's folder. */
  settle(): Promise<void>;
  /**
   * Ends what was started.
   * @param concluded whether the run's results have been computed, so that nobody will continue it
   */
  close(concluded?: boolean): Promise<void>;
}
