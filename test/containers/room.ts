import { BusEventLog } from "@ape/engine/bus/bus-event-log";
import { CountedEventLog } from "@ape/engine/bus/counted-event-log";
import type { MessageBus } from "@ape/engine/bus/message-bus";
import { systemClock } from "@ape/engine/host/clock";
import type { EngineGateway, Launcher, RunContext } from "@ape/engine/launch/launcher";
import { openRemoteGateway } from "@ape/engine/launch/remote-gateway";
import { RunCoordinator } from "@ape/engine/launch/run-coordinator";
import { loadProject, type Project } from "@ape/engine/project/project";
import { InProcessBus } from "@ape/engine/test/in-process-bus";
import { RemoteWorker } from "@ape/engine/worker/remote-worker";
import { createGateway } from "@ape/gateway/gateway";
import { type McpServer, startMcpServer } from "@ape/gateway/mcp-server/mcp-server";
import { createInference } from "@ape/inference/inference";
import { type InferenceServer, serveInference } from "@ape/inference/server/server";

const TOKEN = "run";
const SHARES = 8;

/**
 * The roles of a run in containers, all in this process: a gateway and a proxy over HTTP, members over a message bus.
 */
export class Room implements Launcher {
  readonly runtime = "compose";
  readonly replaces = true;
  readonly bus = new InProcessBus();
  readonly members: RemoteWorker[] = [];
  /** Milliseconds without a message of the engine after which members wait, and leave. */
  readonly patience: { silentMs?: number; lostMs?: number };
  readonly #project: Project;
  readonly #mcpServer: McpServer;
  readonly #server: InferenceServer;
  readonly #count: number;
  #crewPlane: RunCoordinator | undefined;
  /** Stops the engine's messages, as if it had died. */
  muted = false;
  /** Members whose messages get lost, as if they had been killed. */
  readonly mutedMembers = new Set<string>();
  #run = "";

  private constructor(
    project: Project,
    mcpServer: McpServer,
    server: InferenceServer,
    count: number,
    patience: Room["patience"],
  ) {
    this.#project = project;
    this.#mcpServer = mcpServer;
    this.#server = server;
    this.#count = count;
    this.patience = patience;
  }

  static async open(cwd: string, count: number, patience: Room["patience"] = {}): Promise<Room> {
    const project = await loadProject({ cwd, environment: {} });
    const { targets, gateway: settings, inference: config } = project.config;
    const gateway = await createGateway({ targets, clock: systemClock, baseDir: cwd });
    const mcpServer = await startMcpServer({
      gateway,
      targets: Object.keys(targets),
      settings,
      secrets: [],
      version: "0",
      port: 0,
      token: TOKEN,
    });
    let events: BusEventLog | CountedEventLog | undefined;
    const inference = await createInference({
      config,
      clock: systemClock,
      recorder: { record: (event) => events?.record(event), commit: (event) => events?.commit(event) },
    });
    const server = await serveInference({ inference, port: 0, token: TOKEN });
    const room = new Room(project, mcpServer, server, count, patience);
    events =
      project.config.events.send === "kept"
        ? new CountedEventLog(room.bus, "inference-1")
        : new BusEventLog(room.bus, "inference");
    return room;
  }

  get project(): Project {
    return this.#project;
  }

  async open(crew: RunContext): Promise<void> {
    this.#run = crew.run;
    this.#crewPlane = new RunCoordinator(this.#mouth(), crew, SHARES);
    await this.#crewPlane.open();
    for (let i = 0; i < this.#count; i += 1) await this.join(`m${i}`);
  }

  #mouth(isMuted = (): boolean => this.muted): MessageBus {
    const { bus } = this;
    return {
      get awayMs() {
        return bus.awayMs;
      },
      lost: bus.lost,
      append: async (subject, text) => {
        if (!isMuted()) await bus.append(subject, text);
      },
      follow: (...how) => bus.follow(...how),
      put: (key, value) => bus.put(key, value),
      get: (key) => bus.get(key),
      forget: () => bus.forget(),
      close: () => bus.close(),
    };
  }

  /** A further process of agents. */
  async join(name: string): Promise<RemoteWorker> {
    const member = await RemoteWorker.open({
      bus: this.#mouth(() => this.mutedMembers.has(name)),
      name,
      run: this.#run,
      gateway: this.#mcpServer.url,
      inference: `${this.#server.url}/v1`,
      token: TOKEN,
      baseDir: this.#project.directory,
      metrics: { host: "127.0.0.1", port: 0 },
      ...this.patience,
    });
    this.members.push(member);
    return member;
  }

  /** What every part shows at `/metrics` now. */
  pages(): Promise<string[]> {
    const urls = [
      ...this.members.map(({ url }) => url),
      this.#mcpServer.url.replace("/mcp", "/metrics"),
      `${this.#server.url}/metrics`,
    ];
    const headers = { authorization: `Bearer ${TOKEN}` };
    return Promise.all(urls.map(async (url) => (await fetch(url, { headers })).text()));
  }

  openGateway(): Promise<EngineGateway> {
    return openRemoteGateway(this.#mcpServer.url, TOKEN);
  }

  scale(): void {}

  async settle(): Promise<void> {
    await this.#crewPlane?.settle();
  }

  async close(): Promise<void> {
    // A bus that has lost its stream takes no messages.
    await this.#crewPlane?.dismiss().catch(() => undefined);
    await Promise.all(this.members.map(({ finished }) => finished));
    await this.#crewPlane?.close();
    await this.#mcpServer.close();
    await this.#server.close();
  }
}
