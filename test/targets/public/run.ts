import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ProjectFolder } from "../../e2e/ape.ts";
import type { PublicApplication, PublicGoal, RunningApplication } from "./application.ts";
import { djangoOscar } from "./django-oscar.ts";
import { fastapiTemplate } from "./fastapi-template.ts";
import { flaskForum } from "./flask-forum.ts";
import { mcpEverything, mcpFilesystem, mcpMemory } from "./mcp-servers.ts";
import { petClinic } from "./petclinic.ts";
import { prefect } from "./prefect.ts";
import { realWorld } from "./realworld.ts";
import { vendure } from "./vendure.ts";
import { yogaRecipes } from "./yoga-recipes.ts";

/** `npx tsx test/targets/public/run.ts [NAME ...] [--sessions N] [--agents N] [--seed N]`: goals of public applications. */
const APPLICATIONS: readonly PublicApplication[] = [
  mcpEverything,
  mcpFilesystem,
  mcpMemory,
  yogaRecipes,
  prefect,
  petClinic,
  fastapiTemplate,
  realWorld,
  djangoOscar,
  vendure,
  flaskForum,
];

/** What came of one goal. */
interface GoalResult {
  goal: PublicGoal;
  sessions: number;
  succeeded: number;
  /** How often the application itself shows the goal as reached. */
  confirmed: number;
  /** Why sessions failed, the commonest first. */
  reasons: readonly string[];
}

const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const SESSIONS = option("sessions", 20);
const AGENTS = option("agents", 10);
/** Another one each time: an application that keeps its database would refuse the names of an earlier run. */
const SEED = option("seed", Math.floor(Date.now() / 1_000) % 1_000_000);
/** Share of a goal's sessions that must succeed. */
const ENOUGH = 0.95;

async function tryGoal(goal: PublicGoal, { target }: RunningApplication): Promise<GoalResult> {
  const before = await goal.confirmed();
  const folder = await ProjectFolder.create({
    "ape.config.yaml": `version: 1
targets: { app: ${target} }
goals:
  - name: ${goal.name}
    prompt: ${JSON.stringify(goal.prompt)}
${goal.data === undefined ? "" : `    data: ${goal.data}\n`}    success: ${goal.success}
    budget: { steps: 40, time: 2m, tokens: auto }
load: { agents: ${AGENTS}, sessions: ${SESSIONS}, thinkTime: none }
`,
  });
  try {
    const { stderr, exit } = await folder.run(["start", "--no-thresholds", "--seed", String(SEED)]);
    const directory = await folder.lastRun().catch(() => "");
    if (directory === "") throw new Error(`${goal.name}: exit code ${exit}: ${stderr}`);
    const { sessions, failures } = await folder.summary();
    if (process.argv.includes("--keep"))
      process.stderr.write(`${goal.name}: ${join(directory, "summary.json")}\n`);
    else await readFile(join(directory, "summary.json"));
    return {
      goal,
      sessions: sessions.ended,
      succeeded: sessions.succeeded,
      confirmed: (await goal.confirmed()) - (Number.isFinite(before) ? before : 0),
      reasons: failures.map(({ reason, count }) => `${count} times ${reason}`),
    };
  } finally {
    if (!process.argv.includes("--keep")) await folder.remove();
  }
}

const wanted = process.argv.slice(2).filter((name) => APPLICATIONS.some((one) => one.name === name));
let good = 0;
let all = 0;
let unproven = 0;
for (const application of APPLICATIONS) {
  if (wanted.length > 0 && !wanted.includes(application.name)) continue;
  process.stdout.write(`${application.name}\n`);
  let running: RunningApplication;
  try {
    running = await application.start();
  } catch (thrown) {
    process.stdout.write(`  left out: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    continue;
  }
  try {
    for (const goal of running.goals) {
      const { sessions, succeeded, confirmed, reasons } = await tryGoal(goal, running).catch(
        (thrown: unknown): GoalResult => ({
          goal,
          sessions: 0,
          succeeded: 0,
          confirmed: 0,
          reasons: [thrown instanceof Error ? thrown.message : String(thrown)],
        }),
      );
      const reached = succeeded >= sessions * ENOUGH && sessions > 0;
      all += 1;
      if (reached) good += 1;
      // A green session that the application's database does not confirm is a false success.
      if (confirmed < succeeded) unproven += succeeded - confirmed;
      process.stdout.write(
        `  ${reached ? "reached" : "missed "} ${goal.name}: ${succeeded} of ${sessions}${Number.isFinite(confirmed) ? `, ${confirmed} by its own database` : ""}\n`,
      );
      for (const reason of reached ? [] : reasons.slice(0, 3)) process.stdout.write(`          ${reason}\n`);
    }
  } finally {
    await running.close();
  }
}
process.stdout.write(
  `${good} of ${all} goals reached by at least ${ENOUGH * 100}% of their sessions; ${unproven} successes that no database confirms\n`,
);
process.exit(unproven === 0 && good >= all * 0.9 ? 0 : 1);
