import { objectName, ROLE_LABEL, RUN_LABEL } from "@ape/core/config/runtime/run-objects";
import { ApeError, type ExitName, exitWith, messageOf } from "@ape/core/lib/errors";
import type { Summary } from "@ape/core/report/summary";
import type { KubeApi, KubeObject } from "@ape/engine/launch/kubernetes/kube-api";
import { type PodState, podState } from "@ape/engine/launch/kubernetes/pod-states";
import { giveOrder } from "@ape/engine/launch/kubernetes/run-orders";
import { waitingReasons } from "@ape/engine/launch/kubernetes/waiting-reasons";
import type { Io } from "../io.ts";
import { LiveDisplay } from "../output/live.ts";
import type { OutputOptions } from "../run-and-report.ts";
import { endOf } from "./cluster.ts";
import { EngineLog, engineLine } from "./engine-log.ts";

const LOOK_MS = 1_000;
/** Looks at a pod that runs, without a line of its log, after which following is given up. */
const MOST_FRUITLESS = 60;

/** Earlier lines of the log that are shown of a run that was going on already. */
const WATCHED_LINES = 20;

/** What was seen of a run in its engine's log. */
export interface Followed {
  exit: ExitName;
  /** The user has left the run alone. */
  isLeft?: true;
  /** Whether the load was seen to begin. */
  hasBegun: boolean;
  summary?: Summary;
  /** Why there is no verdict of the engine. */
  failure?: ApeError;
}

export interface FollowOptions extends Pick<OutputOptions, "quiet" | "json"> {
  /** Only shows the run: Ctrl-C ends the command, not the run. */
  isWatching?: boolean;
  /** Time after which an engine that has no running pod, or has not shown that it is one, is given up; default never. */
  startTimeoutMs?: number;
}

/** The newest pod of a run's engine; undefined if there is none. */
export async function enginePodOf(api: KubeApi, run: string): Promise<PodState | undefined> {
  const pods = await api.list("Pod", { [RUN_LABEL]: run, [ROLE_LABEL]: "engine" });
  const [newest] = pods.sort((a, b) => (bornAt(a) < bornAt(b) ? 1 : -1));
  return newest === undefined ? undefined : podState(newest);
}

const bornAt = ({ metadata: { creationTimestamp = "" } }: KubeObject): string => creationTimestamp;

/**
 * Shows a run on Kubernetes until its engine has ended. Ctrl-C lets running sessions end, again cuts them off, a third one
 * leaves the run alone. A cluster or a log that is away for a while is waited for.
 * @returns the engine's exit; `crashed` with a failure if the run ended without one
 * @throws ApeError CONTAINERS_FAILED if the run can no longer be followed: it continues
 */
export async function followRun(
  api: KubeApi,
  run: string,
  io: Io,
  options: FollowOptions,
): Promise<Followed> {
  const follower = new RunFollower(api, run, io, options);
  try {
    return await follower.follow();
  } catch (thrown) {
    const verdict = follower.verdict;
    if (verdict === undefined) throw cannotFollow(run, thrown);
    return verdict;
  } finally {
    follower.end();
  }
}

class RunFollower {
  readonly #api: KubeApi;
  readonly #run: string;
  readonly #io: Io;
  readonly #options: FollowOptions;
  readonly #display: LiveDisplay;
  readonly #log: EngineLog;
  readonly #left = new AbortController();
  readonly #unsubscribe: () => void;
  #summary: Summary | undefined;
  #hasBegun = false;
  #interrupts = 0;
  /** The last pod that ended without a verdict. */
  #ended: PodState | undefined;
  #waitedMs = 0;
  #waitingFor = "";
  /** Looks at a running pod since the last line of its log. */
  #fruitless = 0;
  /** Whether a pod was seen to be an engine: another program's never is. */
  #isEngine = false;
  /** Aborts when a pod that runs has not shown that it is an engine for too long. */
  readonly #stranger = new AbortController();
  #strangerTimer: NodeJS.Timeout | undefined;

