import { operationOfDraft } from "@ape/catalog/checks/check-draft";
import type { Observability } from "@ape/core/config/compose";
import type { ProviderName } from "@ape/core/config/inference";
import type { Runtime } from "@ape/core/config/schema";
import { ApeError } from "@ape/core/lib/errors";
import type { TargetKind } from "@ape/core/protocol/api";
import { operationShape } from "@ape/core/protocol/operations/operation";
import { takesDocument } from "@ape/core/protocol/target-kind";
import { allowedByChecks } from "../generate/config-file.ts";
import type { Imported, ImportKind } from "../import/imported.ts";
import {
  type Answers,
  type AuthKind,
  type Ci,
  credentialVariables,
  type DataAnswer,
  DEFAULTS,
  type TargetAnswer,
} from "./answers.ts";
import { accountData, dataFrom, projectPath, sampleData, scopeOf } from "./data-answer.ts";
import type { SetupEnvironment, TargetInspection } from "./environment.ts";
import { goalsFrom, hasStandIn, parseCheck } from "./goal-answer.ts";
import { asksToSignIn, type GoalDraft, lackingProof, signInOf } from "./suggest.ts";
import { findSpec, isCommand, kindOfSpec, lookAtFirst, parseAddress, targetName } from "./target-answer.ts";

/** Options of the command line; every question has one. */
export interface CliAnswers {
  /** A file of another tool, or its URL, to import. */
  from?: { kind: ImportKind; source: string; environment?: string };
  target?: string;
  kind?: TargetKind;
  /** A path, a URL, `none`, or `look` for the usual places. */
  spec?: string;
  auth?: AuthKind;
  /** The path of a file, or `none`. */
  data?: string;
  goals: readonly string[];
  checks: readonly string[];
  agents?: number;
  duration?: string;
  provider?: ProviderName;
  model?: string;
  providerUrl?: string;
  runtime?: Runtime;
  observability?: Observability;
  /** A Docker image instead of `target`, and its port. */
  image?: string;
  port?: number;
  ci?: Ci;
  /** The user has confirmed that this address may be load-tested. */
  authorized?: boolean;
}

/** Answers to every question, the target's description, and warnings for the user. */
export interface ResolvedAnswers {
  answers: Answers;
  look: TargetInspection;
  warnings: string[];
}

/**
 * Answers every question without asking: from the options, from what is found, else by a default.
 * @throws ApeError USAGE, FILE_MISSING, DATA_INVALID, TARGET_NOT_AUTHORIZED
 */
export async function resolveAnswers(
  said: CliAnswers,
  environment: SetupEnvironment,
  imported?: Imported,
): Promise<ResolvedAnswers> {
  const known = imported === undefined ? said : withImported(said, imported);
  const { target: found, isClosed } = await decideTarget(known, environment);
  const target =
    imported === undefined || imported.allow.length === 0 ? found : { ...found, allow: imported.allow };
  const given =
    said.data === undefined || said.data === "none" ? undefined : await dataFrom(said.data, environment);
  const look = await environment.look(target, {
    ...(given === undefined ? {} : { account: given.first }),
    goals: said.goals,
  });
  const agents = known.agents ?? DEFAULTS.agents;
  const account = imported?.account;
  const goals =
    imported !== undefined && imported.goals.length > 0 && said.goals.length === 0
      ? imported.goals
      : goalsFrom(said.goals, said.checks.map(parseCheck), look.api, target);
  const data =
    said.data === undefined && account !== undefined
      ? accountData(account)
      : said.data === undefined && imported !== undefined && !needsAccount(goals, look)
        ? undefined
        : decideData(said.data, given, { target, look, agents, goals });
  const model = resolveModel(said, environment);
  const answers: Answers = {
    target,
    ...(data === undefined ? {} : { data }),
    goals,
    agents,
    duration: known.duration ?? DEFAULTS.duration,
    ...(imported?.stages === undefined || said.agents !== undefined || said.duration !== undefined
      ? {}
      : { stages: imported.stages }),
    ...(imported?.thresholds === undefined ? {} : { thresholds: imported.thresholds }),
    ...model.answers,
    runtime: said.runtime ?? (said.image === undefined ? "embedded" : "compose"),
    observability: said.observability ?? "metrics",
    ...(said.image === undefined ? {} : { image: said.image }),
    ci: said.ci ?? "none",
  };
  const warnings = said.image === undefined ? lookWarnings(target, look, answers.goals) : [];
  if (isClosed)
    warnings.push(
      `${target.baseUrl}/ asks for credentials (401), so the kind ${target.kind} is a guess: say --kind web for pages, --kind rest for an API, and --auth basic where every call carries one account`,
    );
  for (const goal of answers.goals) {
    if (hasStandIn(goal)) {
      const why =
        look.api === undefined
          ? "nothing is known of what the target offers"
          : target.kind === "web"
            ? "no form on its first pages completes the goal (`ape-test start --dry-run` shows the last form that a session sends)"
            : "nothing that is known of the target does what the goal asks for";
      warnings.push(`${why}: replace the check of the goal "${goal.name}" in ape.config.yaml`);
      continue;
    }
    const guess = guessOf(goal, look);
    if (guess !== undefined) warnings.push(guess);
    const lacking = lackingProof(goal, look.api);
    if (lacking !== undefined) warnings.push(`goal "${goal.name}": ${lacking}`);
  }
  return {
    answers,
    look,
    warnings: [...warnings, ...model.warnings, ...unsetVariables(answers, environment)],
  };
}

