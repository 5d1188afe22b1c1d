import type { Readable, Writable } from "node:stream";
import { EXIT } from "@ape/core/lib/errors";

/** A stream that text goes to. */
export interface TextStream {
  write(text: string): void;
  readonly isTty: boolean;
  /** Width in characters; 80 where it is not a terminal. */
  readonly columns: number;
  /** Nobody reads any more, as after `| head`. */
  readonly closed: boolean;
}

/** A terminal that a person sits at: what is typed, and where questions are shown. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/** The world outside of the command: everything that it reads, writes, hears and ends with goes through here. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Results. */
  readonly out: TextStream;
  /** Progress and errors. */
  readonly err: TextStream;
  /** Undefined where nobody can answer: a pipe, a file, CI. */
  readonly terminal: Terminal | undefined;
  /**
   * Calls back at every SIGINT, SIGTERM and SIGHUP; without a listener they end the process with exit code 105. Returns
   * how to stop listening.
   */
  onInterrupt(listener: (signal: NodeJS.Signals) => void): () => void;
  /** Waits, in milliseconds. */
  sleep(ms: number): Promise<void>;
  /** Tells the process that started this one in the background, where there is one, which run it became. */
  announce(run: Announcement): void;
  /** Ends the process at once, whatever is still running. */
  leave(exitCode: number): void;
}

/** What a run in the background tells the command that started it. */
export interface Announcement {
  run: string;
  directory: string;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** A pipe whose reader went away, a terminal that was closed. */
const GONE = ["EPIPE", "EIO", "ERR_STREAM_DESTROYED"];

/** The process's own streams, environment and signals. A reader that goes away (`| head`) is no error. */
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
        // A terminal that does not know its width says 0.
        return of.columns || 80;
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
