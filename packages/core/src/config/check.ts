import type { ActionCheck, CheckConfig, ProbeCheck, SingleCheckConfig, StateCheck } from "./goal.ts";

/** A check of a goal by its kind. In the configuration a check is an object with one key, which is its kind. */
export type Check =
  | { kind: "action"; action: ActionCheck }
  | { kind: "probe"; probe: ProbeCheck }
  | { kind: "state"; state: StateCheck };

/** One of the alternatives of a check, and its place in it: `["anyOf", 1, "probe"]`, or `["probe"]` if it is no choice. */
export interface CheckAlternative {
  check: Check;
  path: readonly PropertyKey[];
}

/** A check of the configuration with its kind named. */
function checkOf(config: SingleCheckConfig): Check {
  if ("action" in config) return { kind: "action", action: config.action };
  if ("probe" in config) return { kind: "probe", probe: config.probe };
  return { kind: "state", state: config.state };
}

/** The alternatives of a check: those of `anyOf`, else the check itself. */
export function alternativesOf(config: CheckConfig): CheckAlternative[] {
  const single = (one: SingleCheckConfig, before: readonly PropertyKey[]): CheckAlternative => {
    const check = checkOf(one);
    return { check, path: [...before, check.kind] };
  };
  return "anyOf" in config
    ? config.anyOf.map((one, index) => single(one, ["anyOf", index]))
    : [single(config, [])];
}

/** An operation that a check names, and the key that it has there. */
export interface CheckedOperation {
  key: "operation" | "after";
  operation: string;
  target: string | undefined;
}

/** The operations that a check names; a check of state names none. */
export function operationsOfCheck(check: Check): CheckedOperation[] {
  if (check.kind === "state") return [];
  const { operation, after, target } = check.kind === "action" ? check.action : check.probe;
  const own: CheckedOperation = { key: "operation", operation, target };
  return after === undefined ? [own] : [own, { key: "after", operation: after, target }];
}

/** The headers that a probe sends instead of the session's credentials; undefined for every other check. */
export function ownHeaders(check: Check): Readonly<Record<string, string>> | undefined {
  return check.kind === "probe" ? check.probe.as?.headers : undefined;
}
