import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Observability } from "@ape/core/config/compose";
import { type BusAccess, hasOwnBus } from "@ape/core/config/runtime/bus";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { busAccess } from "../bus/bus-access.ts";
import { openNatsBus } from "../bus/nats.ts";
import { systemClock as clock } from "../host/clock.ts";
import { uniqueRows } from "../project/check-project.ts";
import type { Project } from "../project/project.ts";
import { containersFor, containersOf, planOf, rowShares } from "../run/plan.ts";
import { acquireProjectLock } from "../store/project-lock.ts";
import { OBSERVERS, removeEarlierRuns } from "./compose-resources.ts";
import { type ContainerPorts, startOnFreePorts } from "./container-ports.ts";
import { ContainerReadiness, READY_MS } from "./container-readiness.ts";
import { type ContainerState, DockerCompose, docker, runProject } from "./docker.ts";
import { endWithin } from "./end-within.ts";
import type { EngineGateway, Launcher, RunContext } from "./launcher.ts";
import { openRemoteGateway } from "./remote-gateway.ts";
import { CONTAINER_FILES, canBeContinued, type Resume } from "./resume-file.ts";
import { type RoleUser, removeRoleFiles, writeRoleFiles } from "./role-files.ts";
import { RunCoordinator } from "./run-coordinator.ts";

const AGENTS = "llama_agent";
const BUS = "nats";
const ROLES = ["mcp_gateway", "cerebras_proxy", "nats"];
/** User of roles where the engine is root. */
const NOBODY = 65_532;
/** How long the message bus may take to answer once its container is healthy. */
const BUS_MS = 30_000;
/** Containers of agents that are started at once. */
const WAVE = 8;
const SUPERVISE_MS = 2_000;
/** How long it may take to announce the run's end on the message bus and to close it. */
const CLOSE_MS = 5_000;
/** Prometheus scrapes every second or two: it must read the last figures before the roles end. */
const LAST_SCRAPE_MS = 5_000;

export interface ComposeOptions {
  /** Prefix of the folder's Compose projects. */
  project: string;
  /** The image of APE's roles. */
  image: string;
  observability: Observability;
  /** The command's environment, with the connection to the container engine. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Called when a service's state changes: `nats: healthy`. */
  tell?: (line: string) => void;
  /** Continues a run whose containers still exist. */
  resume?: Resume;
}

/** Runs every part in a container of this machine, by the project's `ape.docker-compose.yml`. */
export class ComposeLauncher implements Launcher {
  readonly runtime = "compose";
  readonly replaces = true;
  readonly #project: Project;
  readonly #options: ComposeOptions;
  readonly #token: string;
  readonly #ready: Promise<void>;
  #isReady: () => void = () => undefined;
  #isBroken: (error: unknown) => void = () => undefined;
  #compose: DockerCompose | undefined;
  #bus: RunCoordinator | undefined;
  #context: RunContext | undefined;
  #ports: ContainerPorts = { nats: 0, gateway: 0 };
  #files = "";
  #unlock: (() => Promise<void>) | undefined;
  /** Whether every container of agents has joined once. */
  #complete = false;
  #busLost = false;
  #services: readonly string[] | undefined;
  /** Deadline by which the first agents' containers must have joined. */
  #joinBy: number | undefined;
  #containers = 0;
  #rows = Number.POSITIVE_INFINITY;
  /** Pending changes of the containers, one at a time. */
  #work: Promise<void> = Promise.resolve();
  #supervisor: NodeJS.Timeout | undefined;
  #begun: Promise<void> | undefined;
  #closing = false;
  #settled = false;

