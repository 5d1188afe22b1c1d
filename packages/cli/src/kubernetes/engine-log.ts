import { isJsonObject } from "@ape/core/lib/json";
import type { RunProgress } from "@ape/core/report/progress";
import type { Summary } from "@ape/core/report/summary";
import type { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";

/** A line of the engine's log: progress, the summary, or words. */
export type EngineLine = { progress: RunProgress } | { summary: Summary } | { words: string };

export function engineLine(line: string): EngineLine {
  if (line.startsWith('{"type":"'))
    try {
      const { type, ...rest } = JSON.parse(line) as Record<string, unknown>;
      if (type === "progress") return { progress: rest as unknown as RunProgress };
      if (type === "summary" && isJsonObject(rest.run)) return { summary: rest as unknown as Summary };
    } catch {
      // A line that was cut, as at the log's end.
    }
  return { words: line };
}

const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d) /;

/**
 * Follows the logs of an engine's pods. After a connection that has ended, reading continues where it was: no line comes
 * twice, also where the node has begun another file since then.
 */
export class EngineLog {
  readonly #api: Pick<KubeApi, "log">;
  #pod = "";
  /** Time of the last line, for the API and to compare with. */
  #since: string | undefined;
  #last = "";
  #tailLines: number | undefined;

  /** @param tailLines number of earlier lines that are read, where not all are wanted */
  constructor(api: Pick<KubeApi, "log">, tailLines?: number) {
    this.#api = api;
    this.#tailLines = tailLines;
  }

  /** Lines of a pod's log as they come, until the pod, the connection or the signal ends it. */
  async *follow(pod: string, signal: AbortSignal): AsyncGenerator<string> {
    if (pod !== this.#pod) {
      this.#since = undefined;
      this.#last = "";
    }
    this.#pod = pod;
    const from = {
      ...(this.#since === undefined ? {} : { sinceTime: this.#since }),
      ...(this.#tailLines === undefined ? {} : { tailLines: this.#tailLines }),
    };
    for await (const line of this.#api.log(pod, { follow: true, timestamps: true, signal, ...from })) {
      this.#tailLines = undefined;
      const [stamp, time = "", fraction = "", zone = ""] = STAMPED.exec(line) ?? [];
      // Words of the node about a log that it no longer has.
      if (stamp === undefined) continue;
      const at = `${Date.parse(time + zone)}.${fraction.padEnd(9, "0")}`;
      if (at <= this.#last) continue;
      this.#last = at;
      this.#since = time + zone;
      yield line.slice(stamp.length);
    }
  }
}
