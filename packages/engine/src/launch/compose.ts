import { randomBytes } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Observability } from "@ape/core/config/compose";
import { ApeError, messageOf } from "@ape/core/errors";
import { uniqueRows } from "../check-project.ts";
import { systemClock as clock } from "../clock.ts";
import { freePort } from "../free-port.ts";
import { containersFor, containersOf, planOf, rowShares } from "../plan.ts";
import { openNatsPlane } from "../plane/nats.ts";
import type { Project } from "../project.ts";
import { CrewPlane } from "./crew-plane.ts";
import { type ContainerState, DockerCompose } from "./docker.ts";
import type { Crew, EngineGateway, Launcher } from "./launcher.ts";
import { openRemoteGateway } from "./remote-gateway.ts";
import type { Resume } from "./resume-file.ts";

const AGENTS = "llama_agent";
/** Containers of agents that are started at once. */
const WAVE = 8;
const LOOK_MS = 500;
const SUPERVISE_MS = 2_000;
const READY_MS = 120_000;
/** Prometheus reads every second or two: it shall see the last figures before the roles end. */
const LAST_SCRAPE_MS = 5_000;

export interface ComposeOptions {
  /** The image of APE's roles. */
  image: string;
  observability: Observability;
  /** The environment of the command: the way to the engine of containers. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Told how each service stands, as it changes: `nats: healthy`. */
  tell?: (line: string) => void;
  /** Continues a run whose containers are there. */
  resume?: Resume;
}

