import { type Document, isPair, isScalar, visit } from "yaml";
import { isRounded, LosslessNumber } from "../../lib/lossless-number.ts";

/** Stands before the digits until the schema has been read. Random, so that no input can forge it. */
const MARK = `number-${globalThis.crypto.randomUUID()}:`;
/** Below these keys a request's values stand, which only the engine itself sends. */
const REQUESTS: ReadonlySet<unknown> = new Set(["setup", "teardown"]);

/**
 * Marks the numbers of `data.rows`, and of what `setup` and `teardown` send, that YAML has rounded, in place; elsewhere the schema
 * says that they have to be texts.
 * @returns whether there is one
 */
export function markExactNumbers(document: Document): boolean {
  let found = false;
  visit(document, {
    Scalar(key, node, path) {
      const { source, value } = node;
      if (key === "key" || typeof value !== "number" || source === undefined || !isRounded(source)) return;
      const keys = path.flatMap((one) => (isPair(one) && isScalar(one.key) ? [one.key.value] : []));
      const isRow = keys[0] === "goals" && keys[1] === "data" && keys[2] === "rows";
      const isSent = REQUESTS.has(keys[0]) && (keys[1] === "data" || keys[1] === "arguments");
      if (!isRow && !isSent) return;
      node.value = isRow ? source : MARK + source;
      found = true;
    },
  });
  return found;
}

/** A value with the marked numbers as numbers that keep their digits. */
export function withExactNumbers<T>(value: T): T {
  return restored(value) as T;
}

function restored(value: unknown): unknown {
  if (typeof value === "string")
    return value.startsWith(MARK) ? LosslessNumber.of(value.slice(MARK.length)) : value;
  if (Array.isArray(value)) return value.map(restored);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, restored(inner)]));
}
