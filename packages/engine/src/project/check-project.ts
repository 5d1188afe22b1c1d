import { compileChecks } from "@ape/agent/oracle/check";
import { isStandIn } from "@ape/catalog/checks/check-draft";
import { alternativesOf, operationsOfCheck } from "@ape/core/config/check";
import { targetOf } from "@ape/core/config/cross-field-validation";
import type { GoalConfig } from "@ape/core/config/goal";
import { nearest } from "@ape/core/config/issue";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { parseOperation } from "@ape/core/protocol/operations/operation";
import { matchesTemplate } from "@ape/core/protocol/operations/operation-template";
import type { Gateway } from "@ape/gateway/gateway";
import type { ApiReader } from "@ape/gateway/openapi/api-reader";
import { auditDocument } from "@ape/gateway/openapi/audit/audit";
import { loadKeys, sharedQuota } from "@ape/inference/limits/key-ring";
import { isSimulated } from "@ape/inference/providers/provider-list";
import { resolveProvider } from "@ape/inference/providers/providers";
import { encodingWarning, readTable } from "../data/table.ts";
import { openEngineGateway } from "../launch/engine-gateway.ts";
import type { EngineGateway } from "../launch/launcher.ts";
import { isDocumented, unknownThresholdOperations } from "../thresholds/threshold-operations.ts";
import { readInstructions } from "../worker/instructions.ts";
import type { Project } from "./project.ts";
import type { ProjectCheck } from "./project-check.ts";
import { estimatePrompts } from "./prompt-estimate.ts";
import { acceptedGoals, standInChecks, unprovenGoals } from "./unproven-goals.ts";

/**
 * Refuses checks and thresholds with an operation that the target lacks, and checks and hooks with a forbidden one.
 * @throws ApeError OPERATION_UNKNOWN, with the most similar operation; OPERATION_DENIED
 */
export function requireOperations(
  project: Project,
  gateway: Pick<Gateway, "hasOperation" | "permits" | "operations">,
): void {
  for (const { error } of forbiddenOperations(project, gateway)) throw error;
  for (const { error } of unknownOperations(project, gateway)) throw error;
  for (const { error } of unknownThresholdOperations(project, gateway)) throw error;
}

/**
 * Every check, setup and teardown request with an operation that `allow`, `deny` or `readOnly` of its target forbids,
 * and its place. A `never` check may name one.
 */
function* forbiddenOperations(
  { config }: Project,
  gateway: Pick<Gateway, "hasOperation" | "permits" | "operations">,
): Generator<{ path: readonly PropertyKey[]; error: ApeError }> {
  for (const { where, reference, path, byAgents } of namedOperations(config)) {
    const target = targetOf(config, reference);
    const operation = parseOperation(reference.operation)?.operation ?? reference.operation;
    const rules = config.targets[target];
    if (byAgents && isDocumented(rules) && !isKnown(gateway, target, operation)) continue;
    const readsByDefault =
      byAgents &&
      config.gateway.url === undefined &&
      rules?.kind === "rest" &&
      (rules.allow ?? rules.spec) === undefined;
    if (gateway.permits(target, operation) && !(readsByDefault && !operation.startsWith("GET "))) continue;
    const place = `targets.${target}`;
    let hint = `${place}.deny names it, or ${place}.allow does not.`;
    if (rules?.readOnly === true) hint = `${place}.readOnly permits reads only.`;
    else if (readsByDefault)
      hint = `Without an API document agents may only read: add \`${operation}\` and all else that they need to ${place}.allow.`;
    else if (rules?.allow === undefined) hint = `${place}.deny names it.`;
    if (isStandIn(operation)) hint = STAND_IN;
    const near =
      rules?.readOnly === true || isStandIn(operation)
        ? undefined
        : nearest(operation, gateway.operations(target));
    if (near !== undefined && near !== operation) hint = `Did you mean \`${near}\`? ${hint}`;
    yield {
      path,
      error: new ApeError("OPERATION_DENIED", `${where}: \`${operation}\` is forbidden at ${target}`, {
        hint,
      }),
    };
  }
}

