import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where cgroups are mounted, and the file that names those of this process. */
export interface CgroupFiles {
  root: string;
  self: string;
}

const SYSTEM: CgroupFiles = { root: "/sys/fs/cgroup", self: "/proc/self/cgroup" };

/**
 * The time in which the kernel held this process back because of a CPU limit of its container. Source: `cpu.stat` of its
 * cgroup, version 2 (`throttled_usec`) or 1 (`throttled_time`, in nanoseconds), as the kernel's documentation of cgroup-v2
 * and of CFS bandwidth control have it.
 */
export class CpuThrottling {
  readonly #file: string | undefined;
  #last: number | undefined;

  constructor(files: CgroupFiles = SYSTEM) {
    this.#file = candidates(files).find((file) => readThrottledMs(file) !== undefined);
    this.#last = this.#file === undefined ? undefined : readThrottledMs(this.#file);
  }

  /** Milliseconds since the last call; undefined where the system does not report it. */
  take(): number | undefined {
    if (this.#file === undefined || this.#last === undefined) return undefined;
    const now = readThrottledMs(this.#file);
    if (now === undefined) return undefined;
    const since = Math.max(0, now - this.#last);
    this.#last = now;
    return Math.round(since * 10) / 10;
  }
}

/** Files that may be the `cpu.stat` of this process: in a container its own cgroup is the root of what is mounted. */
function candidates({ root, self }: CgroupFiles): string[] {
  const lines = (read(self) ?? "").split("\n").map((line) => /^\d+:([^:]*):(.*)$/.exec(line));
  const found: string[] = [];
  for (const match of lines) {
    const [, controllers = "", path = ""] = match ?? [];
    if (match === null) continue;
    const names = controllers.split(",");
    if (controllers === "") found.push(join(root, path, "cpu.stat"), join(root, "cpu.stat"));
    else if (names.includes("cpu"))
      for (const folder of [controllers, "cpu"])
        found.push(join(root, folder, path, "cpu.stat"), join(root, folder, "cpu.stat"));
  }
  return found;
}

function readThrottledMs(file: string): number | undefined {
  const text = read(file) ?? "";
  const micros = /^throttled_usec (\d+)$/m.exec(text)?.[1];
  if (micros !== undefined) return Number(micros) / 1_000;
  const nanos = /^throttled_time (\d+)$/m.exec(text)?.[1];
  return nanos === undefined ? undefined : Number(nanos) / 1e6;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return undefined;
  }
}
