import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { RunProgress } from "@ape/core/report/progress";
import type { Summary } from "@ape/core/report/summary";
import { buildApeImage, importStandIns, whyNoEngine } from "../test/containers/images.ts";
import { ProjectFolder } from "../test/e2e/ape.ts";
import { ComposeProject } from "../test/e2e/compose-rig.ts";
import { shopping } from "../test/e2e/shopping.ts";
import { type KpiRow, kpiLine, kpiPage, kpiTable } from "./kpi-page.ts";
import { type BenchResult, machine, stealMeter } from "./result.ts";

const AGENTS = [10, 100, 1_000, 2_000];
/** Think times by their median. */
const THINK = {
  "400ms": "{ lognormal: { median: 400ms, p95: 2s } }",
  "1s": "{ lognormal: { median: 1s, p95: 4s } }",
};
const FAULTS = {
  unavailable503: { rate: 0.05, retryAfter: 1 },
  tokenExpiry: { rate: 0.02 },
  latency: { rate: 0.01, ms: 2_000 },
};
const DURATION = "20s";
/** Time for sessions in flight at the end: at the longer think time some take half a minute. */
const GRACE = "45s";
const MIB = 1024 * 1024;
const FAULTS_IN_WORDS =
  "5% of the answers are 503 with `retry-after: 1`, 2% of the requests find their token expired, 1% take 2 s";

type Case = Pick<KpiRow, "where" | "agents" | "think" | "faults">;
type Measured = Omit<KpiRow, keyof Case>;

function loadOf(agents: number, think: string): string {
  const time = THINK[think as keyof typeof THINK];
  return `{ agents: ${agents}, duration: ${DURATION}, gracefulStop: ${GRACE}, thinkTime: ${time} }`;
}

const SHOP = fileURLToPath(new URL("../packages/cli/dist/shop.js", import.meta.url));

/** A shop in its own process, with an account for each agent. */
async function openShop(accounts: number, faults: object): Promise<{ url: string; close: () => void }> {
  const words = [SHOP, "--accounts", String(accounts), "--faults", JSON.stringify(faults)];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  const [first] = (await new Promise<Buffer>((resolve) => child.stdout.once("data", resolve)))
    .toString("utf8")
    .split("\n");
  const { url } = JSON.parse(first ?? "") as { url: string };
  return { url, close: () => void child.kill("SIGKILL") };
}

/** Runs the built command to its end; observes from outside when all agents are at work. */
async function measure(
  folder: ProjectFolder,
  agents: number,
  env: Record<string, string>,
  midway?: () => number,
): Promise<Measured> {
  const began = performance.now();
  const { process: child, finished } = folder.start(["start", "--json=stream"], env);
  let activeAfterS: number | null = null;
  let rssMib: number | undefined;
  child.stdout?.on("data", (chunk: Buffer) => {
    for (const line of chunk.toString("utf8").split("\n")) {
      if (!line.startsWith('{"type":"progress"') || !line.endsWith("}")) continue;
      const { agentsActive, done } = JSON.parse(line) as RunProgress;
      if (agentsActive >= agents) activeAfterS ??= Math.round((performance.now() - began) / 100) / 10;
      if (done > 0.7 && rssMib === undefined && midway !== undefined) rssMib = midway();
    }
  });
  const { stderr } = await finished;
  const summary: Summary = await folder.summary().catch(() => {
    throw new Error(`the run left no summary: ${stderr}`);
  });
  const { metrics, sessions, health, run } = summary;
  const average = (metric: string): number => Math.round(metrics[metric]?.values.avg ?? Number.NaN);
  const tenths = (value: number): number => Math.round(value * 10) / 10;
  const seconds = run.durationMs / 1_000;
  return {
    betweenMs: average("time_between_actions"),
    decisionMs: average("decision_duration"),
    actionsPerSecond: tenths((metrics.actions?.values.count ?? 0) / seconds),
    successPct: tenths((metrics.session_success?.values.rate ?? 0) * 100),
    sessions: sessions.ended,
    rssMib: Math.round(rssMib ?? health.rssMaxBytes / MIB),
    cpuCores: Math.round((health.cpuSeconds / seconds) * 100) / 100,
    loopDelayMs: Math.round(health.eventLoopDelayP99Ms),
    saturated: health.saturated,
    stealPct: health.stealPct,
    activeAfterS,
  };
}

