import { isJsonObject } from "@ape/core/lib/json";
import type { RunProgress } from "@ape/core/report/progress";
import type { Summary } from "@ape/core/report/summary";
import type { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";

/** The first line of an engine's log, by which its pod is known not to be another program's. */
export const engineGreeting = (version: string): string => JSON.stringify({ type: "engine", version });

/** A line of the engine's log: its version, progress, the summary, or words. */
export type EngineLine =
  | { version: string }
  | { progress: RunProgress }
  | { summary: Summary }
  | { words: string };

export function engineLine(line: string): EngineLine {
  if (line.startsWith('{"type":"'))
    try {
      const { type, ...rest } = JSON.parse(line) as Record<string, unknown>;
      if (type === "engine") return { version: String(rest.version) };
      if (type === "progress") return { progress: rest as unknown as RunProgress };
      if (type === "summary" && isJsonObject(rest.run)) return { summary: rest as unknown as Summary };
    } catch {
      // A line that was cut, as at the log's end.
    }
  return { words: line };
}

const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d) /;
/** Lines of a container's two outputs may be out of order by less than this: nodes stamp each output by itself. */
const DISORDER_MS = 1_000;

/**
 * Follows the logs of an engine's pods. After a connection that has ended, reading continues where it was: no line comes
 * twice and none is left out, also where the node has begun another file since then.
 */
export class EngineLog {
  readonly #api: Pick<KubeApi, "log">;
  #pod = "";
  /** Second of the newest line, in milliseconds; undefined before the first. */
  #newest: number | undefined;
  /** Lines that will come again if the log is read again, with the second of each. */
  readonly #seen = new Map<string, number>();
  #tailLines: number | undefined;

  /** @param tailLines number of earlier lines that are read, where not all are wanted */
  constructor(api: Pick<KubeApi, "log">, tailLines?: number) {
    this.#api = api;
    this.#tailLines = tailLines;
  }

  /** Lines of a pod's log as they come, until the pod, the connection or the signal ends it. */
  async *follow(pod: string, signal: AbortSignal): AsyncGenerator<string> {
    if (pod !== this.#pod) {
      this.#newest = undefined;
      this.#seen.clear();
    }
    this.#pod = pod;
    const from = {
      ...(this.#newest === undefined
        ? {}
        : { sinceTime: new Date(this.#newest - DISORDER_MS).toISOString() }),
      ...(this.#tailLines === undefined ? {} : { tailLines: this.#tailLines }),
    };
    for await (const line of this.#api.log(pod, { follow: true, timestamps: true, signal, ...from })) {
      this.#tailLines = undefined;
      const [stamp, time = "", fraction = "", zone = ""] = STAMPED.exec(line) ?? [];
      // Words of the node about a log that it no longer has.
      if (stamp === undefined) continue;
      const text = line.slice(stamp.length);
      if (this.#isNew(Date.parse(time + zone), fraction, text)) yield text;
    }
  }

  #isNew(second: number, fraction: string, text: string): boolean {
    const key = `${second}.${fraction.padEnd(9, "0")} ${text}`;
    if (this.#seen.has(key)) return false;
    this.#seen.set(key, second);
    if (this.#newest === undefined || second > this.#newest) {
      this.#newest = second;
      for (const [old, at] of this.#seen) if (at < second - DISORDER_MS) this.#seen.delete(old);
    }
    return true;
  }
}
