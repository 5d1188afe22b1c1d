import type { Environment } from "@ape/core/config/environment";
import { parseConfig } from "@ape/core/config/parse";
import { stringify } from "csv-stringify/sync";
import type { Answers, Ci } from "../answers/answers.ts";
import { ciFiles } from "./ci-file.ts";
import { configFileOf } from "./config-file.ts";
import { variablesOf } from "./env-file.ts";
import type { GeneratedFile, GeneratorInput } from "./generator.ts";
import { GENERATORS } from "./generators.ts";
import { packageFile } from "./package-file.ts";
import { fillTemplate } from "./template.ts";

/** Input of a project's files, besides the answers. */
export interface ProjectPlace {
  directory: string;
  /** The project's name. */
  name: string;
  templates: string;
  environment: Environment;
  /** Of this `ape-test`. */
  version: string;
}

/** Accounts have passwords. */
const PRIVATE = 0o600;

const WHAT: Record<string, readonly [what: string, whose: string]> = {
  "ape.config.yaml": ["the load test: targets, goals, load, thresholds", "yours"],
  "ape.prompt.md": ["your own instructions to the model", "yours"],
  "ape.env": ["secrets; ignored by git", "yours"],
  "ape.env.example": ["the names that `ape.env` can hold", "generated"],
  "ape.docker-compose.yml": ["the roles of a run in containers", "generated"],
  "ape.docker-compose.override.yml": ["your own changes to the containers", "yours"],
  "ape.observability/": ["dashboards, rules and collectors", "generated"],
  "ape.mcp-gateway.json": ["all that a gateway needs to run by itself", "generated"],
};

/**
 * Every file of a project, made from the answers.
 * @throws ApeError CONFIG_INVALID if the answers make no valid configuration
 */
export async function projectFiles(answers: Answers, place: ProjectPlace): Promise<GeneratedFile[]> {
  const { data } = answers;
  const text = configFileOf(answers);
  const { name, templates } = place;
  const files: GeneratedFile[] = [
    { path: "ape.config.yaml", text },
    {
      path: "ape.prompt.md",
      text: fillTemplate(templates, "files/ape.prompt.md.eta", { name: answers.target.name }),
    },
    ...(data?.sample === undefined ? [] : [dataFile(data.file, data.sample)]),
    ...(await filesAround(text, answers.ci, place)),
  ];
  return [...files, { path: "README.md", text: readmeOf(answers, name, text, files, templates) }];
}

function readmeOf(
  { target, data, goals, agents, duration, provider }: Answers,
  name: string,
  text: string,
  files: readonly GeneratedFile[],
  templates: string,
): string {
  return fillTemplate(templates, "files/README.md.eta", {
    project: name,
    name: target.name,
    where: target.command?.join(" ") ?? target.baseUrl,
    agents,
    duration,
    goals,
    files: summarised(files).map(({ path, once }) => {
      const [what, whose] = WHAT[path] ?? describe(path, data?.file, once);
      return { path, what, whose };
    }),
    sample: data?.sample !== undefined,
    data: data?.file,
    variables: variablesOf(text).flatMap((one) => (one.fallback === undefined ? [one.name] : [])),
    simulated: provider === "simulated",
  });
}

/** The files for any configuration: those generated from it, and those that its folder needs. */
export async function filesAround(
  text: string,
  ci: Ci,
  { directory, name, templates, environment, version }: ProjectPlace,
): Promise<GeneratedFile[]> {
  // Variables without a value get a placeholder in ape.env, which this first parse needs too.
  const unset = variablesOf(text).filter(({ fallback }) => fallback === undefined);
  const stand = Object.fromEntries(unset.map((variable) => [variable.name, "change-me"]));
  const { config, written } = parseConfig(text, "ape.config.yaml", { ...stand, ...environment });
  const input: GeneratorInput = { config, written, directory, templates };
  const derived: GeneratedFile[] = [];
  for (const generator of GENERATORS)
    if (generator.name !== "ci") derived.push(...(await generator.files(input)));
  return [...derived, ...ciFiles(ci, input), ignoreFile(templates), packageFile(name, version)];
}

/** The files; a folder that is generated as a whole counts as one. */
function summarised(files: readonly GeneratedFile[]): readonly Pick<GeneratedFile, "path" | "once">[] {
  const folder = "ape.observability/";
  const others = files.filter(({ path }) => !path.startsWith(folder));
  return others.length === files.length ? files : [...others, { path: folder }];
}

function describe(path: string, data: string | undefined, once: boolean | undefined): [string, string] {
  if (data !== undefined && data.replace("./", "") === path) return ["accounts, one a session", "yours"];
  if (path === ".gitignore") return ["what stays out of git", "yours"];
  if (path === "package.json") return ["the scripts above", "yours"];
  if (/^\.git(?:hub|lab)/.test(path)) return ["the load test in CI", once === true ? "yours" : "generated"];
  return ["made from `ape.config.yaml`", once === true ? "yours" : "generated"];
}

function dataFile(file: string, { columns, rows }: { columns: string[]; rows: string[][] }): GeneratedFile {
  return { path: file.replace(/^\.\//, ""), text: stringify([columns, ...rows]), mode: PRIVATE, once: true };
}

function ignoreFile(templates: string): GeneratedFile {
  const text = fillTemplate(templates, "files/gitignore.eta", {});
  return {
    path: ".gitignore",
    text,
    merge: (before) => {
      const there = new Set(before.split(/\r?\n/).map((line) => line.trim()));
      const lacking = text.split("\n").filter((line) => line !== "" && !there.has(line));
      if (lacking.length === 0) return before;
      return [before.replace(/\n?$/, ""), ...lacking, ""].join("\n").replace(/^\n/, "");
    },
  };
}
