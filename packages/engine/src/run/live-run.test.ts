import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@ape/core/config/parse";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AggregateSnapshot, Aggregator } from "../aggregate/aggregator.ts";
import { openEngineGateway } from "../launch/engine-gateway.ts";
import type { Launcher, RunContext } from "../launch/launcher.ts";
import type { Project } from "../project/project.ts";
import type { ToWorker } from "../worker/protocol.ts";
import { startRun } from "./run.ts";

let home = "";
let target: Server;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "ape-live-run-"));
  target = createServer((_request, response) => response.end("{}"));
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  target.closeAllConnections();
  target.close();
  await rm(home, { recursive: true });
});

function projectOf(load: object): Project {
  const { port } = target.address() as AddressInfo;
  const written = {
    version: 1,
    targets: { shop: { baseUrl: `http://127.0.0.1:${port}` } },
    goals: [{ name: "look", prompt: "Look.", success: [{ action: { operation: "GET /" } }] }],
    load,
  };
  const { config, secrets } = parseConfig(JSON.stringify(written), "ape.config.yaml", {});
  const configFile = join(home, "ape.config.yaml");
  return { directory: home, home, configFile, config, written, secrets, environment: {} };
}

/** Figures of a worker whose agents have begun so many sessions. */
function begun(sessions: number): AggregateSnapshot {
  const snapshot = new Aggregator([]).takeSnapshot();
  return { ...snapshot, sessions: { ...snapshot.sessions, started: sessions } };
}

/** Workers without a process, which come and go: a test plays them. */
class PlayedWorkers implements Launcher {
  readonly runtime = "kubernetes";
  readonly replaces = true;
  readonly sent: ToWorker[][] = [];
  context: RunContext | undefined;
  readonly #project: Project;

  constructor(project: Project) {
    this.#project = project;
  }

  async open(context: RunContext): Promise<void> {
    this.context = context;
    this.join();
  }

  /** A worker joins and is ready. */
  join(): void {
    const index = this.sent.length;
    const messages: ToWorker[] = [];
    this.sent.push(messages);
    this.context?.joined({
      index,
      pid: 0,
      send: (message) => void messages.push(message),
      kill: () => undefined,
    });
    const model = { provider: "simulated", name: "simulated", simulated: true };
    this.context?.message(index, { type: "ready", model });
  }

  /** A worker has ended. */
  end(index: number, sessions: number): void {
    this.context?.message(index, { type: "done", snapshot: begun(sessions) });
    this.context?.gone(index, true, "it is done");
  }

  openGateway() {
    return openEngineGateway(this.#project);
  }

  scale(): void {
    // The test decides which workers there are.
  }

  async settle(): Promise<void> {
    // There are no events.
  }

  async close(): Promise<void> {
    // Nothing was started.
  }
}

async function runOf(load: object) {
  const project = projectOf(load);
  const workers = new PlayedWorkers(project);
  const run = await startRun(project, { workerEntry: "", version: "0", launcher: () => workers });
  return { run, workers };
}

test("a fixed number of sessions that did not all begin, because their worker left, is no clean end", async () => {
  const lost = await runOf({ agents: 2, sessions: 10 });
  lost.workers.end(0, 7);
  const { exit, failure, summary } = await lost.run.finished;
  expect([exit, failure?.code, summary.run.status]).toEqual(["crashed", "WORKER_DIED", "crashed"]);
  expect(failure?.message).toMatch(/^3 of 10 planned sessions did not begin/);
  const whole = await runOf({ agents: 2, sessions: 10 });
  whole.workers.end(0, 10);
  const clean = await whole.run.finished;
  expect(clean.failure).toBeUndefined();
  expect(clean.summary.run.reason).toMatch(/^the planned sessions have ended/);
});

test("a worker that joins while a run is ending is drained, and the run is not scaled any more", async () => {
  const { run, workers } = await runOf({ agents: 2, duration: "10m" });
  run.stop();
  run.scale(9);
  expect(run.progress().agentsWanted).toBe(2);
  workers.join();
  expect(workers.sent[1]).toContainEqual({ type: "drain" });
  workers.end(1, 0);
  workers.end(0, 4);
  expect((await run.finished).summary.run.status).toBe("interrupted");
});