/** Operations that agents or the oracle call by a check, and those of `setup` and `teardown`, with their places. */
function namedOperations(
  config: Project["config"],
): (NamedOperation & { where: string; byAgents: boolean })[] {
  const named = config.goals.flatMap((goal, index) =>
    operationsOf(goal)
      .filter(({ path }) => path[0] === "success")
      .map(({ reference, path }) => ({
        where: `goal "${goal.name}"`,
        reference,
        path: ["goals", index, ...path] as readonly PropertyKey[],
        byAgents: true,
      })),
  );
  for (const phase of ["setup", "teardown"] as const)
    for (const [index, reference] of config[phase].entries())
      named.push({ where: phase, reference, path: [phase, index, "operation"], byAgents: false });
  return named;
}

/** Said of a check that was written in place of one that could not be suggested. */
const STAND_IN =
  "It is a stand-in, as nothing that is known of the target does what the goal asks for: replace it with the operation that proves the goal.";

/** Every check with an operation that the target lacks, and its place. */
function* unknownOperations(
  project: Project,
  gateway: Pick<Gateway, "hasOperation" | "permits" | "operations">,
): Generator<{ path: readonly PropertyKey[]; error: ApeError }> {
  for (const [index, goal] of project.config.goals.entries())
    for (const { reference, path } of operationsOf(goal)) {
      const target = targetOf(project.config, reference);
      const operation = parseOperation(reference.operation)?.operation ?? reference.operation;
      if (isKnown(gateway, target, operation)) continue;
      // Without documentation, an unknown operation is forbidden, and reported as such.
      if (!isDocumented(project.config.targets[target]) && !gateway.permits(target, operation)) continue;
      const known = gateway.operations(target);
      const message = `goal "${goal.name}": ${target} has no operation \`${operation}\``;
      const like = nearest(operation, known) ?? known[0];
      const hint = isStandIn(operation)
        ? STAND_IN
        : like === undefined
          ? "It has no operation at all."
          : `Did you mean \`${like}\`? It has ${known.length} operations.`;
      yield { path: ["goals", index, ...path], error: new ApeError("OPERATION_UNKNOWN", message, { hint }) };
    }
}

/** Whether a target has an operation, or one of which it is a case: with values in place of parameters. */
function isKnown(
  gateway: Pick<Gateway, "hasOperation" | "operations">,
  target: string,
  operation: string,
): boolean {
  return (
    gateway.hasOperation(target, operation) ||
    gateway.operations(target).some((template) => matchesTemplate(template, operation))
  );
}

interface NamedOperation {
  reference: { operation: string; target?: string | undefined };
  /** Within the goal. */
  path: readonly PropertyKey[];
}

/** Everything in a goal that names an operation. */
function operationsOf(goal: GoalConfig): NamedOperation[] {
  const named: NamedOperation[] = [];
  for (const [index, config] of goal.success.entries()) {
    for (const { check, path } of alternativesOf(config))
      for (const { key, ...reference } of operationsOfCheck(check))
        named.push({ reference, path: ["success", index, ...path, key] });
  }
  for (const [index, { operation, target, before }] of goal.never.entries()) {
    named.push({ reference: { operation, target }, path: ["never", index, "operation"] });
    if (before !== undefined)
      named.push({ reference: { operation: before, target }, path: ["never", index, "before"] });
  }
  return named;
}

/**
 * Refuses checks with an invalid JSON Schema.
 * @throws ApeError CONFIG_INVALID
 */
export function requireSchemas(project: Project): void {
  for (const goal of project.config.goals) {
    try {
      compileChecks(goal, Object.keys(project.config.targets)[0] ?? "");
    } catch (cause) {
      throw new ApeError("CONFIG_INVALID", `goal "${goal.name}": a check's schema is no JSON Schema`, {
        cause,
        hint: messageOf(cause),
      });
    }
  }
}

/**
 * Refuses checks that no target could ever meet: {@link requireOperations} and {@link requireSchemas}, with the
 * engine's own gateway.
 * @param documents reads the API documents
 * @throws ApeError those, and errors of opening a gateway
 */
