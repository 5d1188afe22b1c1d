import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const BRIDGE = fileURLToPath(new URL("terminal.py", import.meta.url));
const BIN = fileURLToPath(new URL("../../packages/cli/bin/ape-test.mjs", import.meta.url));

/** Whether a pseudo-terminal is available: Python 3.9, on a system that supports them. */
export const hasTerminal =
  process.platform !== "win32" &&
  spawnSync("python3", ["-c", "import pty, os; os.waitstatus_to_exitcode"]).status === 0;

export const ENTER = "\r";
export const UP = "\u001b[A";
export const DOWN = "\u001b[B";
export const SPACE = " ";
export const CTRL_C = "\u0003";
export const CTRL_U = "\u0015";

/** A simulated user at a terminal that runs `ape-test`. */
export interface Sitting {
  /** Waits until the words are shown, after what was waited for before; then types the keys, one after another. */
  answer(words: string, ...keys: string[]): Promise<void>;
  /** What was shown so far, without colours and cursor movements. */
  shown(): string;
  /** Everything that was sent to the terminal. */
  raw(): string;
  finished: Promise<number | null>;
  /** Kills it, if it still runs. */
  leave(): Promise<unknown>;
}

/** Runs `ape-test` on a pseudo-terminal. */
export function sitDown(args: readonly string[], cwd: string, env: Record<string, string> = {}): Sitting {
  const child = spawn("python3", [BRIDGE, process.execPath, BIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TERM: "xterm", LANG: "C.UTF-8", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let raw = "";
  let seen = 0;
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    raw += chunk;
  });
  const finished = new Promise<number | null>((resolve) => child.on("close", resolve));
  let over = false;
  void finished.then(() => {
    over = true;
  });
  return {
    finished,
    shown: () => plain(raw),
    raw: () => raw,
    leave: () => {
      child.kill("SIGKILL");
      return finished;
    },
    async answer(words, ...keys) {
      const end = performance.now() + 20_000;
      for (;;) {
        const at = plain(raw).indexOf(words, seen);
        if (at >= 0) {
          seen = at + words.length;
          break;
        }
        if (over || performance.now() > end)
          throw new Error(`"${words}" was not shown:\n${plain(raw).slice(seen)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      // A prompt reads input from its first frame on; keys sent together count as one.
      for (const key of keys) {
        await new Promise((resolve) => setTimeout(resolve, 60));
        child.stdin.write(key);
      }
    },
  };
}

/** Text without escape sequences for colours and cursor movements. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll("\r", "");
}
