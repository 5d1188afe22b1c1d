import type { ActionCheck, CheckConfig, ProbeCheck, StateCheck } from "./goal.ts";

/** A check of a goal by its kind. In the configuration a check is an object with one key, which is its kind. */
export type Check =
  | { kind: "action"; action: ActionCheck }
  | { kind: "probe"; probe: ProbeCheck }
  | { kind: "state"; state: StateCheck };

/** A check of the configuration with its kind named. */
export function checkOf(config: CheckConfig): Check {
  if ("action" in config) return { kind: "action", action: config.action };
  if ("probe" in config) return { kind: "probe", probe: config.probe };
  return { kind: "state", state: config.state };
}

/** An operation that a check names, and the key that it has there. */
export interface CheckedOperation {
  key: "operation" | "after";
  operation: string;
  target: string | undefined;
}

/** The operations that a check names; a check of state names none. */
export function operationsOfCheck(check: Check): CheckedOperation[] {
  switch (check.kind) {
    case "action": {
      const { operation, after, target } = check.action;
      const own: CheckedOperation = { key: "operation", operation, target };
      return after === undefined ? [own] : [own, { key: "after", operation: after, target }];
    }
    case "probe":
      return [{ key: "operation", operation: check.probe.operation, target: check.probe.target }];
    case "state":
      return [];
  }
}

/** The headers that a probe sends instead of the session's credentials; undefined for every other check. */
export function ownHeaders(config: CheckConfig): Readonly<Record<string, string>> | undefined {
  const check = checkOf(config);
  return check.kind === "probe" ? check.probe.as?.headers : undefined;
}
