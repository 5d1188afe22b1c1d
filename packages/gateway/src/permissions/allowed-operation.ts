import type { TargetConfig } from "@ape/core/config/target";
import { isMethod, operationShape, parseOperation, templateNames } from "@ape/core/operation";
import type { DocumentedOperation } from "../openapi/describe.ts";

/**
 * The operations that `allow` names where no document does: its entries without a wildcard. Of those only the method,
 * the path and its parameters are known.
 */
export function operationsAllowed({
  allow = [],
  readOnly,
}: Pick<TargetConfig, "allow" | "readOnly">): DocumentedOperation[] {
  const found = new Map<string, DocumentedOperation>();
  for (const entry of allow) {
    const reference = entry.includes("*") ? undefined : parseOperation(entry);
    if (reference === undefined || !isMethod(reference.method)) continue;
    if (readOnly && reference.method !== "GET") continue;
    const shape = operationShape(entry);
    if (found.has(shape)) continue;
    found.set(shape, {
      method: reference.method,
      path: reference.template,
      summary: "",
      fields: templateNames(reference.template).map((name) => ({
        in: "path",
        name,
        type: "string",
        required: true,
        description: "",
      })),
      secured: false,
      bodyType: undefined,
      promisesJson: false,
      separators: new Map(),
    });
  }
  return [...found.values()];
}
