/** A stream that text goes to. */
export interface TextStream {
  write(text: string): void;
  readonly isTty: boolean;
  /** Width in characters; 80 where it is not a terminal. */
  readonly columns: number;
}

/** The world outside of the command: everything that it reads, writes, hears and ends with goes through here. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Results. */
  readonly out: TextStream;
  /** Progress and errors. */
  readonly err: TextStream;
  /** Calls back at every SIGINT and SIGTERM; without a listener they end the process. Returns how to stop listening. */
  onInterrupt(listener: () => void): () => void;
}

/** The process's own streams, environment and signals. A reader that goes away (`| head`) is no error. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  const stream = (of: NodeJS.WriteStream): TextStream => ({
    write: (text) => {
      of.write(text);
    },
    get isTty() {
      return of.isTTY === true;
    },
    get columns() {
      return of.columns ?? 80;
    },
  });
  return {
    env: process.env,
    cwd: process.cwd(),
    out: stream(process.stdout),
    err: stream(process.stderr),
    onInterrupt(listener) {
      process.on("SIGINT", listener);
      process.on("SIGTERM", listener);
      return () => {
        process.off("SIGINT", listener);
        process.off("SIGTERM", listener);
      };
    },
  };
}
