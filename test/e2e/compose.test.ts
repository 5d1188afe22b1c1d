import { EXIT } from "@ape/core/lib/errors";
import type { RunProgress } from "@ape/core/report/progress";
import { registrySeries } from "@ape/setup/test/registry-series";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildApeImage, importStandIns, whyNoEngine } from "../containers/images.ts";
import { reconcile } from "../reconcile.ts";
import { eventually } from "./ape.ts";
import { ComposeProject } from "./compose-rig.ts";
import { cutSessions } from "./cut-sessions.ts";
import { unaccounted } from "./unaccounted.ts";

const missing = whyNoEngine();
// With a longer tail one in fifty runs has an agent that still thinks when `gracefulStop` (30 s) is over: a session is interrupted.
const THINK = "thinkTime: { lognormal: { median: 400ms, p95: 1200ms } }";
const projects: ComposeProject[] = [];
let port = 19_090 + Math.floor(Math.random() * 1_000);

async function project(load: string, agentsPerContainer: number): Promise<ComposeProject> {
  port += 1;
  const made = await ComposeProject.create({ load, agentsPerContainer, prometheus: port });
  projects.push(made);
  return made;
}

async function progress({ folder, environment }: ComposeProject): Promise<RunProgress | undefined> {
  const { exit, stdout } = await folder.run(["status", "--json"], environment);
  return exit === 0 ? (JSON.parse(stdout) as RunProgress) : undefined;
}

afterEach(async () => {
  for (const one of projects.splice(0)) await one.remove();
});

