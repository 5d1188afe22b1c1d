import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { LogLevel, MutantResult } from "@stryker-mutator/api/core";
import { Stryker } from "@stryker-mutator/core";
import { isEquivalent, obsoleteEntries, readEquivalent } from "./mutation/equivalent.ts";
import { mutantKey } from "./mutation/mutant-key.mjs";
import { type Candidate, mutantsOf, sourcesBelow } from "./mutation/mutants.ts";
import { sampleMutants } from "./mutation/sample.ts";
import { isDetected, scoreOf } from "./mutation/score.ts";

/** Mutation testing of one package or of some of its folders. */
const ROOT = join(import.meta.dirname, "..");
const EQUIVALENT = "scripts/mutation/equivalent.json";

const USAGE =
  "Usage: npm run mutation -- PACKAGE[/folder] [PACKAGE/folder ...] [--all] [--sample N] [--seed N] [--concurrency N] [--near] [--tests PACKAGE[/file] ...] [--survivors FILE] [--json]";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: "boolean", default: false },
    sample: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    concurrency: { type: "string", default: "2" },
    near: { type: "boolean", default: false },
    tests: { type: "string", multiple: true, default: [] },
    survivors: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

/** A report counts lines and columns from 1, the instrumenter from 0. */
function fromZero({ start, end }: MutantResult["location"]): MutantResult["location"] {
  return {
    start: { line: start.line - 1, column: start.column - 1 },
    end: { line: end.line - 1, column: end.column - 1 },
  };
}

const textOf = ({
  file,
  original,
  replacement,
}: Pick<Candidate, "file" | "original" | "replacement">): string =>
  JSON.stringify([file, original, replacement]);

