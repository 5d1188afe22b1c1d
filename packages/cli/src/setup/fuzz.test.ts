import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "@ape/core/lib/errors";
import { type Random, randomFrom } from "@ape/core/lib/random";
import { systemClock as clock } from "@ape/engine/host/clock";
import { requireChecks, uniqueRows } from "@ape/engine/project/check-project";
import { loadProject } from "@ape/engine/project/project";
import { planOf, workersFor } from "@ape/engine/run/plan";
import { readInstructions } from "@ape/engine/worker/instructions";
import { createGateway } from "@ape/gateway/gateway";
import { createInference } from "@ape/inference/inference";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GOOD_CONFIG, GOOD_FILES } from "../../test/broken.ts";
import { inspectProject } from "./inspect.ts";

const BUDGET_MS = 5_000;
const LEAST_ROUNDS = 50;

/** Words that mean something somewhere in a configuration, and some that mean nothing. */
const WORDS = (
  "0 -1 1 2.5 1e9 999999999999 true false null ~ '' \"\" [] {} [a] {a: b} 1s 0s 5ms 2m soon http://127.0.0.1:9 /x " +
  "rest graphql web mcp GET POST GET\\ / tool\\ x query\\ q shop stock buy {order} ${NONE} ${HOME} &a *a <<: !!int ./api.yaml " +
  "./accounts.csv ./own.md ./none $.id p(95)<1s rate>0.5 avg<1 email password none simulated cerebras custom"
).split(/(?<!\\) /);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-fuzz-"));
  for (const [name, text] of Object.entries(GOOD_FILES)) await writeFile(join(folder, name), text);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function mutated(text: string, random: Random): string {
  const pick = (count: number): number => Math.floor(random() * count);
  let lines = text.split("\n");
  for (let times = 1 + pick(3); times > 0; times -= 1) {
    const at = pick(lines.length);
    const line = lines[at] ?? "";
    const word = (WORDS[pick(WORDS.length)] ?? "").replaceAll("\\ ", " ");
    const tokens = line.split(/(?<=[\s,:{}[\]])/);
    const kind = pick(7);
    if (kind === 0) lines = lines.filter((_, index) => index !== at);
    else if (kind === 1) lines.splice(pick(lines.length), 0, line);
    else if (kind === 2) lines[at] = line.replace(/:.*$/, `: ${word}`);
    else if (kind === 3) {
      tokens[pick(tokens.length)] = word;
      lines[at] = tokens.join("");
    } else if (kind === 4) {
      const cut = pick(line.length + 1);
      lines[at] = line.slice(0, cut) + line.slice(cut + 1);
    } else if (kind === 5) {
      const other = pick(lines.length);
      [lines[at], lines[other]] = [lines[other] ?? "", line];
    } else lines[at] = `${line.slice(0, pick(line.length + 1))}${word}${line.slice(pick(line.length + 1))}`;
  }
  return lines.join("\n");
}

/** Everything of a start that can refuse a configuration, up to the first call. */
async function start(environment: Record<string, string>): Promise<void> {
  const project = await loadProject({ cwd: folder, environment });
  const { config, directory: baseDir, secrets } = project;
  workersFor(config.load, planOf(config.load), await uniqueRows(project));
  await readInstructions(config.inference, baseDir);
  await requireChecks(project);
  const gateway = await createGateway({ targets: config.targets, clock, baseDir });
  await gateway.close();
  const recorder = { record: () => undefined, commit: () => undefined };
  const inference = await createInference({
    config: config.inference,
    clock,
    recorder,
    baseDir,
    workers: 1,
    secrets,
    prefix: "f",
  });
  await inference.close();
}

test("no mutation makes the validator crash, and none that it lets pass is refused by a start", {
  timeout: 60_000,
}, async () => {
  const seed = Number(process.env.APE_FUZZ_SEED ?? Date.now() % 1_000_000);
  const end = performance.now() + BUDGET_MS;
  const environment = { HOME: "/home/ape" };
  let passed = 0;
  for (let round = 0; round < LEAST_ROUNDS || performance.now() < end; round += 1) {
    const text = mutated(GOOD_CONFIG, randomFrom(seed + round));
    const where = `APE_FUZZ_SEED=${seed + round}\n${text}`;
    const configFile = join(folder, "ape.config.yaml");
    const read = { configFile, name: "ape.config.yaml", text, environment };
    const { findings } = await inspectProject(read, false).catch((thrown: unknown) => {
      throw new Error(`the validator crashed with ${messageOf(thrown)}: ${where}`, { cause: thrown });
    });
    for (const { line, column, start: from, end: to } of findings) {
      expect(line, where).toBeGreaterThan(0);
      expect(column, where).toBeGreaterThan(0);
      expect(from <= to && to <= text.length + 1, where).toBe(true);
    }
    if (findings.some(({ severity }) => severity === "error")) continue;
    if (findings.some(({ rule, message }) => rule === "TARGET_UNREACHABLE" && !/refused/.test(message)))
      continue;
    passed += 1;
    await writeFile(configFile, text);
    await start(environment).catch((thrown: unknown) => {
      // What does not answer now is a warning by design.
      if ((thrown as { code?: string }).code === "TARGET_UNREACHABLE") return;
      throw new Error(`a start refuses what the validator lets pass (${messageOf(thrown)}): ${where}`);
    });
  }
  expect(passed).toBeGreaterThan(0);
});
