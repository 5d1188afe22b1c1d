import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Environment } from "@ape/core/config/environment";
import type { ProviderName } from "@ape/core/config/inference";
import { parseConfig } from "@ape/core/config/parse";
import { ApeError } from "@ape/core/lib/errors";
import { readEnvironmentFile } from "@ape/engine/host/environment-file";
import { loadProject, type Project, projectOf } from "@ape/engine/project/project";
import { PROVIDERS } from "@ape/inference/providers/provider-list";
import { parse } from "yaml";
import type { ShopAddresses } from "../shop-process.ts";

/** The model under evaluation: the configuration's, or one that the command line names. */
export interface ModelChoice {
  config?: string | undefined;
  provider?: ProviderName | undefined;
  baseUrl?: string | undefined;
  model?: string | undefined;
  /** Name of the environment variable with the key. */
  key?: string | undefined;
}

/** Kinds of targets of the bundled goals, each with its goals, in the order in which they are tried. */
export type GoalsByKind = readonly { kind: string; goals: readonly string[] }[];

/** The bundled goals with the user's model. */
export interface Evaluation {
  goals: GoalsByKind;
  model: { provider: string; name: string; simulated: boolean };
  /** Where its calls go; undefined for the simulated model. */
  baseUrl: string | undefined;
  /** The project of one goal: with its own target only, so that agents see no other. */
  projectOf(kind: string, goal: string, addresses: ShopAddresses, sessions: number): Project;
}

const FILE = "ape.config.yaml";

/**
 * Reads the bundled goals and the model that they are tried with.
 * @param options.directory the folder of the bundled goals
 * @param options.cwd the folder of the user's configuration and of the evaluation's output
 * @throws ApeError CONFIG_NOT_FOUND, CONFIG_INVALID, ENV_MISSING, USAGE
 */
export async function readEvaluation(
  choice: ModelChoice,
  { directory, cwd, environment }: { directory: string; cwd: string; environment: Environment },
): Promise<Evaluation> {
  const document = parse(await readFile(join(directory, FILE), "utf8")) as EvaluationDocument;
  const own = await modelOf(choice, document, cwd, environment);
  const { provider, model } = own.config.inference;
  const name = model ?? PROVIDERS[provider].defaultModel;
  if (name === undefined)
    throw new ApeError("USAGE", "the model has no name", { hint: "Name it with --model." });
  const inference = absolute(own.config.inference, own.directory);
  const kinds = Object.keys(document.targets);
  return {
    goals: kinds.map((kind) => ({
      kind,
      goals: document.goals.map((goal) => goal.name).filter((goal) => goal.startsWith(`${kind}-`)),
    })),
    model: { provider, name, simulated: PROVIDERS[provider].simulated === true },
    baseUrl:
      PROVIDERS[provider].simulated === true ? undefined : (inference.baseUrl ?? PROVIDERS[provider].baseUrl),
    projectOf(kind, goal, addresses, sessions) {
      const shop = {
        SHOP_REST: addresses.url,
        SHOP_GRAPHQL: addresses.graphql,
        SHOP_WEB: addresses.web,
        SHOP_MCP: addresses.mcp,
      };
      const parsed = parseConfig(
        JSON.stringify({
          ...document,
          targets: { [kind]: document.targets[kind] },
          goals: document.goals.filter(({ name: other }) => other === goal),
        }),
        FILE,
        { ...own.environment, ...shop },
      );
      const { config } = parsed;
      const load = { ...config.load, agents: Math.min(config.load.agents ?? sessions, sessions), sessions };
      const written = { ...(parsed.written as object), inference: own.writtenInference };
      return projectOf(
        { configFile: join(directory, FILE), environment: { ...own.environment, ...shop } },
        { config: { ...config, inference, load }, written, secrets: [...parsed.secrets, ...own.secrets] },
        join(cwd, ".ape", "evaluation"),
      );
    },
  };
}

