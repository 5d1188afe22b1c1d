import { nearest } from "@ape/core/config/issue";
import type { TargetConfig } from "@ape/core/config/target";
import { ApeError } from "@ape/core/lib/errors";
import { parseSelector } from "@ape/core/metrics/threshold";
import { parseOperation } from "@ape/core/protocol/operations/operation";
import { describesItself } from "@ape/core/protocol/target-kind";
import type { Gateway } from "@ape/gateway/gateway";
import type { Project } from "../run/project.ts";

/** Whether something says which operations a target has, so that another name is a mistake. */
export const isDocumented = (target: TargetConfig | undefined): boolean =>
  target !== undefined && (describesItself(target.kind) || target.spec !== undefined);

/**
 * Every threshold whose `operation` label names an operation that no target has: it would never have data. Targets that
 * nothing documents may have any operation.
 */
export function* unknownThresholdOperations(
  { config }: Pick<Project, "config">,
  gateway: Pick<Gateway, "hasOperation" | "operations">,
): Generator<{ path: readonly PropertyKey[]; error: ApeError }> {
  for (const selector of Object.keys(config.thresholds)) {
    const { operation, target } = parseSelector(selector).labels;
    if (operation === undefined || operation === "other") continue;
    const targets = Object.keys(config.targets).filter((name) => target === undefined || name === target);
    if (targets.length === 0 || !targets.every((name) => isDocumented(config.targets[name]))) continue;
    const parsed = parseOperation(operation)?.operation ?? operation;
    if (targets.some((name) => gateway.hasOperation(name, parsed))) continue;
    const known = targets.flatMap((name) => [...gateway.operations(name)]);
    const near = nearest(parsed, known);
    yield {
      path: ["thresholds", selector],
      error: new ApeError(
        "OPERATION_UNKNOWN",
        `the threshold ${selector} names an operation that no target has`,
        {
          hint: `${near === undefined ? "" : `Did you mean \`${near}\`? `}Labels name operations as the API document does: \`METHOD /template\`.`,
        },
      ),
    };
  }
}
