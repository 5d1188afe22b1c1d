import { spawn } from "node:child_process";

const LONGEST_START_MS = 120_000;

/**
 * Starts a server's process and waits until it answers.
 * @param options.ready an address that answers with any status below 500
 * @returns ends it
 */
export async function startServer(
  command: readonly string[],
  options: { cwd: string; env?: Record<string, string>; ready: string },
): Promise<() => Promise<void>> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, HOME: options.cwd, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => {
      said = `${said}${piece.toString("utf8")}`.slice(-4_000);
    });
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => {
      isOver = true;
      resolve();
    });
  });
  const close = async (): Promise<void> => {
    // The whole group: servers start workers of their own.
    if (!isOver && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    await ended;
  };
  const limit = performance.now() + LONGEST_START_MS;
  while (!isOver && performance.now() < limit) {
    const status = await fetch(options.ready, { redirect: "manual" }).then(
      (answer) => answer.status,
      () => 599,
    );
    if (status < 500) return close;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await close();
  throw new Error(`${program} does not answer at ${options.ready}: ${said}`);
}