/**
 * What a call of the model needs: the model of the command line, otherwise that of the folder's configuration.
 * @param options.directory the folder of the bundled goals
 * @throws ApeError CONFIG_NOT_FOUND, CONFIG_INVALID, ENV_MISSING, USAGE
 */
export async function modelProject(
  choice: ModelChoice,
  { directory, cwd, environment }: { directory: string; cwd: string; environment: Environment },
): Promise<Pick<Project, "config" | "directory" | "secrets" | "environment">> {
  const document = parse(await readFile(join(directory, FILE), "utf8")) as EvaluationDocument;
  return modelOf(choice, document, cwd, environment);
}

interface EvaluationDocument {
  targets: Record<string, unknown>;
  goals: { name: string }[];
}

interface Model extends Pick<Project, "config" | "directory" | "secrets" | "environment"> {
  writtenInference: unknown;
}

/** The inference that the command line names, otherwise that of the folder's configuration. */
async function modelOf(
  { config: configFile, provider, baseUrl, model, key }: ModelChoice,
  document: EvaluationDocument,
  cwd: string,
  environment: Environment,
): Promise<Model> {
  if (provider === undefined && baseUrl === undefined) {
    if (key !== undefined)
      throw new ApeError("USAGE", "--key-variable says nothing without --provider or --base-url", {
        hint: "Name the provider as well.",
      });
    const project = await loadProject({ cwd, configFile, environment }).catch((error: unknown) => {
      if (configFile !== undefined || !(error instanceof ApeError) || error.code !== "CONFIG_NOT_FOUND")
        throw error;
      throw new ApeError("CONFIG_NOT_FOUND", error.message, {
        cause: error,
        hint: "Name a model instead: `ape-test evaluate --provider cerebras`, or `--base-url http://127.0.0.1:8080/v1 --model NAME`.",
      });
    });
    return {
      ...project,
      config: {
        ...project.config,
        inference: { ...project.config.inference, ...(model === undefined ? {} : { model }) },
      },
      writtenInference: {
        ...((project.written as { inference?: object }).inference ?? {}),
        ...(model === undefined ? {} : { model }),
      },
    };
  }
  if (configFile !== undefined)
    throw new ApeError("USAGE", "--config contradicts --provider and --base-url", {
      hint: "The model is that of the configuration, or that of the command line.",
    });
  const named = provider ?? "custom";
  const variable = key ?? PROVIDERS[named].keyVariable;
  const inference = {
    provider: named,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(model === undefined ? {} : { model }),
    ...(variable === undefined ? {} : { apiKey: `\${${variable}}` }),
  };
  const variables = { ...(await readEnvironmentFile(cwd)), ...environment };
  const parsed = parseConfig(JSON.stringify({ ...document, inference }), "the command line", {
    ...variables,
    ...NOWHERE,
  });
  return { ...parsed, directory: cwd, environment: variables, writtenInference: inference };
}

/** Addresses of the bundled targets, used to validate the configuration before the shop is open. */
const NOWHERE = {
  SHOP_REST: "http://127.0.0.1:9",
  SHOP_GRAPHQL: "http://127.0.0.1:9",
  SHOP_WEB: "http://127.0.0.1:9",
  SHOP_MCP: "http://127.0.0.1:9",
};

type Inference = Project["config"]["inference"];

/** The same with absolute paths. */
function absolute(inference: Inference, directory: string): Inference {
  const { keyFile, instructions, record, replay } = inference;
  const paths = Object.entries({ keyFile, instructions, record, replay }).flatMap(([name, path]) =>
    path === undefined ? [] : [[name, resolve(directory, path)]],
  );
  return {
    ...inference,
    ...Object.fromEntries(paths),
    fallback: inference.fallback.map((source) =>
      source.keyFile === undefined ? source : { ...source, keyFile: resolve(directory, source.keyFile) },
    ),
  };
}
