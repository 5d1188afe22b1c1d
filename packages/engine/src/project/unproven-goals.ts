import { type ProvingCheck, proofOf, proofText } from "@ape/catalog/checks/goal-proof";
import { alternativesOf, type Check, operationsOfCheck } from "@ape/core/config/check";
import type { Matcher, ProbeCheck } from "@ape/core/config/goal";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { Project } from "./project.ts";
import type { ProjectCheck } from "./project-check.ts";

/** A warning for each goal of which a part is proven by no check. */
export function unprovenGoals({ config }: Project, apis: readonly ApiDescription[]): ProjectCheck[] {
  return config.goals.flatMap((goal, index): ProjectCheck[] => {
    const checks = goal.success.flatMap(alternativesOf).map(({ check }) => check);
    // A value that the session knows can be the trace of any part.
    if (checks.some(({ kind }) => kind === "state")) return [];
    const message = proofText(proofOf(goal.prompt, apis, checks.flatMap(provingOf)));
    if (message === undefined) return [];
    return [
      {
        name: `checks of ${goal.name}`,
        ok: false,
        warning: true,
        rule: "unproven-goal",
        message: `goal "${goal.name}": ${message}`,
        path: ["goals", index, "success"],
        hint: `\`ape-test goals suggest --goal ${goal.name}\` proposes checks.`,
      },
    ];
  });
}

function provingOf(check: Check): ProvingCheck[] {
  return operationsOfCheck(check).map(({ key, operation, target }) => ({
    kind: check.kind === "probe" && key === "operation" ? "probe" : "action",
    operation,
    target,
    ...(check.kind === "action" && key === "operation" ? { count: check.action.count } : {}),
    compares: check.kind === "probe" && compares(check.probe),
    expectsAbsence: check.kind === "probe" && expectsAbsence(check.probe),
  }));
}

/** Whether a probe compares more than the status of its answer. */
const compares = ({ expect: { body, text, schema, headers } }: ProbeCheck): boolean =>
  [body, text, schema, headers].some((part) => part !== undefined);

const expectsAbsence = ({ expect: { status, body } }: ProbeCheck): boolean =>
  [status].flat().some((one) => /^(?:404|410|4xx)$/.test(String(one))) ||
  Object.values(body ?? {}).some(isAbsent);

const isAbsent = (matcher: Matcher): boolean =>
  typeof matcher === "object" && matcher !== null && matcher.exists === false;
