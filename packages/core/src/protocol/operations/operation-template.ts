import { escapeRegExp } from "../../lib/escape-regexp.ts";
import { decodePercent } from "../../lib/percent.ts";

const PARAMETER = /\{[^{}/]+\}/g;
const ANY_PARAMETER = /\{[^{}/]*\}/;

const patterns = new Map<string, RegExp>();
const MAX_PATTERNS = 10_000;

/** A segment whose parameters match one character or more. */
function patternOf(segment: string): RegExp {
  let pattern = patterns.get(segment);
  if (pattern === undefined) {
    pattern = new RegExp(`^${segment.split(PARAMETER).map(escapeRegExp).join(".+")}$`, "u");
    if (patterns.size < MAX_PATTERNS) patterns.set(segment, pattern);
  }
  return pattern;
}

/**
 * Whether an operation is a template, some or all of whose parameters have a value: `GET /repos/acme/{repo}/issues` is
 * one of `GET /repos/{owner}/{repo}/issues`. What the template has as text, the operation must have too.
 */
export function matchesTemplate(template: string, operation: string): boolean {
  const wanted = segmentsOf(template);
  const given = segmentsOf(operation);
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) => {
      const other = given[index] as string;
      if (segment === other) return true;
      return ANY_PARAMETER.test(segment) && other !== "" && patternOf(segment).test(other);
    })
  );
}

/** The segments; a slash at the end makes no difference. */
function segmentsOf(operation: string): string[] {
  const bare = operation.endsWith("/") && !operation.endsWith(" /") ? operation.slice(0, -1) : operation;
  return bare.split("/");
}

/**
 * The values of a template's parameters in the path that was called, by name: `42` for `{id}` of `GET /orders/{id}`. Only
 * parameters that are a whole segment; percent-encoded ones decoded.
 */
export function parameterValues(template: string, called: string): Map<string, string> {
  const values = new Map<string, string>();
  if (!matchesTemplate(template, called)) return values;
  const given = segmentsOf(called);
  for (const [index, segment] of segmentsOf(template).entries()) {
    const name = /^\{([^{}/]+)\}$/.exec(segment)?.[1];
    if (name !== undefined) values.set(name, decodePercent(given[index] ?? ""));
  }
  return values;
}
