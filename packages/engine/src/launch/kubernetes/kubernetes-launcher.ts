import { type BusAccess, hasOwnBus } from "@ape/core/config/runtime/bus";
import { objectName, RUN_LABEL } from "@ape/core/config/runtime/run-objects";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import type { Json } from "@ape/core/lib/json";
import type { MessageBus } from "../../bus/message-bus.ts";
import { openNatsBus } from "../../bus/nats.ts";
import { archiveRun } from "../../bus/run-archive.ts";
import { systemClock as clock } from "../../host/clock.ts";
import { raceAbort, stoppedBeforeLoad } from "../../host/race-abort.ts";
import { uniqueRows } from "../../project/check-project.ts";
import type { Project } from "../../project/project.ts";
import { containersFor, containersOf, planOf, rowShares } from "../../run/plan.ts";
import { endWithin } from "../end-within.ts";
import type { EngineGateway, Launcher, RunContext, RunState } from "../launcher.ts";
import { RUN_ENDED } from "../messages.ts";
import { openRemoteGateway } from "../remote-gateway.ts";
import { RunCoordinator } from "../run-coordinator.ts";
import { agentsDeleted, agentsJobState } from "./agents-job.ts";
import type { KubeApi } from "./kube-api.ts";
import { type PodState, pendingReasons, podState } from "./pod-states.ts";
import { waitingReasons } from "./waiting-reasons.ts";

/** Interval at which pods are looked at, in milliseconds. */
const LOOK_MS = 2_000;
/** How long it may take to announce the run's end on the message bus, and to close it. */
const CLOSE_MS = 5_000;
/** How long agents that were dismissed may take to leave, before their Job ends. */
const LEAVE_MS = 10_000;
/** How long it may take to end what is left of the run, for instance while the API is away. */
const END_MS = 60_000;
/** Interval at which events are asked for reasons, while pods are not there. */
const REASONS_MS = 5_000;
const SERVERS = ["gateway", "inference"] as const;
/** Key of the run's state among the values of its message bus. */
const STATE = "state";

export interface KubernetesLauncherOptions {
  api: KubeApi;
  /** The run's id, by which its objects are found. */
  run: string;
  token: string;
  bus: BusAccess;
  /** URL of the gateway's MCP endpoint. */
  gateway: string;
  /** Whether the results are put into the object store of the bus; default true. */
  archives?: boolean;
  /** Called with what the user shall know, such as the reasons for which pods are not there. */
  tell?: (line: string) => void;
}

/**
 * The engine's side of a run on Kubernetes, in a pod of its own or elsewhere: the objects of the run exist already. It
 * waits for their pods, changes the number of agents' pods, and ends them.
 */
export class KubernetesLauncher implements Launcher {
  readonly runtime = "kubernetes";
  readonly replaces = true;
  readonly #project: Project;
  readonly #options: KubernetesLauncherOptions;
  readonly #ready: Promise<void>;
  #isReady: () => void = () => undefined;
  #isBroken: (error: unknown) => void = () => undefined;
  #bus: MessageBus | undefined;
  /** What an engine before this one left. */
  #state: RunState | undefined;
  #coordinator: RunCoordinator | undefined;
  #context: RunContext | undefined;
  #rows = Number.POSITIVE_INFINITY;
  /** Pods of agents that the run wants, and the number that their Job was last given. */
  #pods = 0;
  #given = 0;
  /** Whether every pod of agents has joined once. */
  #isComplete = false;
  #until = 0;
  #timer: NodeJS.Timeout | undefined;
  #shown = "";
  #isClosing = false;
  /** Changes of objects, one at a time. */
  #work: Promise<void> = Promise.resolve();

