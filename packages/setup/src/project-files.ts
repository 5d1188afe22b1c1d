import type { Environment } from "@ape/core/config/environment";
import { parseConfig } from "@ape/core/config/parse";
import { stringify } from "csv-stringify/sync";
import type { Answers } from "./answers.ts";
import { ciFiles } from "./ci-file.ts";
import { configFileOf } from "./config-file.ts";
import { variablesOf } from "./env-file.ts";
import type { GeneratedFile, GeneratorInput } from "./generator.ts";
import { GENERATORS } from "./generators.ts";
import { packageFile } from "./package-file.ts";
import { fillTemplate } from "./template.ts";

/** What the files of a project are made from, beside the answers. */
export interface ProjectPlace {
  directory: string;
  /** The project's name. */
  name: string;
  templates: string;
  environment: Environment;
  /** Of this `ape-test`. */
  version: string;
}

const WHAT: Record<string, readonly [what: string, whose: string]> = {
  "ape.config.yaml": ["the load test: targets, goals, load, thresholds", "yours"],
  "ape.prompt.md": ["your own instructions to the model", "yours"],
  "ape.env": ["secrets; ignored by git", "yours"],
  "ape.env.example": ["the names that `ape.env` can hold", "generated"],
  "ape.mcp-gateway.json": ["all that a gateway needs to run by itself", "generated"],
};

/**
 * Every file of a project, made from the answers.
 * @throws ApeError CONFIG_INVALID where the answers make no good configuration
 */
export async function projectFiles(answers: Answers, place: ProjectPlace): Promise<GeneratedFile[]> {
  return filesAround(configFileOf(answers), answers, place);
}

/** What the other files are made from, beside the configuration. */
type Surrounding = Pick<Answers, "ci" | "observability" | "data">;

async function filesAround(
  text: string,
  { ci, observability, data }: Surrounding,
  { directory, name, templates, environment, version }: ProjectPlace,
): Promise<GeneratedFile[]> {
  // Variables without a value get a stand-in in ape.env, which this first reading must have too.
  const stand = Object.fromEntries(variablesOf(text).map((variable) => [variable.name, "change-me"]));
  const { config, written } = parseConfig(text, "ape.config.yaml", { ...stand, ...environment });
  const input: GeneratorInput = { config, written, directory, templates };
  const derived: GeneratedFile[] = [];
  for (const generator of GENERATORS)
    if (generator.name !== "ci" && (generator.name !== "observability" || observability))
      derived.push(...(await generator.files(input)));
  const files: GeneratedFile[] = [
    { path: "ape.config.yaml", text },
    {
      path: "ape.prompt.md",
      text: fillTemplate(templates, "files/ape.prompt.md.eta", { name: Object.keys(config.targets)[0] }),
    },
    ...(data?.sample === undefined ? [] : [dataFile(data.file, data.sample)]),
    ...derived,
    ...ciFiles(ci, input),
    ignoreFile(templates),
    packageFile(name, version),
  ];
  const [target] = Object.values(config.targets);
  return [
    ...files,
    {
      path: "README.md",
      text: fillTemplate(templates, "files/README.md.eta", {
        name: Object.keys(config.targets).join(", "),
        where: target?.command?.join(" ") ?? target?.baseUrl,
        agents: config.load.agents,
        duration: /^ {2}duration: (\S+)$/m.exec(text)?.[1] ?? `${config.load.sessions} sessions`,
        goals: config.goals,
        files: files.map(({ path, once }) => {
          const [what, whose] = WHAT[path] ?? describe(path, data?.file, once);
          return { path, what, whose };
        }),
        sample: data?.sample !== undefined,
        data: data?.file,
        variables: variablesOf(written).flatMap((one) => (one.fallback === undefined ? [one.name] : [])),
        simulated: config.inference.provider === "simulated",
      }),
    },
  ];
}

function describe(path: string, data: string | undefined, once: boolean | undefined): [string, string] {
  if (data !== undefined && data.replace("./", "") === path) return ["accounts, one a session", "yours"];
  if (path === ".gitignore") return ["what stays out of git", "yours"];
  if (path === "package.json") return ["the scripts above", "yours"];
  if (/^\.git(?:hub|lab)/.test(path)) return ["the load test in CI", once === true ? "yours" : "generated"];
  return ["made from `ape.config.yaml`", once === true ? "yours" : "generated"];
}

function dataFile(file: string, { columns, rows }: { columns: string[]; rows: string[][] }): GeneratedFile {
  return { path: file.replace(/^\.\//, ""), text: stringify([columns, ...rows]), once: true };
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
