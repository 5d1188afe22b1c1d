import { compileChecks } from "@ape/agent/oracle/check";
import { targetOf } from "@ape/core/config/contradiction";
import type { GoalConfig } from "@ape/core/config/goal";
import { nearest } from "@ape/core/config/issue";
import { ApeError, messageOf } from "@ape/core/errors";
import { parseOperation } from "@ape/core/operation";
import { createGateway, type Gateway } from "@ape/gateway/gateway";
import { loadKeys, sharedQuota } from "@ape/inference/key-ring";
import { resolveProvider } from "@ape/inference/providers";
import { systemClock } from "./clock.ts";
import { readInstructions } from "./launch/instructions.ts";
import { loadRows } from "./launch/rows.ts";
import type { Project } from "./project.ts";
import { proxySettings } from "./proxy-settings.ts";

/** One thing that `ape-test validate` looked at. */
export interface ProjectCheck {
  name: string;
  ok: boolean;
  message: string;
  hint?: string;
}

/** A gateway for the engine's own requests (setup, teardown, a first look): what `allow` forbids agents, the user may. */
export function openOwnGateway(project: Project): Promise<Gateway> {
  const targets = Object.fromEntries(
    Object.entries(project.config.targets).map(([name, target]) => [
      name,
      { ...target, allow: ["* /**"], deny: [], readOnly: false },
    ]),
  );
  return createGateway({
    targets,
    clock: systemClock,
    baseDir: project.directory,
    env: proxySettings(project.environment),
  });
}

/**
 * Refuses checks that name an operation which the target lacks.
 * @throws ApeError OPERATION_UNKNOWN, with the nearest operation that exists
 */
export function requireOperations(
  project: Project,
  gateway: Pick<Gateway, "hasOperation" | "operations">,
): void {
  for (const goal of project.config.goals)
    for (const reference of operationsOf(goal)) {
      const target = targetOf(project.config, reference);
      const operation = parseOperation(reference.operation)?.operation ?? reference.operation;
      if (gateway.hasOperation(target, operation)) continue;
      const known = gateway.operations(target);
      throw new ApeError(
        "OPERATION_UNKNOWN",
        `goal "${goal.name}": ${target} has no operation \`${operation}\``,
        {
          hint: `Did you mean \`${nearest(operation, known) ?? known[0]}\`? It has ${known.length} operations.`,
        },
      );
    }
}

/** Everything in a goal that names an operation. */
function operationsOf(goal: GoalConfig): { operation: string; target?: string | undefined }[] {
  const named: { operation: string; target?: string | undefined }[] = [];
  for (const check of goal.success) {
    if ("state" in check) continue;
    const own = "action" in check ? check.action : check.probe;
    named.push(own);
    if ("action" in check && check.action.after !== undefined)
      named.push({ operation: check.action.after, target: own.target });
  }
  for (const { operation, target, before } of goal.never) {
    named.push({ operation, target });
    if (before !== undefined) named.push({ operation: before, target });
  }
  return named;
}

/**
 * Refuses checks whose JSON Schema is none.
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

/** The number of rows of the smallest `unique` table; infinite without one. */
export async function uniqueRows(project: Project): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (const { data } of project.config.goals) {
    if (data === undefined) continue;
    const rows = await loadRows(data, project.directory);
    if (data.unique) least = Math.min(least, rows.length);
  }
  return least;
}

/** The provider and its model, and how many keys there are: never the keys. */
async function describeSource({ config, directory }: Project): Promise<string> {
  const { inference } = config;
  if (inference.replay !== undefined) return `recorded answers of ${inference.replay}; nothing is sent`;
  const sources: string[] = [];
  for (const source of [inference, ...inference.fallback]) {
    const { name, model } = resolveProvider(source, inference.maxCompletionTokens);
    const keys = name === "simulated" ? [] : await loadKeys(source, directory);
    const count = `${keys.length} ${keys.length === 1 ? "key" : "keys"}`;
    const quota = keys.length < 2 ? count : (sharedQuota(keys) ?? `${count} of as many organisations`);
    sources.push(name === "simulated" ? "simulated; it needs no key" : `${model} of ${name}, ${quota}`);
  }
  return sources.join("; in its place ");
}

/** Looks at everything that a start needs, and says of each whether it is good. A dead target is only a warning here. */
export async function checkProject(project: Project): Promise<{ ok: boolean; checks: ProjectCheck[] }> {
  const checks: ProjectCheck[] = [{ name: "configuration", ok: true, message: "follows the schema" }];
  const look = async (name: string, good: () => Promise<string>): Promise<boolean> => {
    try {
      checks.push({ name, ok: true, message: await good() });
      return true;
    } catch (thrown) {
      if (!(thrown instanceof ApeError)) throw thrown;
      const { message, hint } = thrown;
      checks.push({ name, ok: false, message, ...(hint === undefined ? {} : { hint }) });
      return false;
    }
  };
  let ok = await look("data", async () => {
    const least = await uniqueRows(project);
    return Number.isFinite(least) ? `${least} unique rows` : "no unique rows asked for";
  });
  ok =
    (await look("model", async () => {
      await readInstructions(project.config.inference, project.directory);
      return describeSource(project);
    })) && ok;
  let gateway: Gateway | undefined;
  ok =
    (await look("API documents", async () => {
      gateway = await openOwnGateway(project);
      requireOperations(project, gateway);
      requireSchemas(project);
      const counts = Object.keys(project.config.targets).map(
        (name) => `${name}: ${gateway?.operations(name).length ?? 0}`,
      );
      return `operations by target: ${counts.join(", ")}`;
    })) && ok;
  if (gateway !== undefined) {
    for (const name of Object.keys(project.config.targets))
      await look(`target ${name}`, async () => {
        await gateway?.reach(name);
        return "accepts connections";
      });
    await gateway.close();
  }
  return { ok, checks };
}