  constructor(project: Project, options: KubernetesLauncherOptions) {
    this.#project = project;
    this.#options = options;
    this.#ready = new Promise((resolve, reject) => {
      this.#isReady = resolve;
      this.#isBroken = reject;
    });
    this.#ready.catch(() => undefined);
  }

  /**
   * Waits for gateway, proxy and message bus. If that fails, {@link close} must follow.
   * @returns the state of the run if another engine has begun it
   * @throws ApeError CONTAINERS_FAILED with the reasons of Kubernetes, RUN_NOT_ACTIVE if the run has ended, INTERRUPTED
   */
  async prepare(signal?: AbortSignal): Promise<RunState | undefined> {
    await raceAbort(this.#reachServers(), signal);
    return this.#state;
  }

  async #reachServers(): Promise<void> {
    const { bus: access, run } = this.#options;
    this.#until = clock.now() + this.#project.config.kubernetes.startTimeout;
    await this.#serversReady();
    const patienceMs = Math.max(1_000, this.#until - clock.now());
    const bus = await openNatsBus({ ...access, run, patienceMs });
    if (this.#isClosing) {
      await bus.close();
      throw stoppedBeforeLoad();
    }
    this.#bus = bus;
    if ((await this.#bus.get(RUN_ENDED)) !== undefined)
      throw new ApeError("RUN_NOT_ACTIVE", `run ${run} has ended, and its engine after that`, {
        hint: `Bring its results with \`ape-test fetch ${run}\`.`,
      });
    this.#state = (await this.#bus.get(STATE)) as RunState | undefined;
  }

  async keep(state: RunState): Promise<void> {
    await this.#bus?.put(STATE, state as unknown as Json);
  }

  async open(context: RunContext): Promise<void> {
    this.#context = context;
    try {
      await this.#begin(context);
    } catch (thrown) {
      this.#isBroken(thrown);
      throw thrown;
    }
  }

  async #begin(context: RunContext): Promise<void> {
    const { config } = this.#project;
    if (this.#bus === undefined) throw new ApeError("INTERNAL", "the launcher was not prepared");
    this.#rows = await uniqueRows(this.#project);
    this.#pods = containersFor(config, planOf(config.load), this.#rows);
    if (this.#state === undefined) await this.#setAgents(this.#pods);
    else this.#pods = (await this.#size()) ?? this.#pods;
    this.#given = this.#pods;
    this.#coordinator = new RunCoordinator(this.#bus, context, rowShares(config, this.#rows));
    await this.#coordinator.open();
    this.#isReady();
    let isWatching = false;
    this.#timer = setInterval(() => {
      // While the API is away, this takes longer than the interval.
      if (isWatching) return;
      isWatching = true;
      this.#enqueue(() =>
        this.#watchAgents().finally(() => {
          isWatching = false;
        }),
      );
    }, LOOK_MS);
  }

  /** Waits until gateway and proxy can be used. @throws ApeError CONTAINERS_FAILED with the reasons of Kubernetes */
  async #serversReady(): Promise<void> {
    const wanted = this.#wantedServers();
    let askedAt = clock.now();
    for (;;) {
      const pods = await this.#podsOf(...Object.keys(wanted));
      const missing = SERVERS.filter(
        (role) => !pods.some((pod) => pod.role === role && pod.isReady && !pod.isLeaving),
      );
      if (missing.length === 0) return;
      if (this.#isClosing) throw stoppedBeforeLoad();
      const isLate = clock.now() > this.#until;
      if (isLate || clock.now() - askedAt > REASONS_MS) {
        askedAt = clock.now();
        const reasons = await waitingReasons(this.#options.api, this.#options.run, pods, wanted);
        if (isLate) throw this.#late(missing.join(" and "), reasons);
        this.#show(reasons);
      } else if (this.#shown === "")
        this.#show(pendingReasons(pods.filter(({ reason }) => reason !== undefined)));
      await clock.sleep(LOOK_MS / 2);
    }
  }

  /** Pods beside those of agents that a start waits for, by role. */
  #wantedServers(): Record<string, number> {
    const { replicas } = this.#project.config.kubernetes;
    return { ...replicas, ...(hasOwnBus(this.#project.config) ? { nats: 1 } : {}) };
  }

  #late(what: string, reasons: readonly string[]): ApeError {
    const seconds = Math.round(this.#project.config.kubernetes.startTimeout / 1_000);
    return new ApeError("CONTAINERS_FAILED", `${what} not ready after ${seconds} s`, {
      details: reasons,
      hint: "What the lines say is Kubernetes' own. `kubernetes.startTimeout` is how long a start may take.",
    });
  }

  /** Shows why pods are not there, when that changes. */
  #show(reasons: readonly string[]): void {
    const text = reasons.join("; ");
    if (text === this.#shown) return;
    this.#shown = text;
    if (text !== "") this.#options.tell?.(`waiting for ${text}`);
  }

  async #podsOf(...roles: string[]): Promise<PodState[]> {
    const pods = await this.#options.api.list("Pod", { [RUN_LABEL]: this.#options.run });
    return pods.map(podState).filter(({ role }) => roles.includes(role));
  }

  #name(part: string): string {
    return objectName(this.#options.run, part);
  }

  /** Number of pods that the agents' Job has now. */
  async #size(): Promise<number | undefined> {
    const job = await this.#options.api.get("Job", this.#name("agents"));
    const { parallelism } = job?.spec ?? {};
    return typeof parallelism === "number" ? parallelism : undefined;
  }

  async #setAgents(pods: number): Promise<void> {
    await this.#options.api.patch("Job", this.#name("agents"), {
      spec: { parallelism: pods, completions: pods, suspend: false },
    });
    this.#given = pods;
  }

  #enqueue(task: () => Promise<void>): void {
    this.#work = this.#work.then(task).catch((thrown: unknown) => {
      if (!this.#isClosing) this.#context?.say("warn", messageOf(thrown));
    });
  }

  /** Until every pod of agents has joined: fails the run if that takes too long. Later shows pods that are missing. */
  async #watchAgents(): Promise<void> {
    if (this.#isClosing) return;
    const { api, run } = this.#options;
    const state = agentsJobState(await api.get("Job", this.#name("agents")), this.#given);
    if (this.#isClosing) return;
    if (state === "gone") {
      this.#context?.failed(agentsDeleted(run));
      return;
    }
    if (state === "changed")
      this.#context?.say("warn", "another client has changed the Job of the agents: it is set back");
    // Also what could not be changed while the API was away.
    if (state === "changed" || this.#given !== this.#pods) await this.#setAgents(this.#pods);
    const joined = this.#coordinator?.joined ?? 0;
    this.#isComplete ||= joined >= this.#pods;
    const pods = (await this.#podsOf("agents")).filter(({ isLeaving }) => !isLeaving);
    if (this.#isComplete || clock.now() < this.#until) {
      this.#show(pendingReasons(pods.filter(({ phase }) => phase === "Pending")));
      return;
    }
    this.#isComplete = true;
    const what = `${this.#pods - joined} of ${this.#pods} pods of agents`;
    const reasons = await waitingReasons(api, run, pods, { agents: this.#pods });
    const silent = ["agents: their pods run, and have not reached the message bus yet"];
    this.#context?.failed(this.#late(what, reasons.length === 0 ? silent : reasons));
  }

  async openGateway(): Promise<EngineGateway> {
    await this.#ready;
    return openRemoteGateway(this.#options.gateway, this.#options.token);
  }

  scale(agents: number): void {
    const { config } = this.#project;
    // In a run with a fixed number of sessions, they are already distributed.
    if (config.load.sessions !== undefined) return;
    const wanted = containersOf(config, agents, this.#rows);
    if (wanted === this.#pods) return;
    this.#pods = wanted;
    this.#enqueue(() => this.#setAgents(this.#pods));
  }

  async settle(): Promise<void> {
    clearInterval(this.#timer);
    await this.#coordinator?.settle();
  }

  /** Dismisses the agents and ends gateway and proxy; NATS stays until the run's objects are deleted. */
  async close(concluded = false): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    clearInterval(this.#timer);
    await this.#work;
    // First of all: an engine that replaces this one finds either a run to end, or its results.
    if (concluded && this.#options.archives !== false) await this.#archive();
    await endWithin(CLOSE_MS, this.#coordinator?.dismiss());
    const until = clock.now() + LEAVE_MS;
    const isRunning = async (): Promise<boolean> =>
      (await this.#podsOf("agents")).some(({ phase }) => phase === "Running");
    while (clock.now() < until && (await isRunning().catch(() => false))) await clock.sleep(LOOK_MS / 4);
    // An engine that replaces this one must see that the run has ended: the messages go with the run's own server.
    const forgets = concluded && !hasOwnBus(this.#project.config);
    await endWithin(CLOSE_MS, this.#coordinator?.close(forgets) ?? this.#bus?.close());
    await endWithin(END_MS, this.#end());
    await endWithin(CLOSE_MS, this.#options.api.close());
  }

  /** Leaves the results where `ape-test fetch` reads them. */
  async #archive(): Promise<void> {
    const { bus, run, tell } = this.#options;
    const { directory = "" } = this.#context ?? {};
    await archiveRun({ ...bus, run }, directory).catch((thrown: unknown) =>
      tell?.(`results that could not be stored: ${messageOf(thrown)}`),
    );
  }

  /** Ends the pods that a run that is over no longer needs. */
  async #end(): Promise<void> {
    const { api } = this.#options;
    await api.patch("Job", this.#name("agents"), { spec: { suspend: true } });
    for (const role of SERVERS) await api.patch("Deployment", this.#name(role), { spec: { replicas: 0 } });
  }
}