/** That a check of a goal is that of a form which was only guessed from a link. */
function guessOf({ name, success }: GoalDraft, { api }: TargetInspection): string | undefined {
  const keys = success.map((check) => operationShape(operationOfDraft(check)));
  const guessed = api?.operations.find(
    (one) => one.guessedFrom !== undefined && keys.includes(operationShape(`${one.method} ${one.path}`)),
  );
  return guessed === undefined
    ? undefined
    : `goal "${name}": the page behind "${guessed.guessedFrom}" was not opened, so the check ${guessed.method} ${guessed.path} is a guess: try it with \`ape-test start --dry-run\``;
}

/** The options, completed by the values of the imported file. */
function withImported(said: CliAnswers, { baseUrl, kind, agents, duration }: Imported): CliAnswers {
  return {
    ...(baseUrl === undefined ? {} : { target: baseUrl }),
    ...(kind === undefined ? {} : { kind }),
    ...(agents === undefined ? {} : { agents }),
    ...(duration === undefined ? {} : { duration }),
    ...said,
  };
}

/** The target, and whether its kind is a guess because it shows nothing without credentials. */
async function decideTarget(
  said: CliAnswers,
  environment: SetupEnvironment,
): Promise<{ target: TargetAnswer; isClosed: boolean }> {
  const typed = addressSaid(said);
  const shared = { auth: said.auth ?? "none", authorized: said.authorized ?? false } as const;
  const isServer = said.kind === "mcp" && !/^(?:https?:\/\/|[\w.-]+:\d+|\d+$)/.test(typed);
  if (isServer || (said.kind === undefined && isCommand(typed)))
    return {
      target: {
        ...shared,
        name: "server",
        kind: "mcp",
        baseUrl: "",
        command: typed.split(/\s+/),
        authorized: false,
      },
      isClosed: false,
    };
  const baseUrl = parseAddress(typed);
  requireWord(baseUrl, shared.authorized, environment);
  const documented = await kindOfSpec(said.spec, environment);
  const stated = said.kind ?? documented;
  const { kind, isClosed } =
    stated === undefined ? await lookAtFirst(baseUrl, environment) : { kind: stated, isClosed: false };
  if (documented !== undefined && !takesDocument(kind))
    throw new ApeError("USAGE", `--kind ${kind} and --spec contradict one another`, {
      hint: "Only targets of the kinds rest and graphql have an API document.",
    });
  const spec = await resolveSpec(said.spec ?? "look", kind, baseUrl, environment);
  const target: TargetAnswer = {
    ...shared,
    authorized: shared.authorized && environment.isPublic(baseUrl),
    name: targetName(baseUrl),
    kind,
    baseUrl,
    ...(spec === undefined ? {} : { spec }),
  };
  return { target, isClosed: isClosed && (kind === "web" || kind === "rest") && spec === undefined };
}

/** The address of the target: that of its container if it is an image. */
function addressSaid({ target, image, port }: CliAnswers): string {
  if (image === undefined) return target ?? DEFAULTS.target;
  if (target !== undefined)
    throw new ApeError("USAGE", "--target and --image contradict one another", {
      hint: "Give the address of what runs already, or the image of what shall run beside the agents.",
    });
  return imageAddress(port);
}

/** Address of the image under test for agents in containers. */
export const imageAddress = (port: number = DEFAULTS.imagePort): string => `http://sut_target:${port}`;

/** Refuses a public address unless the user has confirmed that it may be load-tested. */
function requireWord(baseUrl: string, authorized: boolean, { isPublic }: SetupEnvironment): void {
  if (authorized || !isPublic(baseUrl)) return;
  throw new ApeError(
    "TARGET_NOT_AUTHORIZED",
    `${new URL(baseUrl).hostname} is neither loopback nor private`,
    {
      hint: "If you may load-test it, say so with --authorized.",
    },
  );
}

