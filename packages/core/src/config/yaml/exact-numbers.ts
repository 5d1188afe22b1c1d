import { type Document, isPair, isScalar, visit } from "yaml";
import { isRounded, LosslessNumber } from "../../lib/lossless-number.ts";

/** Stands before the digits of a number in a configuration. Nothing but a configuration is read for it. */
const MARK = "\u{f0000}number:";
/** Below these keys a request's values stand, which only the engine itself sends. */
const REQUESTS: ReadonlySet<unknown> = new Set(["setup", "teardown"]);

/**
 * Marks the numbers of `data.rows`, and of what `setup`, `teardown` and probes send, that YAML has rounded, in place; elsewhere
 * the schema says that they have to be texts.
 * @returns whether there is one of `setup` or `teardown`
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
      const isProbes = keys[0] === "goals" && keys[keys.indexOf("probe") + 1] === "arguments";
      if (!isRow && !isSent && !isProbes) return;
      node.value = isRow ? source : MARK + source;
      found ||= isSent;
    },
  });
  return found;
}

/** A configuration whose `setup` and `teardown` have the marked numbers as numbers that keep their digits. */
export function withExactRequests<T>(config: T): T {
  return Object.fromEntries(
    Object.entries(config as object).map(([key, value]) => [
      key,
      REQUESTS.has(key) ? withExactNumbers(value) : value,
    ]),
  ) as T;
}

/**
 * A value of a configuration with the marked numbers as numbers that keep their digits. Those of probes stay marked until
 * the process that makes them reads them, because messages between processes are plain JSON.
 */
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