/** The survivors of an earlier run and the mutants that ran out of time in it, from its JSON summary. */
function readSurvivors(file: string): ReadonlySet<string> {
  const { survivors, timedOut = [] } = JSON.parse(readFileSync(file, "utf8")) as {
    survivors: Candidate[];
    timedOut?: Candidate[];
  };
  return new Set([...survivors, ...timedOut].map(textOf));
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

const [name = fail(USAGE)] = positionals.map((one) => one.split("/")[0]);
const paths = positionals.map((one) => {
  const [first = "", ...below] = one.split("/");
  if (first !== name) fail("Give folders of one package: their tests run together.");
  const path = join("packages", name, "src", ...below);
  if (!existsSync(join(ROOT, path))) fail(`${path} does not exist. ${USAGE}`);
  return path;
});
const [size, seed, concurrency] = [values.sample, values.seed, values.concurrency].map(Number) as [
  number,
  number,
  number,
];
if (![size, seed, concurrency].every((one) => Number.isSafeInteger(one) && one >= 0))
  fail("--sample, --seed and --concurrency are whole numbers.");

const candidates = await mutantsOf(
  ROOT,
  paths.flatMap((path) => sourcesBelow(ROOT, path)),
);
const list = readEquivalent(join(ROOT, EQUIVALENT));
for (const entry of obsoleteEntries(list, candidates))
  console.error(`${EQUIVALENT} names no mutant with ${entry}`);
const earlier = values.survivors === undefined ? undefined : readSurvivors(values.survivors);
const tested = candidates.filter(
  (candidate) => !isEquivalent(list, candidate) && (earlier === undefined || earlier.has(textOf(candidate))),
);
const sample = new Map(
  sampleMutants(tested, values.all ? Number.POSITIVE_INFINITY : size, seed).map((candidate) => [
    candidate.key,
    candidate,
  ]),
);

const directory = mkdtempSync(join(tmpdir(), "mutation-"));
process.env.MUTATION_SAMPLE = join(directory, "sample.json");
const testsIn = values.near
  ? paths.map((path) => (path.endsWith(".ts") ? path.replace(/\.ts$/, ".test.ts") : `${path}/**/*.test.ts`))
  : [`packages/${name}/{src,test}/**/*.test.ts`];
testsIn.push(
  ...values.tests.map((other) =>
    other.endsWith(".test.ts") ? `packages/${other}` : `packages/${other}/{src,test}/**/*.test.ts`,
  ),
);
process.env.MUTATION_TESTS = JSON.stringify(testsIn);
writeFileSync(process.env.MUTATION_SAMPLE, JSON.stringify([...sample.keys()]));
process.chdir(ROOT);
const commit = execFileSync("git", ["rev-parse", "--short=8", "HEAD"], { encoding: "utf8" }).trim();
let results: MutantResult[];
try {
  const stryker = new Stryker({
    mutate: [...new Set(Array.from(sample.values(), ({ file }) => file))],
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner", join(ROOT, "scripts/mutation/sample-checker.mjs")],
    checkers: ["sample"],
    vitest: { configFile: "scripts/mutation/vitest.config.ts", related: true },
    coverageAnalysis: "perTest",
    concurrency,
    timeoutMS: 8_000,
    dryRunTimeoutMinutes: 15,
    disableTypeChecks: false,
    // The sandbox's own tsconfig.json would be rewritten with a JavaScript API of TypeScript that version 7 does not have.
    tsconfigFile: "tsconfig.unused.json",
    tempDirName: join(directory, "sandbox"),
    // Commands write pages of the built package.
    ignorePatterns: ["/docs", "dist", "!packages/cli/dist", "/.ape"],
    reporters: values.json ? [] : ["progress-append-only"],
    logLevel: (values.json ? "error" : "warn") as LogLevel,
    warnings: false,
    allowConsoleColors: false,
  });
  results = (await stryker.runMutationTest())
    .map((result) => ({
      ...result,
      fileName: resolve(ROOT, result.fileName),
      location: fromZero(result.location),
    }))
    .filter((result) => sample.has(mutantKey(result)));
} finally {
  rmSync(directory, { recursive: true, force: true });
}

const folderOf = (result: MutantResult): string =>
  relative(join(ROOT, "packages", name, "src"), result.fileName)
    .split("/")
    .slice(0, -1)[0] ?? ".";
const folders = [...new Set(results.map(folderOf))].sort();
const listOf = (some: MutantResult[]) =>
  some
    .map((result) => {
      const candidate = sample.get(mutantKey(result));
      if (!candidate) throw new Error(`${result.fileName} has a mutant outside of the sample`);
      const { file, line, original, replacement } = candidate;
      return { file, line, original, replacement, covered: result.status !== "NoCoverage" };
    })
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
const survivors = listOf(results.filter((result) => !isDetected(result)));
const timedOut = listOf(results.filter(({ status }) => status === "Timeout"));
const summary = {
  paths,
  commit,
  seed,
  mutants: candidates.length,
  equivalent: candidates.length - tested.length,
  tested: results.length,
  ...scoreOf(results),
  folders: Object.fromEntries(
    folders.map((folder) => [folder, scoreOf(results.filter((result) => folderOf(result) === folder))]),
  ),
  survivors,
  timedOut,
};

const shortened = (text: string): string => {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 60)} ... ${line.slice(-35)}` : line;
};
if (values.json) console.log(JSON.stringify(summary, null, 2));
else {
  for (const { file, line, original, replacement, covered } of survivors)
    console.log(
      `${file}:${line} ${covered ? "" : "(not covered) "}${shortened(original)} -> ${shortened(replacement)}`,
    );
  for (const { file, line, original, replacement } of timedOut)
    console.log(`${file}:${line} (ran out of time) ${shortened(original)} -> ${shortened(replacement)}`);
  const rows = { ...summary.folders, [positionals.join(" ")]: scoreOf(results) };
  for (const [folder, score] of Object.entries(rows))
    console.log(
      `${folder.padEnd(16)} ${score.scorePct.toFixed(1).padStart(5)}%  ${score.detected} detected (${score.timedOut} timed out), ${score.survived} survived, ${score.notCovered} not covered`,
    );
  console.log(
    `${summary.tested} of ${summary.mutants} mutants (seed ${seed}), ${summary.equivalent} equivalent ones left out, ${timedOut.length} ran out of time.`,
  );
}
