import type { Io, TextStream } from "./io.ts";

/** A world in memory: what is written can be read, interrupts are sent by hand. */
export interface TestIo extends Io {
  readonly stdout: () => string;
  readonly stderr: () => string;
  interrupt(): void;
}

/** An Io for tests. */
export function testIo(
  options: { env?: Record<string, string>; cwd?: string; tty?: boolean; columns?: number } = {},
): TestIo {
  const written = { out: "", err: "" };
  const stream = (name: "out" | "err"): TextStream => ({
    write: (text) => {
      written[name] += text;
    },
    isTty: options.tty ?? false,
    columns: options.columns ?? 80,
  });
  const listeners = new Set<() => void>();
  return {
    env: options.env ?? {},
    cwd: options.cwd ?? "/",
    out: stream("out"),
    err: stream("err"),
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stdout: () => written.out,
    stderr: () => written.err,
    interrupt: () => {
      for (const listener of listeners) listener();
    },
  };
}