/** Every part in a container of this machine, by the project's `ape.docker-compose.yml`. */
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
  #plane: CrewPlane | undefined;
  #crew: Crew | undefined;
  #ports = { nats: 0, gateway: 0 };
  #containers = 0;
  #rows = Number.POSITIVE_INFINITY;
  /** What is done to the containers, one thing at a time. */
  #work: Promise<void> = Promise.resolve();
  #supervisor: NodeJS.Timeout | undefined;
  #begun: Promise<void> | undefined;
  #closing = false;

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

  async open(crew: Crew): Promise<void> {
    this.#crew = crew;
    try {
      this.#begun = this.#begin(crew);
      await this.#begun;
    } catch (thrown) {
      this.#isBroken(thrown);
      throw thrown;
    }
  }

  async #begin(crew: Crew): Promise<void> {
    const { config, directory, environment } = this.#project;
    this.#rows = await uniqueRows(this.#project);
    const { resume } = this.#options;
    this.#containers = resume?.containers ?? containersFor(config, planOf(config.load), this.#rows);
    this.#ports = resume?.ports ?? { nats: await freePort(), gateway: await freePort() };
    if (resume === undefined) await this.#writeToken();
    this.#compose = new DockerCompose(
      directory,
      {
        ...environment,
        ...this.#options.environment,
        APE_TOKEN: this.#token,
        APE_RUN: crew.run,
        APE_IMAGE: this.#options.image,
        APE_NATS_PORT: String(this.#ports.nats),
        APE_GATEWAY_PORT: String(this.#ports.gateway),
        // A line a call is written only where somebody keeps and searches them.
        APE_LOG: this.#options.observability === "full" ? "info" : "warn",
        ...userOf(),
      },
      this.#options.observability,
    );
    const services = (await this.#compose.run("config", "--services")).trim().split("\n");
    const others = services.filter((service) => service !== AGENTS);
    const keep = resume === undefined ? [] : ["--no-recreate"];
    await this.#compose.run("up", "--detach", "--no-deps", ...keep, ...others);
    await this.#untilReady(others);
    this.#isReady();
    const plane = await openNatsPlane({
      url: `nats://127.0.0.1:${this.#ports.nats}`,
      token: this.#token,
      run: crew.run,
    });
    this.#plane = new CrewPlane(plane, crew, rowShares(config, this.#rows));
    await this.#plane.open();
    if (resume === undefined) await this.#grow(0, this.#containers);
    else await this.#setAgents(this.#containers, true);
    this.#supervisor = setInterval(() => this.#enqueue(() => this.#repair()), SUPERVISE_MS);
  }

  /** Prometheus and the roles share the run's token; only this user gets at the folder. */
  async #writeToken(): Promise<void> {
    const folder = join(this.#project.directory, ".ape", "compose");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    const file = join(folder, "token");
    await writeFile(file, this.#token, { mode: 0o644 });
  }

  get continuation(): Pick<Resume, "token" | "ports" | "containers" | "image"> {
    const { image } = this.#options;
    return { token: this.#token, ports: this.#ports, containers: this.#containers, image };
  }

  async openGateway(): Promise<EngineGateway> {
    await this.#ready;
    return openRemoteGateway(`http://127.0.0.1:${this.#ports.gateway}/mcp`, this.#token);
  }

  /** Waits until every one of the services is as it should be, and tells of each on its way there. */
  async #untilReady(services: readonly string[]): Promise<void> {
    const told = new Map<string, string>();
    const until = clock.now() + READY_MS;
    for (;;) {
      if (this.#closing) throw new ApeError("INTERRUPTED", "the containers are no longer wanted");
      const containers = await this.#containersOf();
      let ready = true;
      for (const service of services) {
        const own = containers.find((one) => one.service === service);
        const state = stateOf(own);
        if (told.get(service) !== state) this.#options.tell?.(`${service}: ${state}`);
        told.set(service, state);
        if (state !== "healthy" && state !== "running") ready = false;
        if (own !== undefined && (own.state === "exited" || own.health === "unhealthy"))
          throw await this.#failureOf(service, state);
      }
      if (ready) return;
      if (clock.now() > until) {
        const late = services.find((service) => !/^(healthy|running)$/.test(told.get(service) ?? ""));
        throw await this.#failureOf(late ?? "", `not ready after ${READY_MS / 1_000} s`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async #failureOf(service: string, state: string): Promise<ApeError> {
    const log = await this.#stack.run("logs", "--no-log-prefix", "--tail", "8", service).catch(messageOf);
    return new ApeError("CONTAINERS_FAILED", `${service} is ${state}`, {
      details: log.trim().split("\n"),
      hint: `See more with \`ape-test logs ${service}\`; \`ape-test clean\` takes everything down.`,
    });
  }

  get #stack(): DockerCompose {
    if (this.#compose === undefined) throw new ApeError("INTERNAL", "the stack was not begun");
    return this.#compose;
  }

  #containersOf(): Promise<ContainerState[]> {
    return this.#stack.containers();
  }

  /** Starts containers of agents in waves. */
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
      if (!this.#closing) this.#crew?.say("warn", messageOf(thrown));
    });
  }

  /** Containers that are there no more are started again: what they carried is on the plane, or waits for it. */
  async #repair(): Promise<void> {
    if (this.#closing) return;
    const containers = await this.#containersOf();
    const fallen = containers.filter(
      ({ state, service, exitCode }) =>
        (state === "exited" || state === "dead") && !(service === AGENTS && exitCode === 0),
    );
    if (fallen.length === 0 || this.#closing) return;
    for (const { name } of fallen) this.#crew?.say("warn", `${name} has ended: it is started again`);
    const others = [...new Set(fallen.map(({ service }) => service))].filter((one) => one !== AGENTS);
    if (others.length > 0) await this.#stack.run("up", "--detach", "--no-deps", "--no-recreate", ...others);
    if (fallen.some(({ service }) => service === AGENTS)) await this.#setAgents(this.#containers, true);
  }

  scale(agents: number): void {
    const { config } = this.#project;
    // The sessions of a run that ends with their number are dealt out already.
    if (config.load.sessions !== undefined) return;
    const wanted = containersOf(config, agents, this.#rows);
    const before = this.#containers;
    if (wanted === before) return;
    this.#containers = wanted;
    this.#enqueue(() => (wanted > before ? this.#grow(before, wanted) : this.#setAgents(wanted, true)));
  }

  async settle(): Promise<void> {
    clearInterval(this.#supervisor);
    await this.#plane?.settle();
  }

  /** The roles end; what observes stays, so that the run can be looked at, until `ape-test clean`. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    // A start that is given up goes as far as the command that it is in.
    await this.#begun?.catch(() => undefined);
    clearInterval(this.#supervisor);
    await this.#work;
    if (this.#options.observability !== "none" && this.#plane !== undefined)
      await new Promise((resolve) => setTimeout(resolve, LAST_SCRAPE_MS));
    await this.#plane?.dismiss().catch(() => undefined);
    await this.#plane?.close().catch(() => undefined);
    await this.#compose
      ?.run("stop", "--timeout", "5", AGENTS, "mcp_gateway", "cerebras_proxy", "nats")
      .catch((thrown: unknown) => this.#options.tell?.(messageOf(thrown)));
  }
}

function stateOf(container: ContainerState | undefined): string {
  if (container === undefined) return "not there yet";
  const { state, health, exitCode } = container;
  if (state === "exited") return `ended with ${exitCode}`;
  return state === "running" && health !== "" ? health : state;
}

/** Roles read the project's files, `ape.env` too, as the user who owns them; root's own are read as nobody. */
function userOf(): Record<string, string> {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  return uid === 0 ? {} : { APE_UID: String(uid), APE_GID: String(gid) };
}