  constructor(project: Project, options: ComposeOptions) {
    this.#project = project;
    this.#options = options;
    this.#token = options.resume?.token ?? randomBytes(24).toString("base64url");
    this.#ready = new Promise((resolve, reject) => {
      this.#isReady = resolve;
      this.#isBroken = reject;
    });
    this.#ready.catch(() => undefined);
  }

  async open(context: RunContext): Promise<void> {
    this.#context = context;
    try {
      this.#begun = this.#begin(context);
      await this.#begun;
    } catch (thrown) {
      this.#isBroken(thrown);
      throw thrown;
    }
  }

  async #begin(context: RunContext): Promise<void> {
    const { config, home } = this.#project;
    this.#unlock = await acquireProjectLock(home, context.run);
    this.#rows = await uniqueRows(this.#project);
    const { resume } = this.#options;
    this.#containers = resume?.containers ?? containersFor(config, planOf(config.load), this.#rows);
    this.#files = join(context.directory, CONTAINER_FILES);
    const user = userOf();
    if (resume === undefined) {
      const bus = await this.#busAccess(`nats://${BUS}:4222`);
      await writeRoleFiles(this.#files, this.#project, { token: this.#token, bus, user });
    }
    const { project } = this.#options;
    await removeEarlierRuns(
      project,
      context.run,
      (run) => canBeContinued(join(dirname(context.directory), run)),
      this.#options.environment,
    );
    await removeLeftSecrets(context.directory);
    this.#usePorts(resume?.ports ?? this.#ports);
    const services = await this.#stack.services();
    this.#services = [...services.keys()];
    const others = [...services.keys()].filter((service) => service !== AGENTS);
    const up = ["up", "--detach", "--no-deps"];
    if (resume !== undefined) await this.#stack.run(...up, "--no-recreate", ...others);
    else
      await startOnFreePorts(async (ports) => {
        this.#usePorts(ports);
        await this.#stack.run(...up, ...others);
      });
    // Of the observing services a run waits only for Prometheus: its figures are needed from the first second.
    const needed = others.filter((service) => !OBSERVERS.test(service) || service === "prometheus");
    await this.#readiness.untilReady(
      new Map(needed.map((service) => [service, services.get(service)?.checked === true])),
      this.#roles,
      () => this.#closing,
    );
    this.#isReady();
    const access = await this.#busAccess(`nats://127.0.0.1:${this.#ports.nats}`);
    const bus = await openNatsBus({ ...access, run: context.run, patienceMs: BUS_MS });
    this.#bus = new RunCoordinator(bus, context, rowShares(config, this.#rows));
    await this.#bus.open();
    if (resume === undefined) await this.#grow(0, this.#containers);
    else await this.#setAgents(this.#containers, true);
    this.#supervisor = setInterval(() => this.#enqueue(() => this.#repair()), SUPERVISE_MS);
  }

  /** Commands from now on publish the containers at these ports. */
  #usePorts(ports: ContainerPorts): void {
    const { directory, environment } = this.#project;
    const { project, observability } = this.#options;
    const run = this.#context?.run ?? "";
    const user = userOf();
    this.#ports = ports;
    this.#compose = new DockerCompose(
      directory,
      {
        ...environment,
        ...this.#options.environment,
        APE_FILES: this.#files,
        APE_RUN: run,
        APE_IMAGE: this.#options.image,
        APE_NATS_PORT: String(this.#ports.nats),
        APE_GATEWAY_PORT: String(this.#ports.gateway),
        // One line per call is written only if a profile stores and searches them.
        APE_LOG: environment.APE_LOG || (observability === "full" ? "info" : "warn"),
        APE_PROMETHEUS_CONFIG: observability === "full" ? "prometheus.yml" : "prometheus-metrics.yml",
        APE_UID: String(user.uid),
        APE_GID: String(user.gid),
      },
      runProject(project, run),
      observability,
    );
  }

  get continuation(): Pick<Resume, "token" | "ports" | "containers" | "image"> {
    const { image } = this.#options;
    return { token: this.#token, ports: this.#ports, containers: this.#containers, image };
  }

  async openGateway(): Promise<EngineGateway> {
    await this.#ready;
    return openRemoteGateway(`http://127.0.0.1:${this.#ports.gateway}/mcp`, this.#token);
  }

  /** @param url address of the run's own message bus */
  #busAccess(url: string): Promise<BusAccess> {
    const { config, directory } = this.#project;
    return busAccess(config.bus, { url, token: this.#token }, directory);
  }

  /** Services without which a run cannot continue, beside agents. */
  get #roles(): string[] {
    return ROLES.filter((role) => role !== BUS || this.#hasOwnBus);
  }

  get #hasOwnBus(): boolean {
    return hasOwnBus(this.#project.config);
  }

  get #readiness(): ContainerReadiness {
    return new ContainerReadiness(this.#stack, this.#options.tell);
  }

  get #stack(): DockerCompose {
    if (this.#compose === undefined) throw new ApeError("INTERNAL", "the stack was not begun");
    return this.#compose;
  }

  #containersOf(): Promise<ContainerState[]> {
    return this.#stack.containers();
  }

  /** Starts containers of agents in batches. */
  async #grow(from: number, to: number): Promise<void> {
    for (let many = Math.min(to, from + WAVE); ; many = Math.min(to, many + WAVE)) {
      if (this.#closing) return;
      await this.#setAgents(many, from > 0 || many > WAVE);
      this.#options.tell?.(`${AGENTS}: ${many} of ${to} started`);
      if (many >= to) return;
    }
  }

  async #setAgents(many: number, keep: boolean): Promise<void> {
    const words = ["up", "--detach", "--no-deps", "--scale", `${AGENTS}=${many}`];
    await this.#stack.run(...words, ...(keep ? ["--no-recreate"] : []), AGENTS);
  }

  #enqueue(task: () => Promise<void>): void {
    this.#work = this.#work.then(task).catch((thrown: unknown) => {
      if (!this.#closing) this.#context?.say("warn", messageOf(thrown));
    });
  }

  /** Restarts containers that are gone: their messages are on the message bus, or wait for it. */
  async #repair(): Promise<void> {
    if (this.#closing) return;
    const containers = await this.#containersOf();
    if (this.#hasLostBus(containers)) return;
    await this.#watchFirstAgents(containers);
    const lost = this.#roles.filter((role) => !containers.some(({ service }) => service === role));
    if (lost.length > 0 && !this.#closing) {
      for (const role of lost) this.#context?.say("warn", `${role} was removed: it is started again`);
      await this.#stack.run("up", "--detach", "--no-deps", "--no-recreate", ...lost);
    }
    const fallen = containers.filter(
      ({ state, service, exitCode }) =>
        (state === "exited" || state === "dead") && !(service === AGENTS && exitCode === 0),
    );
    if (fallen.length === 0 || this.#closing) return;
    for (const { name } of fallen) this.#context?.say("warn", `${name} has ended: it is started again`);
    const others = [...new Set(fallen.map(({ service }) => service))].filter((one) => one !== AGENTS);
    if (others.length > 0) await this.#stack.run("up", "--detach", "--no-deps", "--no-recreate", ...others);
    if (fallen.some(({ service }) => service === AGENTS)) await this.#setAgents(this.#containers, true);
  }

  /** Fails the run if its message bus was removed: its messages are lost, and the agents cannot continue. */
  #hasLostBus(containers: readonly ContainerState[]): boolean {
    if (!this.#hasOwnBus || containers.some(({ service }) => service === BUS)) return false;
    if (!this.#closing && !this.#busLost)
      this.#bus?.lose(
        new ApeError("CONTAINERS_FAILED", "the run's message bus was removed from outside", {
          hint: "What was recorded until then is kept: see `ape-test report`. Something removed the containers of a live run, such as `docker rm` or `docker system prune`.",
        }),
      );
    this.#busLost = true;
    return true;
  }

  /** Whether the run can be inspected after its end: then its observing services and its target stay. */
  get #looksOn(): boolean {
    return this.#options.observability !== "none";
  }

  /** Docker supports about thirty networks: those of an ended run are removed, except for its observing services'. */
  async #freeNetworks(): Promise<void> {
    const { project, environment } = this.#options;
    const name = runProject(project, this.#context?.run ?? "");
    const kept = this.#looksOn ? ["control", "targets"] : [];
    for (const network of ["agents", "targets", "models", "control", "bus"].filter(
      (one) => !kept.includes(one),
    ))
      await docker(["network", "rm", `${name}_${network}`], { env: environment }).catch(() => undefined);
  }

  /** Until every container of agents has joined: fails the run if one of them crashes repeatedly. */
  async #watchFirstAgents(containers: readonly ContainerState[]): Promise<void> {
    if (this.#complete) return;
    this.#complete = (this.#bus?.joined ?? 0) >= this.#containers;
    if (this.#complete) return;
    this.#joinBy ??= clock.now() + READY_MS;
    try {
      if (clock.now() > this.#joinBy) {
        const joined = this.#bus?.joined ?? 0;
        throw await this.#readiness.failureOf(
          AGENTS,
          `not there: ${joined} of ${this.#containers} joined within ${READY_MS / 1_000} s`,
        );
      }
      await this.#readiness.throwIfCrashing(containers.filter(({ service }) => service === AGENTS));
    } catch (thrown) {
      this.#complete = true;
      if (thrown instanceof ApeError) this.#context?.failed(thrown);
    }
  }

  scale(agents: number): void {
    const { config } = this.#project;
    // In a run with a fixed number of sessions, they are already distributed.
    if (config.load.sessions !== undefined) return;
    const wanted = containersOf(config, agents, this.#rows);
    const before = this.#containers;
    if (wanted === before) return;
    this.#containers = wanted;
    this.#enqueue(() => (wanted > before ? this.#grow(before, wanted) : this.#setAgents(wanted, true)));
  }

  async settle(): Promise<void> {
    this.#settled = true;
    clearInterval(this.#supervisor);
    await this.#bus?.settle();
  }

  /**
   * Stops the roles; observing services stay, so that the run can be inspected, until the next run or `ape-test clean`.
   */
  async close(concluded = false): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    // A cancelled start continues until its current command has ended.
    await this.#begun?.catch(() => undefined);
    clearInterval(this.#supervisor);
    await this.#work;
    if (this.#options.observability !== "none" && this.#bus !== undefined) await clock.sleep(LAST_SCRAPE_MS);
    await endWithin(CLOSE_MS, this.#bus?.dismiss());
    await endWithin(CLOSE_MS, this.#bus?.close(concluded));
    await this.#stopRoles();
    if (concluded) {
      await this.#freeNetworks();
      await removeRoleFiles(this.#files);
    }
    await this.#unlock?.();
  }

  /** Stops the roles of a run; removes everything of a start that failed. */
  async #stopRoles(): Promise<void> {
    const failedStart = !this.#settled && this.#options.resume === undefined;
    const roles = [AGENTS, ...this.#roles];
    const own = this.#looksOn ? roles : (this.#services ?? roles);
    const words = failedStart ? ["down", "--timeout", "5"] : ["stop", "--timeout", "5", ...own];
    await this.#compose?.run(...words).catch((thrown: unknown) => this.#options.tell?.(messageOf(thrown)));
    if (failedStart && this.#files !== "") await removeRoleFiles(this.#files);
  }
}

/** Removes the secrets of earlier starts of the folder that were cut off and cannot be continued. */
async function removeLeftSecrets(own: string): Promise<void> {
  const runs = dirname(own);
  for (const id of await readdir(runs).catch(() => [])) {
    const directory = join(runs, id);
    if (directory !== own && !(await canBeContinued(directory)))
      await removeRoleFiles(join(directory, CONTAINER_FILES));
  }
}

/** Roles run as the user who starts them, who owns their files; as an unprivileged user if that is root. */
function userOf(): RoleUser {
  const uid = process.getuid?.() ?? 0;
  return uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid, gid: process.getgid?.() ?? NOBODY };
}
