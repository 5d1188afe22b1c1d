import type { FromWorker, ToWorker } from "../worker/protocol.ts";

/** A worker process as the engine sees it. */
export interface WorkerHandle {
  readonly index: number;
  readonly pid: number;
  send(message: ToWorker): void;
  /** At once, without waiting for its messages. */
  kill(): void;
}

/** Messages of a launcher about its workers. */
export interface WorkerListener {
  message(worker: number, message: FromWorker): void;
  /** The process ended; `expected` if it had sent `done`. */
  gone(worker: number, expected: boolean, how: string): void;
}
