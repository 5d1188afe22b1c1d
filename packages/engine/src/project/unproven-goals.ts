import { isStandIn } from "@ape/catalog/checks/check-draft";
import { type ProvingCheck, proofOf } from "@ape/catalog/checks/goal-proof";
import { alternativesOf, type Check, operationsOfCheck } from "@ape/core/config/check";
import type { ActionCheck, GoalConfig, Matcher, ProbeCheck } from "@ape/core/config/goal";
import type { ApiDescription } from "@ape/core/protocol/api";
import { acceptedText, proofText } from "@ape/core/report/proof-text";
import type { GoalProof } from "@ape/core/report/summary";
import { openEngineGateway } from "../launch/engine-gateway.ts";
import type { Project } from "./project.ts";
import type { ProjectCheck } from "./project-check.ts";

/** Which parts of a goal its configured checks prove; undefined where a value that the session knows can prove any. */
export function proofOfGoal(
  { prompt, success }: GoalConfig,
  apis: readonly ApiDescription[],
): GoalProof | undefined {
  const checks = success.flatMap(alternativesOf).map(({ check }) => check);
  if (checks.some(({ kind }) => kind === "state")) return undefined;
  return proofOf(prompt, apis, checks.flatMap(provingOf));
}

/**
 * What the checks of a goal of a project prove.
 * @throws ApeError errors that would keep a run from starting
 */
export async function proofOfProject(project: Project, name: string): Promise<GoalProof> {
  const goal = project.config.goals.find((one) => one.name === name);
  if (goal === undefined) return { parts: [], unproven: [] };
  const gateway = await openEngineGateway(project);
  try {
    const apis = Object.keys(project.config.targets).map((target) => gateway.describe(target));
    return proofOfGoal(goal, apis) ?? { parts: [], unproven: [] };
  } finally {
    await gateway.close();
  }
}

/** A warning for each goal of which a part is proven by no check, or that names something that no check demands. */
export function unprovenGoals({ config }: Project, apis: readonly ApiDescription[]): ProjectCheck[] {
  return config.goals.flatMap((goal, index): ProjectCheck[] => {
    const proof = proofOfGoal(goal, apis);
    const message = proof === undefined ? undefined : proofText(proof);
    if (message === undefined) return [];
    return [
      {
        name: `checks of ${goal.name}`,
        ok: false,
        warning: true,
        rule: "unproven-goal",
        message: `goal "${goal.name}": ${message}`,
        path: ["goals", index, "success"],
        hint:
          proof?.unproven.length === 0
            ? "A session that does it to something else passes too: let a check demand what tells it, in a path or of a read's answer."
            : `\`ape-test goals suggest --goal ${goal.name}\` proposes checks.`,
      },
    ];
  });
}

/** A warning for each check that was written because none could be suggested: no session can pass it. */
export function standInChecks({ config }: Project): ProjectCheck[] {
  return config.goals.flatMap(({ name, success }, index) =>
    success.flatMap((written, at): ProjectCheck[] => {
      const operations = alternativesOf(written).flatMap(({ check }) => operationsOfCheck(check));
      const standIn = operations.find(({ operation }) => isStandIn(operation));
      // Of alternatives another one may hold.
      if (standIn === undefined || operations.some(({ operation }) => !isStandIn(operation))) return [];
      return [
        {
          name: `checks of ${name}`,
          ok: false,
          warning: true,
          rule: "stand-in-check",
          message: `goal "${name}": the check ${standIn.operation} is a stand-in and can never hold, so every session will fail`,
          path: ["goals", index, "success", at],
          hint: "Replace it with what proves the goal: `ape-test start --dry-run` shows what a session sends last.",
        },
      ];
    }),
  );
}

/** A note for each goal of which no check reads back what a part did. */
export function acceptedGoals({ config }: Project, apis: readonly ApiDescription[]): ProjectCheck[] {
  return config.goals.flatMap((goal): ProjectCheck[] => {
    const proof = proofOfGoal(goal, apis);
    const text = proof === undefined ? undefined : acceptedText(proof);
    return text === undefined ? [] : [{ name: `checks of ${goal.name}`, ok: true, message: text }];
  });
}

function provingOf(check: Check): ProvingCheck[] {
  const after = check.kind === "probe" ? check.probe.after : undefined;
  return operationsOfCheck(check).map(({ key, operation, target }) => ({
    kind: check.kind === "probe" && key === "operation" ? "probe" : "action",
    operation,
    target,
    ...(check.kind === "action" && key === "operation"
      ? {
          count: check.action.count,
          completes: check.action.completes === true,
          demands: JSON.stringify([check.action.body, check.action.text]),
        }
      : {}),
    ...(after === undefined || key === "after" ? {} : { after }),
    compares: check.kind === "probe" ? compares(check.probe) : check.kind === "action" && shows(check.action),
    ...(check.kind === "probe" && key === "operation" ? demandsOf(check.probe) : {}),
    expectsAbsence: check.kind === "probe" && expectsAbsence(check.probe),
  }));
}

/** What a probe demands; what it compares, where that is nothing but values of a body. */
const demandsOf = ({
  arguments: given,
  expect: { body, text, schema, headers },
}: ProbeCheck): Pick<ProvingCheck, "compared" | "demands" | "onlyText"> => ({
  demands: JSON.stringify([body, text, given]),
  ...(body === undefined || [text, schema, headers].some((part) => part !== undefined)
    ? {}
    : { compared: Object.keys(body) }),
  ...([body, schema, headers].some((part) => part !== undefined) ? {} : onlyTextOf(text)),
});

const onlyTextOf = (text: Matcher | undefined): Pick<ProvingCheck, "onlyText"> =>
  typeof text === "object" && text?.contains !== undefined ? { onlyText: text.contains } : {};

/** Whether a probe compares more than the status of its answer. */
const compares = ({ expect: { body, text, schema, headers } }: ProbeCheck): boolean =>
  [body, text, schema, headers].some((part) => part !== undefined);

/** Whether an action asks for more of its answer than the status. */
const shows = ({ body, text, schema }: ActionCheck): boolean =>
  [body, text, schema].some((part) => part !== undefined);

const expectsAbsence = ({ expect: { status, body } }: ProbeCheck): boolean =>
  [status].flat().some((one) => /^(?:404|410|4xx)$/.test(String(one))) ||
  Object.values(body ?? {}).some(isAbsent);

const isAbsent = (matcher: Matcher): boolean =>
  typeof matcher === "object" && matcher !== null && matcher.exists === false;