  constructor(api: KubeApi, run: string, io: Io, options: FollowOptions) {
    this.#api = api;
    this.#run = run;
    this.#io = io;
    this.#options = options;
    this.#display = new LiveDisplay(io);
    this.#log = new EngineLog(api, options.isWatching === true ? WATCHED_LINES : undefined);
    this.#unsubscribe =
      options.isWatching === true ? () => undefined : io.onInterrupt(() => this.#interrupt());
  }

  async follow(): Promise<Followed> {
    while (!this.#left.signal.aborted) {
      const [job, pod] = await Promise.all([
        this.#api.get("Job", objectName(this.#run, "engine")),
        enginePodOf(this.#api, this.#run),
      ]);
      const isRunning = pod?.phase === "Running" && pod.name !== this.#ended?.name;
      if (job === undefined || ("deletionTimestamp" in job.metadata && !isRunning))
        return this.#without(deleted(this.#run));
      const end = endOf(job);
      if (pod !== undefined && pod.phase !== "Pending" && pod.name !== this.#ended?.name) {
        const exit = await this.#read(pod);
        if (exit !== undefined) return this.#with(exit);
        if (this.#stranger.signal.aborted) return this.#without(noEngine(this.#options.startTimeoutMs));
      } else if (end !== undefined) return this.#without(withoutVerdict(this.#run, this.#ended ?? pod, end));
      else {
        const failure = await this.#wait(pod);
        if (failure !== undefined) return this.#without(failure);
      }
      await this.#io.sleep(LOOK_MS);
    }
    return { exit: "interrupted", isLeft: true, hasBegun: this.#hasBegun };
  }

  /** How the run ended by its summary, if that was seen. */
  get verdict(): Followed | undefined {
    const exit = exitWith(this.#summary?.run.exitCode);
    return exit === undefined ? undefined : this.#with(exit);
  }

  end(): void {
    clearTimeout(this.#strangerTimer);
    this.#display.clear();
    this.#unsubscribe();
  }

  #with(exit: ExitName): Followed {
    const summary = this.#summary === undefined ? {} : { summary: this.#summary };
    return { exit, hasBegun: this.#hasBegun, ...summary };
  }

  /** The run has ended without a pod that says how: its summary does, if it was seen. */
  #without(failure: ApeError): Followed {
    return this.verdict ?? { exit: "crashed", hasBegun: this.#hasBegun, failure };
  }

  /** Shows a pod's log to its end. @returns the verdict with which the pod has ended, if it has */
  async #read(pod: PodState): Promise<ExitName | undefined> {
    this.#waitedMs = 0;
    this.#expectEngine();
    const signal = AbortSignal.any([this.#left.signal, this.#stranger.signal]);
    try {
      for await (const line of this.#log.follow(pod.name, signal)) {
        this.#fruitless = 0;
        this.#show(line);
      }
    } catch (thrown) {
      this.#fruitless += 1;
      // As of a node that is away for a while; the pod is looked at next.
      if (this.#fruitless > MOST_FRUITLESS) throw thrown;
      if (this.#fruitless === 1) this.#tell(`${messageOf(thrown)}: trying again`);
    }
    if (signal.aborted) return undefined;
    const object = await this.#api.get("Pod", pod.name);
    const now = object === undefined ? undefined : podState(object);
    const exit = exitWith(now?.exitCode);
    if (exit !== undefined && exit !== "drained") return exit;
    if (now === undefined || now.phase === "Failed" || now.phase === "Succeeded") {
      this.#ended = now ?? pod;
      const how = now?.ending === undefined ? "is gone" : `has ended (${now.ending})`;
      this.#tell(`the engine's pod ${how}: waiting for another one`);
    }
    return undefined;
  }

  /** Gives a pod that runs the time of a start to show that it is an engine. */
  #expectEngine(): void {
    const { startTimeoutMs } = this.#options;
    if (this.#isEngine || startTimeoutMs === undefined || this.#strangerTimer !== undefined) return;
    this.#strangerTimer = setTimeout(() => this.#stranger.abort(), startTimeoutMs);
  }

  #seeEngine(): void {
    this.#isEngine = true;
    clearTimeout(this.#strangerTimer);
  }

  /** Shows why the engine has no pod that runs. @returns why that is given up, after some time */
  async #wait(pod: PodState | undefined): Promise<ApeError | undefined> {
    this.#waitedMs += LOOK_MS;
    const pods = pod === undefined || pod.name === this.#ended?.name ? [] : [pod];
    const reasons = await waitingReasons(this.#api, this.#run, pods, { engine: 1 });
    const told = reasons.filter((reason) => reason !== "engine: pending");
    const text = told.join("; ");
    if (text !== "" && text !== this.#waitingFor) this.#tell(`waiting for ${text}`);
    this.#waitingFor = text;
    const { startTimeoutMs = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#waitedMs < startTimeoutMs) return undefined;
    const again = this.#ended === undefined ? "" : " again";
    const ending = this.#ended?.ending;
    const isProgram = this.#isEngine || this.#ended === undefined;
    return new ApeError(
      "CONTAINERS_FAILED",
      `the engine does not run${again} after ${Math.round(startTimeoutMs / 1_000)} s`,
      {
        details: ending === undefined ? told : [...told, `the last pod ended: ${ending}`],
        hint: isProgram
          ? "What the lines say is Kubernetes' own. `kubernetes.startTimeout` is how long a start may take."
          : IMAGE_HINT,
      },
    );
  }

  #show(line: string): void {
    const { json, quiet } = this.#options;
    const read = engineLine(line);
    if (!("words" in read)) this.#seeEngine();
    if ("version" in read) return;
    if (json === "stream" && line.startsWith("{")) this.#io.out.write(`${line}\n`);
    if ("words" in read) {
      if (line !== "") this.#tell(line);
      return;
    }
    this.#hasBegun = true;
    if ("summary" in read) this.#summary = read.summary;
    else if (quiet !== true && json === undefined) this.#display.show(read.progress);
  }

  #tell(line: string): void {
    if (this.#options.quiet === true) return;
    this.#display.clear();
    this.#io.err.write(`${line}\n`);
  }

  #interrupt(): void {
    this.#interrupts += 1;
    this.#display.clear();
    const { err } = this.#io;
    if (this.#interrupts > 2) {
      err.write(`left alone: \`ape-test status ${this.#run}\`, \`ape-test stop ${this.#run} --force\`\n`);
      this.#left.abort();
      return;
    }
    const stop = this.#interrupts === 1 ? "drain" : "force";
    err.write(
      stop === "drain"
        ? "stopping: running sessions may end (again to cut them off)\n"
        : "cutting off: what was measured is kept (again to leave the run alone)\n",
    );
    giveOrder(this.#api, this.#run, { stop }).catch((thrown: unknown) =>
      err.write(`the run was not stopped: ${messageOf(thrown)}\n`),
    );
  }
}

const IMAGE_HINT =
  "See that `kubernetes.image` is the image of ape-test: its entry point takes `serve engine` as arguments.";

function noEngine(afterMs = 0): ApeError {
  return new ApeError(
    "CONTAINERS_FAILED",
    `the engine's pod runs something that shows no sign of an engine after ${Math.round(afterMs / 1_000)} s`,
    { hint: IMAGE_HINT },
  );
}

function deleted(run: string): ApeError {
  return new ApeError(
    "CONTAINERS_FAILED",
    `run ${run} was deleted from the cluster before its end was seen`,
    {
      hint: "Its namespace or its engine's Job was deleted, and its results with it; `results.upload` keeps them elsewhere.",
    },
  );
}

function withoutVerdict(run: string, pod: PodState | undefined, how: string): ApeError {
  const ending = pod?.ending === undefined ? "" : ` (${pod.ending})`;
  return new ApeError("CONTAINERS_FAILED", `the engine of run ${run} ended without a verdict${ending}`, {
    details: how === "" ? [] : [how],
    hint: ending.includes("OOMKilled")
      ? "It needs more memory (docs/how-to/kubernetes.md has the patch), or fewer events: `events.send: kept`."
      : `Its objects stay until \`kubernetes.ttl\` has passed: \`ape-test logs --containers --run ${run}\`, \`ape-test clean ${run}\`.`,
  });
}

/** The run continues when it can no longer be followed. */
function cannotFollow(run: string, thrown: unknown): unknown {
  if (!(thrown instanceof ApeError)) return thrown;
  const { code, message, details, hint } = thrown;
  const next = `The run continues without this command: \`ape-test status --watch ${run}\`, then \`ape-test fetch ${run}\`.`;
  return new ApeError(code, `run ${run} can no longer be followed: ${message}`, {
    cause: thrown,
    details,
    hint: hint === undefined ? next : `${hint} ${next}`,
  });
}
