import type { Readable, Writable } from "node:stream";
import { EXIT } from "@ape/core/lib/errors";

/** An output stream for text. */
export interface TextStream {
  write(text: string): void;
  readonly isTty: boolean;
  /** Width in characters; 80 if it is not a terminal. */
  readonly columns: number;
  /** Height in lines; 24 if it is not a terminal. */
  readonly rows: number;
  /** The reader has closed the stream, as after `| head`. */
  readonly closed: boolean;
}

/** An interactive terminal: typed input, and where questions are shown. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * Everything outside of the command: all that it reads, writes, receives and exits with goes through this interface.
 */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Results. */
  readonly out: TextStream;
  /** Progress and errors. */
  readonly err: TextStream;
  /** Undefined without an interactive user: a pipe, a file, CI. */
  readonly terminal: Terminal | undefined;
  /**
   * Calls back at every SIGINT, SIGTERM and SIGHUP; without a listener they end the process with exit code 105. Returns
   * how to stop listening.
   */
  onInterrupt(listener: (signal: NodeJS.Signals) => void): () => void;
  /** Waits, in milliseconds. */
  sleep(ms: number): Promise<void>;
  /** Reports to the process that started this one in the background, if there is one, the id of the run. */
  announce(run: Announcement): void;
  /** Ends the process at once, even with work in progress. */
  leave(exitCode: number): void;
}

/** Message of a run in the background to the command that started it. */
export interface Announcement {
  run: string;
  directory: string;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Errors of a pipe whose reader closed, or of a closed terminal. */
const GONE = ["EPIPE", "EIO", "ERR_STREAM_DESTROYED"];

/** The process's own streams, environment and signals. A closed reader (`| head`) is no error. */
export function processIo(process: NodeJS.Process = globalThis.process): Io {
  const stream = (of: NodeJS.WriteStream): TextStream => {
    let closed = false;
    of.on("error", (error: NodeJS.ErrnoException) => {
      if (!GONE.includes(error.code ?? "")) throw error;
      closed = true;
    });
    return {
      write: (text) => {
        if (!closed) of.write(text);
      },
      get isTty() {
        return of.isTTY === true;
      },
      get columns() {
        // A terminal of unknown width reports 0.
        return of.columns || 80;
      },
      get rows() {
        return of.rows || 24;
      },
      get closed() {
        return closed;
      },
    };
  };
  let listeners = 0;
  const leave = (): void => {
    if (listeners === 0) process.exit(EXIT.interrupted);
  };
  for (const signal of SIGNALS) process.on(signal, leave);
  return {
    env: process.env,
    cwd: process.cwd(),
    out: stream(process.stdout),
    err: stream(process.stderr),
    get terminal() {
      if (process.stdin.isTTY !== true || process.stdout.isTTY !== true || process.env.CI) return undefined;
      return { input: process.stdin, output: process.stdout };
    },
    onInterrupt(listener) {
      listeners += 1;
      for (const signal of SIGNALS) process.on(signal, listener);
      return () => {
        listeners -= 1;
        for (const signal of SIGNALS) process.off(signal, listener);
      };
    },
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    announce(run) {
      if (process.connected) process.send?.(run, undefined, undefined, () => undefined);
    },
    leave: (exitCode) => process.exit(exitCode),
  };
}
