import { seedOf } from "../lib/random.ts";

/** Characters of an operation's name in the sessions and paths of a report. */
const OPERATION_CHARS = 200;

/** The name of an operation; a long one is cut, with a mark by which it differs from others that begin alike. */
export function operationText(operation: string): string {
  if (operation.length <= OPERATION_CHARS) return operation;
  const whole = operation.slice(0, OPERATION_CHARS).replace(/[\uD800-\uDBFF]$/, "");
  return `${whole}…#${seedOf(operation).toString(16)}`;
}