export async function requireChecks(project: Project, documents?: ApiReader): Promise<void> {
  const gateway = await openEngineGateway(project, documents);
  try {
    requireOperations(project, gateway);
    requireSchemas(project);
  } finally {
    await gateway.close();
  }
}

const SAVE_AS_UTF8 = "Save it as UTF-8 where texts come out wrong.";

/** Common properties of a project's tables. */
export interface DataSurvey {
  /** The number of rows of the smallest `unique` table; infinite without one. */
  unique: number;
  /** Notices about guesses, such as encodings. */
  warnings: string[];
}

/**
 * Reads every table once, and keeps no row.
 * @throws ApeError FILE_MISSING, DATA_INVALID
 */
export async function surveyData(project: Project): Promise<DataSurvey> {
  const survey: DataSurvey = { unique: Number.POSITIVE_INFINITY, warnings: [] };
  for (const { data } of project.config.goals) {
    if (data === undefined) continue;
    const table = await readTable(data, project.directory);
    if (data.unique) survey.unique = Math.min(survey.unique, table.rows);
    const guess = encodingWarning(data.file, table);
    if (guess !== undefined && !survey.warnings.includes(guess)) survey.warnings.push(guess);
  }
  return survey;
}

/** The number of rows of the smallest `unique` table; infinite without one. */
export async function uniqueRows(project: Project): Promise<number> {
  return (await surveyData(project)).unique;
}

/** The provider and its model, and how many keys there are: never the keys. */
async function describeSource({ config, directory }: Project): Promise<string> {
  const { inference } = config;
  if (inference.replay !== undefined) return `recorded answers of ${inference.replay}; nothing is sent`;
  const sources: string[] = [];
  for (const source of [inference, ...inference.fallback]) {
    const { name, model } = resolveProvider(source, inference.maxCompletionTokens);
    const keys = isSimulated(name) ? [] : await loadKeys(source, directory);
    const count = `${keys.length} ${keys.length === 1 ? "key" : "keys"}`;
    const quota = keys.length < 2 ? count : (sharedQuota(keys) ?? `${count} of as many organisations`);
    sources.push(isSimulated(name) ? "simulated; it needs no key" : `${model} of ${name}, ${quota}`);
  }
  return sources.join("; in its place ");
}

const IN_CLUSTER =
  "Pods of the cluster may reach it although this machine does not: the engine tries it before the load begins.";

/**
 * Checks everything that a start needs.
 * @param online whether a target that does not answer is an error; a warning otherwise
 */