describe.skipIf(missing !== undefined)(`containers ${missing ?? ""}`, () => {
  beforeAll(() => {
    buildApeImage();
    importStandIns();
  }, 120_000);

  test("200 agents in four containers: the summary, the shop's books and Prometheus count alike", {
    timeout: 240_000,
  }, async () => {
    const shop = await project(`{ agents: 200, duration: 30s, rampUp: 5s, ${THINK} }`, 50);
    const { finished, says } = shop.folder.start(["start"], shop.environment);
    await says(/200\/200 agents/);
    expect(shop.containers("llama_agent")).toHaveLength(4);
    const { exit, stdout, stderr } = await finished;
    expect(exit, stderr + stdout).toBe(0);
    const summary = await shop.folder.summary();
    const events = await shop.folder.events();
    const books = shop.books();
    expect(summary.run).toMatchObject({ runtime: "compose", status: "finished", agents: 200 });
    expect(summary.sessions).toMatchObject({ interrupted: 0, started: summary.sessions.ended });
    const record = reconcile(events, books);
    expect(record).toMatchObject({ onlyApe: [], onlyShop: [] });
    expect(record.succeeded).toBe(summary.sessions.succeeded);
    expect(record.succeeded).toBeGreaterThan(200);
    expect(books.sharedCredentials).toBe(0);
    const actions = events.filter((event) => event.type === "step" && event.action !== undefined).length;
    const probes = events.filter((event) => event.type === "probe").length;
    const served = Object.values(books.traces).reduce((sum, trace) => sum + trace.requests, 0);
    expect(actions + probes).toBe(served);
    const last = (name: string): Promise<number> => shop.ask(`sum (max_over_time(${name}[5m]))`);
    expect(await last("ape_sessions_ended_total")).toBe(summary.sessions.ended);
    expect(await last("ape_actions_total")).toBe(actions);
    expect(await last("ape_target_seconds_count")).toBe(served);
    expect(await last("ape_inference_seconds_count")).toBe(
      events.filter((event) => event.type === "inference").length,
    );
    // Every metric that a run like this can have is there; test/containers/figures.test.ts makes the others happen, too.
    const seen = new Set(await shop.names());
    const absent = [...registrySeries()].flatMap(([metric, series]) =>
      [...series.keys()].some((name) => seen.has(name)) ? [] : [metric],
    );
    // No arrivals, no breaker and no provider behind the proxy: those alone. Whether an agent has to wait for a row, a connection
    // breaks or a refusal is verified depends on timing.
    const chance = ["session_row_wait", "requests_resent", "verification_reads", "decisions_repaired"];
    const never = absent.filter((metric) => !chance.includes(metric));
    expect(never.sort()).toEqual([
      "ape_inference_circuit_open",
      "ape_inference_limit",
      "ape_inference_underway",
      "ape_inference_waiting",
      "arrivals_dropped",
      "circuit_open",
      "session_start_delay",
      "sessions_dropped",
    ]);
  });

  test("scale from 50 to 200 and back: not one session is cut off", { timeout: 240_000 }, async () => {
    const shop = await project(`{ agents: 50, duration: 10m, ${THINK} }`, 50);
    const { finished, says } = shop.folder.start(["start"], shop.environment);
    await says(/50\/50 agents/);
    expect(shop.containers("llama_agent")).toHaveLength(1);
    await shop.folder.run(["scale", "--agents", "200"], shop.environment);
    await eventually(async () => (await progress(shop))?.agentsActive === 200, 60_000);
    expect(shop.containers("llama_agent")).toHaveLength(4);
    await shop.folder.run(["scale", "--agents", "50"], shop.environment);
    await eventually(async () => (await progress(shop))?.agentsActive === 50, 60_000);
    await eventually(() => shop.containers("llama_agent").length === 1, 60_000);
    await shop.folder.run(["stop"], shop.environment);
    const { exit, stdout, stderr } = await finished;
    expect(exit, stderr + stdout).toBe(EXIT.interrupted);
    const summary = await shop.folder.summary();
    expect(summary.sessions).toMatchObject({ interrupted: 0, started: summary.sessions.ended });
    expect(reconcile(await shop.folder.events(), shop.books())).toMatchObject({ onlyApe: [], onlyShop: [] });
  });

  test("engine, agents, gateway, proxy and NATS are killed, each once: the run continues, nothing recorded is lost", {
    timeout: 240_000,
  }, async () => {
    const shop = await project(`{ agents: 60, duration: 10m, ${THINK} }`, 20);
    const first = shop.folder.start(["start"], shop.environment);
    await first.says(/60\/60 agents/);
    first.process.kill("SIGKILL");
    await first.finished;
    const { finished, says } = shop.folder.start(["start", "--continue", "latest"], shop.environment);
    await says(/60\/60 agents/);
    for (const service of ["llama_agent", "mcp_gateway", "cerebras_proxy", "nats"]) {
      const before = shop.containers(service).length;
      const ended = (await progress(shop))?.sessions.ended ?? 0;
      shop.kill(shop.containers(service)[0] ?? "");
      await eventually(() => shop.containers(service).length === before, 30_000);
      // Figures of a part that is gone stay for a while: that all agents are at work shows by what they get done.
      await eventually(async () => ((await progress(shop))?.sessions.ended ?? 0) >= ended + 60, 60_000);
      await eventually(async () => ((await progress(shop))?.agentsActive ?? 0) >= 60, 40_000);
    }
    await shop.folder.run(["stop"], shop.environment);
    const { stdout, stderr } = await finished;
    const summary = await shop.folder.summary();
    expect(summary.run.status, stderr + stdout).toBe("interrupted");
    const events = await shop.folder.events();
    const record = reconcile(events, shop.books());
    // Whatever APE counts as reached is in the books; the books may know more of sessions that a kill cut off.
    expect(record.onlyApe).toEqual([]);
    const books = shop.books();
    expect(unaccounted(events, books)).toEqual([]);
    // A fault that loses acknowledged events would show: here a second's worth of one part is taken out.
    const from = events.findIndex((event) => event.type === "step" && event.session.startsWith("s0-"));
    expect(unaccounted([...events.slice(0, from), ...events.slice(from + 200)], books)).not.toEqual([]);
    const { traces } = cutSessions(events);
    for (const trace of record.onlyShop) expect(traces).toContain(trace);
    expect(record.succeeded).toBeGreaterThan(100);
  });
});