/** Memory of the agents' containers, as the container engine reports it, in MiB. */
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

async function embedded({ agents, think, faults }: Case): Promise<Measured> {
  const accounts = Math.max(200, agents * 2);
  const shop = await openShop(accounts, faults ? FAULTS : {});
  const folder = await ProjectFolder.create(shopping(shop.url, { load: loadOf(agents, think), accounts }));
  try {
    return await measure(folder, agents, {});
  } finally {
    shop.close();
    await folder.remove();
  }
}

async function compose({ agents, think, faults }: Case): Promise<Measured> {
  const project = await ComposeProject.create({
    load: loadOf(agents, think),
    ...(faults ? { faults: FAULTS } : {}),
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

/** Every run of one kind, the small ones first. */
function casesOf(where: KpiRow["where"]): Case[] {
  return AGENTS.flatMap((agents) =>
    Object.keys(THINK).flatMap((think) =>
      [false, true].map((faults): Case => ({ where, agents, think, faults })),
    ),
  );
}

/** Rows that an earlier bench has measured. */
function kept(file: string | undefined): KpiRow[] {
  return file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as KpiRow[]) : [];
}

/**
 * How a run goes by its size: 10 to 2,000 agents of the simulated model against the shop, with faults off and on and two
 * think times, in processes and, where an engine of containers runs, in containers. One run each: `bench agents` measures the cost of
 * an action. `--where` measures one kind only; `--keep FILE` keeps each row there and does not measure again what is in it, so that a
 * bench that was broken off continues; `--write PAGE` writes the documentation's page from all rows.
 */
export async function kpi(log: (line: string) => void, flags: readonly string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args: [...flags],
    options: {
      where: { type: "string" },
      keep: { type: "string" },
      write: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const { where, keep, write } = values;
  if (where !== undefined && where !== "embedded" && where !== "compose")
    throw new Error("--where is embedded or compose");
  const stolen = stealMeter();
  const rows = kept(keep);
  const notes: string[] = [];
  const measured = async (kind: KpiRow["where"], how: (one: Case) => Promise<Measured>): Promise<void> => {
    for (const one of casesOf(kind)) {
      const same = (row: KpiRow): boolean =>
        Object.entries(one).every(([key, value]) => row[key as keyof Case] === value);
      if (rows.some(same)) continue;
      const row: KpiRow = { ...one, ...(await how(one)) };
      rows.push(row);
      log(kpiLine(row));
      if (keep !== undefined) writeFileSync(keep, `${JSON.stringify(rows)}\n`);
    }
  };
  log(kpiTable([])[0] ?? "");
  if (where !== "compose") await measured("embedded", embedded);
  const missing = where === "embedded" ? "not asked for" : whyNoEngine();
  if (missing === undefined) {
    buildApeImage();
    importStandIns();
    await measured("compose", compose);
  } else notes.push(`no containers: ${missing}`);
  const setting = { machine: machine(), faults: FAULTS_IN_WORDS, duration: DURATION };
  if (write !== undefined) writeFileSync(write, kpiPage(rows, setting));
  const figures: BenchResult["figures"] = {};
  for (const { where: kind, agents, think, faults, betweenMs, successPct, rssMib } of rows) {
    const name = `${kind}_${agents}_think${think}_${faults ? "faults" : "calm"}`;
    Object.assign(figures, {
      [`${name}_betweenMs`]: betweenMs,
      [`${name}_successPct`]: successPct,
      [`${name}_rssMib`]: rssMib,
    });
  }
  const stealPct = stolen();
  figures.stealPct = stealPct;
  if ((stealPct ?? 0) > 10) notes.push("inconclusive: more than 10% of the CPU was stolen");
  return { name: "kpi", machine: machine(), figures, ratios: {}, notes: [...kpiTable(rows), ...notes] };
}
