import type { FromWorker, ToWorker } from "../worker/protocol.ts";

/** A worker process as the engine sees it. */
export interface WorkerHandle {
  readonly index: number;
  readonly pid: number;
  send(message: ToWorker): void;
  /** At once, without a farewell. */
  kill(): void;
}

/** What a launcher tells of its workers. */
export interface WorkerListener {
  message(worker: number, message: FromWorker): void;
  /** The process ended; `expected` where it had said `done`. */
  gone(worker: number, expected: boolean, how: string): void;
}
