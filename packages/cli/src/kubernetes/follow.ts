import { objectName, ROLE_LABEL, RUN_LABEL } from "@ape/core/config/runtime/run-objects";
import { EXIT, type ExitName, messageOf } from "@ape/core/lib/errors";
import { isJsonObject } from "@ape/core/lib/json";
import type { RunProgress } from "@ape/core/report/progress";
import type { Summary } from "@ape/core/report/summary";
import type { KubeApi, KubeObject } from "@ape/engine/launch/kubernetes/kube-api";
import { type PodState, podState } from "@ape/engine/launch/kubernetes/pod-states";
import { giveOrder } from "@ape/engine/launch/kubernetes/run-orders";
import type { Io } from "../io.ts";
import { LiveDisplay } from "../output/live.ts";
import type { OutputOptions } from "../run-and-report.ts";

const LOOK_MS = 1_000;
/** A log that breaks off is opened again; the pod may be gone by then. */
const LOST_LOOKS = 30;

/** What was seen of a run in its engine's log. */
export interface Followed {
  exit: ExitName;
  /** The user has left the run alone. */
  isLeft?: true;
  summary?: Summary;
}

/** The newest pod of a run's engine; undefined if there is none. */
export async function enginePodOf(api: KubeApi, run: string): Promise<PodState | undefined> {
  const pods = await api.list("Pod", { [RUN_LABEL]: run, [ROLE_LABEL]: "engine" });
  const [newest] = pods.sort((a, b) => (bornAt(a) < bornAt(b) ? 1 : -1));
  return newest === undefined ? undefined : podState(newest);
}

const bornAt = ({ metadata: { creationTimestamp = "" } }: KubeObject): string => creationTimestamp;

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

/**
 * Shows a run on Kubernetes until its engine has ended. Ctrl-C lets running sessions end, again cuts them off, a third one
 * leaves the run alone.
 * @returns the engine's exit; `crashed` if its pod is gone
 */
export async function followRun(
  api: KubeApi,
  run: string,
  io: Io,
  { quiet, json }: OutputOptions,
): Promise<Followed> {
  const display = new LiveDisplay(io);
  const shows = quiet !== true && json === undefined;
  let summary: Summary | undefined;
  let interrupts = 0;
  const left = new AbortController();
  const unsubscribe = io.onInterrupt(() => {
    interrupts += 1;
    display.clear();
    if (interrupts > 2) {
      io.err.write(`left alone: \`ape-test status ${run}\`, \`ape-test stop ${run} --force\`\n`);
      left.abort();
      return;
    }
    const stop = interrupts === 1 ? "drain" : "force";
    io.err.write(
      interrupts === 1
        ? "stopping: running sessions may end (again to cut them off)\n"
        : "cutting off: what was measured is kept (again to leave the run alone)\n",
    );
    giveOrder(api, run, { stop }).catch((thrown: unknown) => io.err.write(`${messageOf(thrown)}\n`));
  });
  const show = (line: string): void => {
    if (json === "stream" && line.startsWith("{")) io.out.write(`${line}\n`);
    const read = engineLine(line);
    if ("summary" in read) summary = read.summary;
    else if ("progress" in read) {
      if (shows) display.show(read.progress);
    } else if (line !== "" && quiet !== true) {
      display.clear();
      io.err.write(`${line}\n`);
    }
  };
  let waiting = "";
  /** Lines that were shown of the pod's log. */
  let seen = 0;
  let shown = "";
  /** The last pod that ended without a verdict. */
  let ended = "";
  try {
    for (let lost = 0; lost < LOST_LOOKS && !left.signal.aborted; ) {
      const pod = await enginePodOf(api, run);
      lost = pod === undefined || pod.name === ended ? lost + 1 : 0;
      if (pod !== undefined && pod.phase !== "Pending" && pod.name !== ended) {
        if (pod.name !== shown) seen = 0;
        shown = pod.name;
        let line = 0;
        // From its beginning each time: lines that were shown are passed over.
        for await (const text of api.log(pod.name, { follow: true, signal: left.signal })) {
          line += 1;
          if (line > seen) show(text);
        }
        seen = Math.max(seen, line);
        const now = await stateOf(api, pod.name);
        const exit = now?.exitCode === undefined ? undefined : exitOf(now.exitCode);
        if (exit !== undefined && exit !== "drained") return { exit, ...(summary && { summary }) };
        if (now === undefined || now.phase === "Failed") {
          ended = pod.name;
          if (shows) io.err.write("the engine's pod has ended: another one continues the run\n");
        }
      } else {
        const reason = pod?.reason ?? (pod === undefined ? await refusalOf(api, run) : undefined);
        if (reason !== undefined && reason !== waiting && quiet !== true)
          io.err.write(`waiting for engine: ${reason}\n`);
        waiting = reason ?? waiting;
      }
      await io.sleep(LOOK_MS);
    }
    return left.signal.aborted
      ? { exit: "interrupted", isLeft: true }
      : { exit: "crashed", ...(summary && { summary }) };
  } finally {
    display.clear();
    unsubscribe();
  }
}

/** Why the engine's Job could make no pod, in the words of Kubernetes. */
async function refusalOf(api: KubeApi, run: string): Promise<string | undefined> {
  const events = await api.events(objectName(run, "engine")).catch(() => []);
  const last = events.filter(({ type }) => type === "Warning").at(-1);
  return last === undefined ? undefined : String(last.message);
}

async function stateOf(api: KubeApi, pod: string): Promise<PodState | undefined> {
  const object = await api.get("Pod", pod);
  return object === undefined ? undefined : podState(object);
}

/** The exit with a code; undefined for one that is no verdict, as of a pod that was killed. */
function exitOf(code: number): ExitName | undefined {
  return (Object.keys(EXIT) as ExitName[]).find((name) => EXIT[name] === code);
}
