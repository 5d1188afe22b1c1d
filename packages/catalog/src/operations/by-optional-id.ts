import { isReference } from "./field.ts";
import type { Operation } from "./operation-catalog.ts";

/** Whether a read shows one thing by one of several ids, none of which its document requires: `product(id, slug)`. */
export function isByOptionalId({ writes, inputs }: Pick<Operation, "writes" | "inputs">): boolean {
  return !writes && inputs.length > 0 && inputs.every((field) => !field.required && isReference(field));
}
