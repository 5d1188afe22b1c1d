import { nearest } from "@ape/core/config/issue";
import type { TargetConfig } from "@ape/core/config/target";
import { ApeError } from "@ape/core/lib/errors";
import { parseSelector } from "@ape/core/metrics/threshold";
import { parseOperation } from "@ape/core/protocol/operations/operation";
import { describesItself } from "@ape/core/protocol/target-kind";
import type { Gateway } from "@ape/gateway/gateway";
import type { Project } from "../project/project.ts";

/** Whether the operations of a target are known, so that another name is a mistake. */
export const isDocumented = (target: TargetConfig | undefined): boolean =>
  target !== undefined && (describesItself(target.kind) || target.spec !== undefined);

/**
 * Whether a target's figures can have an operation. Without a document `allow` lists the operations, and its patterns
 * with `*` match any that they permit.
 */
function mayHave(
  gateway: Pick<Gateway, "hasOperation" | "permits">,
  [name, target]: readonly [string, TargetConfig],
  operation: string,
): boolean {
  // Labels are compared exactly.
  if (parseOperation(operation)?.operation !== operation) return false;
  if (gateway.hasOperation(name, operation)) return true;
  if (isDocumented(target)) return false;
  const listed = target.allow !== undefined && !target.allow.some((pattern) => pattern.includes("*"));
  return !listed && gateway.permits(name, operation);
}

/** Every threshold whose `operation` label names an operation that no target has: it would never have data. */
export function* unknownThresholdOperations(
  { config }: Pick<Project, "config">,
  gateway: Pick<Gateway, "hasOperation" | "permits" | "operations">,
): Generator<{ path: readonly PropertyKey[]; error: ApeError }> {
  for (const selector of Object.keys(config.thresholds)) {
    const { operation, target } = parseSelector(selector).labels;
    if (operation === undefined || operation === "other") continue;
    const targets = Object.entries(config.targets).filter(
      ([name]) => target === undefined || name === target,
    );
    if (targets.length === 0 || targets.some((one) => mayHave(gateway, one, operation))) continue;
    const known = targets.flatMap(([name]) => [...gateway.operations(name)]);
    const near = nearest(operation, known);
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
