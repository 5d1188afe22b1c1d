import { parseOperation } from "../../protocol/operations/operation.ts";
import { alternativesOf, operationsOfCheck } from "../check.ts";
import type { GoalConfig } from "../goal.ts";

/**
 * The targets that the secret columns of a goal's data may be sent to: those of `data.for`; else the only target of the
 * configuration, or the only one that the goal's checks name. With several and no `for` there is none: a guess could send
 * a password to a target that it does not belong to.
 * @param targets names of all targets, the first being the default of checks
 */
export function secretTargets(
  targets: readonly string[],
  { data, success, never }: Pick<GoalConfig, "data" | "success" | "never">,
): readonly string[] {
  if (data?.for !== undefined) return typeof data.for === "string" ? [data.for] : data.for;
  if (targets.length <= 1) return targets;
  const named = new Set<string | undefined>();
  const add = ({ target, operation }: { target?: string | undefined; operation: string }): void =>
    void named.add(target ?? parseOperation(operation)?.target ?? targets[0]);
  for (const config of success)
    for (const { check } of alternativesOf(config)) for (const one of operationsOfCheck(check)) add(one);
  for (const check of never) add(check);
  const [only] = named;
  return named.size === 1 && only !== undefined ? [only] : [];
}
