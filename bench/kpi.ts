import { execFileSync, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Progress } from "@ape/engine/progress";
import type { Summary } from "@ape/engine/summary";
import { buildApeImage, importStandIns, whyNoEngine } from "../test/containers/images.ts";
import { ProjectFolder } from "../test/e2e/ape.ts";
import { ComposeProject } from "../test/e2e/compose-rig.ts";
import { shopping } from "../test/e2e/shopping.ts";
import { type BenchResult, machine, stealMeter } from "./result.ts";

const AGENTS = [10, 100, 1_000, 2_000];
const THINK = {
  think400: "{ lognormal: { median: 400ms, p95: 2s } }",
  think2000: "{ lognormal: { median: 2s, p95: 8s } }",
};
const FAULTS = {
  calm: {},
  faults: {
    unavailable503: { rate: 0.05, retryAfter: 1 },
    tokenExpiry: { rate: 0.02 },
    latency: { rate: 0.01, ms: 2_000 },
  },
};
const DURATION = "20s";
const MIB = 1024 * 1024;

/** What one run came to. */
interface Kpi {
  betweenMs: number;
  decisionMs: number;
  successPct: number;
  rssMib: number;
  cpuSeconds: number;
  saturated: boolean;
  /** Seconds from the command until every agent was in a session. */
  activeAfterS: number | null;
}

const SHOP = fileURLToPath(new URL("../packages/cli/dist/shop.js", import.meta.url));

/** A shop in a process of its own, with accounts for everybody. */
async function openShop(accounts: number, faults: object): Promise<{ url: string; close: () => void }> {
  const words = [SHOP, "--accounts", String(accounts), "--faults", JSON.stringify(faults)];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  const [first] = (await new Promise<Buffer>((resolve) => child.stdout.once("data", resolve)))
    .toString("utf8")
    .split("\n");
  const { url } = JSON.parse(first ?? "") as { url: string };
  return { url, close: () => void child.kill("SIGKILL") };
}

/** Runs the built command to its end; watches from outside when all agents are at work. */
async function measure(
  folder: ProjectFolder,
  agents: number,
  env: Record<string, string>,
  midway?: () => number,
): Promise<Kpi> {
  const began = performance.now();
  const { process: child, finished } = folder.start(["start", "--json=stream"], env);
  let activeAfterS: number | null = null;
  let rssMib: number | undefined;
  child.stdout?.on("data", (chunk: Buffer) => {
    for (const line of chunk.toString("utf8").split("\n")) {
      if (!line.startsWith('{"type":"progress"') || !line.endsWith("}")) continue;
      const { agentsActive, done } = JSON.parse(line) as Progress;
      if (agentsActive >= agents) activeAfterS ??= Math.round((performance.now() - began) / 100) / 10;
      if (done > 0.7 && rssMib === undefined && midway !== undefined) rssMib = midway();
    }
  });
  const { stderr } = await finished;
  const summary: Summary = await folder.summary().catch(() => {
    throw new Error(`the run left no summary: ${stderr}`);
  });
  const average = (metric: string): number => Math.round(summary.metrics[metric]?.values.avg ?? Number.NaN);
  return {
    betweenMs: average("time_between_actions"),
    decisionMs: average("decision_duration"),
    successPct: Math.round((summary.metrics.session_success?.values.rate ?? 0) * 1_000) / 10,
    rssMib: Math.round(rssMib ?? summary.health.rssMaxBytes / MIB),
    cpuSeconds: Math.round(summary.health.cpuSeconds),
    saturated: summary.health.saturated,
    activeAfterS,
  };
}

/** Memory of the containers of agents, by the engine of containers, in MiB. */
function memoryOf(containers: readonly string[]): number {
  const text = execFileSync("docker", ["stats", "--no-stream", "--format", "{{.MemUsage}}", ...containers], {
    encoding: "utf8",
  });
  const unit: Record<string, number> = { KiB: 1 / 1024, MiB: 1, GiB: 1024 };
  return [...text.matchAll(/^([\d.]+)([KMG]iB)/gm)].reduce(
    (sum, [, value, name]) => sum + Number(value) * (unit[name ?? ""] ?? 1),
    0,
  );
}

async function embedded(agents: number, think: string, faults: object): Promise<Kpi> {
  const accounts = Math.max(200, agents * 2);
  const shop = await openShop(accounts, faults);
  const load = `{ agents: ${agents}, duration: ${DURATION}, thinkTime: ${think} }`;
  const folder = await ProjectFolder.create(shopping(shop.url, { load, accounts }));
  try {
    return await measure(folder, agents, {});
  } finally {
    shop.close();
    await folder.remove();
  }
}

async function compose(agents: number, think: string): Promise<Kpi> {
  const project = await ComposeProject.create({
    load: `{ agents: ${agents}, duration: ${DURATION}, thinkTime: ${think} }`,
    agentsPerContainer: 250,
    accounts: Math.max(600, agents * 2),
    prometheus: 19_080,
  });
  try {
    return await measure(project.folder, agents, project.environment, () =>
      memoryOf(project.containers("llama_agent")),
    );
  } finally {
    await project.remove();
  }
}

/**
 * How a run goes by its size: 10 to 2,000 agents of the simulated model against the shop, in processes with faults off
 * and on and two think times, and in containers where an engine runs. One run each: `bench agents` measures the cost of an action.
 */
export async function kpi(log: (line: string) => void): Promise<BenchResult> {
  const stolen = stealMeter();
  const figures: BenchResult["figures"] = {};
  const notes = [
    "| where | agents | think | faults | between ms | decision ms | success % | MiB | CPU s | saturated | all active after s |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
  ];
  const keep = (where: string, agents: number, think: string, faults: string, kpis: Kpi): void => {
    const row = `| ${where} | ${agents} | ${think} | ${faults} | ${kpis.betweenMs} | ${kpis.decisionMs} | ${kpis.successPct} | ${kpis.rssMib} | ${kpis.cpuSeconds} | ${kpis.saturated ? "yes" : "no"} | ${kpis.activeAfterS ?? "never"} |`;
    notes.push(row);
    log(row);
    const name = `${where}_${agents}_${think}_${faults}`;
    figures[`${name}_betweenMs`] = kpis.betweenMs;
    figures[`${name}_successPct`] = kpis.successPct;
    figures[`${name}_rssMib`] = kpis.rssMib;
  };
  for (const agents of AGENTS)
    for (const [think, text] of Object.entries(THINK))
      for (const [name, faults] of Object.entries(FAULTS))
        keep("embedded", agents, think, name, await embedded(agents, text, faults));
  const missing = whyNoEngine();
  if (missing === undefined) {
    buildApeImage();
    importStandIns();
    for (const agents of AGENTS)
      keep("compose", agents, "think400", "calm", await compose(agents, THINK.think400));
  } else notes.push(`no containers: ${missing}`);
  const stealPct = stolen();
  figures.stealPct = stealPct;
  if ((stealPct ?? 0) > 10) notes.push("inconclusive: more than 10% of the CPU was stolen");
  return { name: "kpi", machine: machine(), figures, ratios: {}, notes };
}