export async function checkProject(
  project: Project,
  online = false,
): Promise<{ ok: boolean; checks: ProjectCheck[] }> {
  const { config, directory } = project;
  const checks: ProjectCheck[] = [{ name: "configuration", ok: true, message: "follows the schema" }];
  const fail = (name: string, thrown: unknown, path: readonly PropertyKey[], warning = false): void => {
    if (!(thrown instanceof ApeError)) throw thrown;
    const { message, code } = thrown;
    const isElsewhere = code === "TARGET_UNREACHABLE" && config.runtime === "kubernetes";
    const hint = isElsewhere ? IN_CLUSTER : thrown.hint;
    checks.push({ name, ok: false, code, message, path, warning, ...(hint === undefined ? {} : { hint }) });
  };
  const look = async (
    name: string,
    path: readonly PropertyKey[],
    good: () => Promise<string>,
    warning = false,
  ): Promise<void> => {
    try {
      checks.push({ name, ok: true, message: await good() });
    } catch (thrown) {
      fail(name, thrown, path, warning);
    }
  };
  const guesses: { message: string; path: readonly PropertyKey[] }[] = [];
  for (const [index, { name, data }] of config.goals.entries())
    if (data !== undefined)
      await look(`data of ${name}`, ["goals", index, "data", "file"], async () => {
        const table = await readTable(data, directory);
        const guess = encodingWarning(data.file, table);
        if (guess !== undefined) guesses.push({ message: guess, path: ["goals", index, "data", "file"] });
        const { rows } = table;
        return `${rows} ${rows === 1 ? "row" : "rows"}${data.unique ? ", each in one session at a time" : ""}`;
      });
  for (const { message, path } of guesses)
    checks.push({
      name: "data",
      ok: false,
      warning: true,
      code: "DATA_INVALID",
      message,
      path,
      hint: SAVE_AS_UTF8,
    });
  await look("instructions", ["inference", "instructions"], async () => {
    const text = await readInstructions(config.inference, directory);
    if (text === "") return "none of your own";
    const simulated = config.inference.provider === "simulated";
    return `${text.split(/\s+/).length} words of your own${simulated ? ", which the simulated model does not read: it follows the goals alone" : ""}`;
  });
  await look("model", ["inference"], () => describeSource(project));
  let gateway: EngineGateway | undefined;
  try {
    gateway = await openEngineGateway(project);
  } catch (thrown) {
    const code = thrown instanceof ApeError ? thrown.code : undefined;
    const unreachable = code === "TARGET_UNREACHABLE" || code === "GATEWAY_UNREACHABLE";
    const [only, ...others] = Object.keys(config.targets);
    const path =
      code === "GATEWAY_UNREACHABLE"
        ? ["gateway", "url"]
        : others.length > 0 || only === undefined
          ? ["targets"]
          : ["targets", only, "spec"];
    fail("API documents", thrown, path, unreachable && !online);
  }
  if (gateway !== undefined) {
    const open = gateway;
    for (const { path, error } of forbiddenOperations(project, open)) fail("operation", error, path);
    for (const { path, error } of unknownOperations(project, open)) fail("operation", error, path);
    for (const { path, error } of unknownThresholdOperations(project, open)) fail("operation", error, path);
    await look("API documents", ["goals"], async () => {
      requireSchemas(project);
      const counts = Object.keys(config.targets).map((name) => `${name}: ${open.operations(name).length}`);
      return `operations by target: ${counts.join(", ")}`;
    });
    const apis = Object.keys(config.targets).map((name) => open.describe(name));
    checks.push(...standInChecks(project), ...unprovenGoals(project, apis), ...acceptedGoals(project, apis));
    // The checks of instructions and model report what prevents an estimate.
    if (checks.every(({ ok, name }) => ok || (name !== "instructions" && name !== "model")))
      try {
        checks.push(...(await estimatePrompts(project, apis)));
      } catch (thrown) {
        fail("prompts", thrown, ["inference"]);
      }
    for (const [name, { kind, spec, allow }] of Object.entries(config.targets))
      if (
        kind === "rest" &&
        spec === undefined &&
        allow !== undefined &&
        config.gateway.url === undefined &&
        open.operations(name).length === 0
      )
        checks.push({
          name: `operations of ${name}`,
          ok: false,
          warning: true,
          rule: "no-operations",
          message: `no operation of ${name} is known: agents can only explore it from /`,
          path: ["targets", name],
          hint: `Name its API document in targets.${name}.spec, or list operations such as \`GET /items\` in targets.${name}.allow.`,
        });
    for (const [name, { kind, spec, baseUrl }] of Object.entries(config.targets)) {
      // With a gateway elsewhere, the document is that gateway's.
      if ((kind !== "rest" && kind !== "graphql") || spec === undefined || config.gateway.url !== undefined)
        continue;
      const parts =
        kind === "graphql"
          ? await (await import("@ape/gateway/graphql/schema")).auditGraphqlSchema(spec, directory)
          : await auditDocument(spec, directory, baseUrl);
      for (const { place, message } of parts)
        checks.push({
          name: `document of ${name}`,
          ok: false,
          warning: true,
          code: "SPEC_INVALID",
          message: `${place}: ${message}`,
          path: ["targets", name, "spec"],
        });
    }
    for (const name of Object.keys(config.targets))
      await look(
        `target ${name}`,
        ["targets", name],
        async () => {
          await open.reach(name);
          const { url } = config.gateway;
          return url === undefined ? "accepts connections" : `behind the gateway at ${url}`;
        },
        !online,
      );
    await open.close();
  }
  return { ok: checks.every((check) => check.ok || check.warning === true), checks };
}