/** The document of a target, if its kind has one. */
async function resolveSpec(
  said: string,
  kind: TargetKind,
  baseUrl: string,
  environment: SetupEnvironment,
): Promise<string | undefined> {
  if (said === "none" || !takesDocument(kind)) return undefined;
  if (said === "look") return kind === "rest" ? findSpec(baseUrl, environment) : undefined;
  return /^https?:\/\//.test(said) ? said : projectPath(said, environment);
}

function lookWarnings(
  target: TargetAnswer,
  { reachable, problem, api }: TargetInspection,
  goals: readonly GoalDraft[],
): string[] {
  const where = target.command?.join(" ") ?? target.baseUrl;
  const warnings: string[] = [];
  if (reachable !== true)
    warnings.push(`nothing answers at ${where} now (${reachable}): start it before the run`);
  if (problem !== undefined) warnings.push(problem);
  else if (reachable === true && target.kind === "rest" && api?.documented !== true) {
    if (target.allow !== undefined)
      warnings.push(
        `no API document was found, so agents do only what \`allow\` lists (${operationCount(target.allow)}): name a document with --spec, or change \`allow\``,
      );
    else if (allowedByChecks(target, goals) !== undefined)
      warnings.push(
        "no API document was found, so agents may read, and do what the checks name: name a document with --spec, or add to `allow` what else they need",
      );
    else
      warnings.push(
        "no API document was found, so agents may only read: name one with --spec, or add `allow`",
      );
  }
  return warnings;
}

/** Whether sessions of an imported test log in, as far as its goals and the target's description show. */
const needsAccount = (goals: readonly GoalDraft[], { api }: TargetInspection): boolean =>
  goals.some(({ prompt }) => asksToSignIn(prompt)) || (api !== undefined && signInOf(api) !== undefined);

/** Whether all of a target is known, and no part of it asks who uses it. */
const isOpen = ({ api }: TargetInspection): boolean =>
  api !== undefined &&
  (api.documented || api.kind === "web") &&
  api.auth.length === 0 &&
  api.operations.every(({ secured }) => !secured);

const operationCount = ({ length }: readonly string[]): string =>
  `${length} operation${length === 1 ? "" : "s"}`;

function decideData(
  said: string | undefined,
  given: DataAnswer | undefined,
  known: { target: TargetAnswer; look: TargetInspection; agents: number; goals: readonly GoalDraft[] },
): DataAnswer | undefined {
  if (said === "none" || (said === undefined && known.target.kind === "mcp")) return undefined;
  if (given === undefined) {
    const isNeeded = said !== undefined || !isOpen(known.look) || needsAccount(known.goals, known.look);
    return isNeeded ? sampleData(known.look.api, known.agents) : undefined;
  }
  const { file, secret } = given;
  return { file, secret, ...scopeOf(known.look.api) };
}

/** The given provider; else the first whose key is set; else the simulated model. */
export function resolveModel(
  { provider, model, providerUrl }: Pick<CliAnswers, "provider" | "model" | "providerUrl">,
  { providers, environment }: SetupEnvironment,
): { answers: Pick<Answers, "provider" | "model" | "providerUrl" | "keyVariable">; warnings: string[] } {
  const set = (name: ProviderName): boolean => {
    const variable = providers[name].keyVariable;
    return variable !== undefined && (environment[variable] ?? "") !== "";
  };
  const chosen = provider ?? (Object.keys(providers) as ProviderName[]).find(set) ?? "simulated";
  const { keyVariable, defaultModel, baseUrl, simulated } = providers[chosen];
  if (keyVariable !== undefined && !set(chosen))
    return {
      answers: { provider: "simulated" },
      warnings: [
        `${keyVariable} is not set, so the simulated model decides: set it and change \`inference\` later`,
      ],
    };
  const named = model ?? defaultModel;
  const warnings: string[] = [];
  if (named === undefined) warnings.push(`name the model of ${chosen}: --model NAME`);
  if (baseUrl === undefined && simulated !== true && providerUrl === undefined)
    throw new ApeError("USAGE", `a ${chosen} provider needs its address`, {
      hint: "Give it with --provider-url.",
    });
  return {
    answers: {
      provider: chosen,
      ...(simulated === true || named === undefined ? {} : { model: named }),
      ...(providerUrl === undefined || providerUrl === baseUrl ? {} : { providerUrl }),
      ...(keyVariable === undefined ? {} : { keyVariable }),
    },
    warnings,
  };
}

function unsetVariables({ target }: Answers, { environment }: SetupEnvironment): string[] {
  const unset = credentialVariables(target).filter((name) => (environment[name] ?? "") === "");
  return unset.length === 0 ? [] : [`fill in ${unset.join(" and ")} in ape.env`];
}
