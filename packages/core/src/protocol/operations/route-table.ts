import { decodePercent } from "../../lib/percent.ts";
import type { HttpMethod } from "./operation.ts";

/** One segment of a template: literal texts with a parameter between each two of them. One text is no parameter. */
interface SegmentPattern {
  /** One more than there are names. */
  literals: readonly string[];
  names: readonly string[];
}

interface Branch {
  pattern: SegmentPattern;
  /** The pattern with its parameters unnamed: branches of one shape are one. */
  shape: string;
  /** Characters of literal text. */
  fixed: number;
  node: Node;
}

interface Node {
  fixed: Map<string, Node>;
  /** Segments with literal text beside parameters, most specific first. */
  mixed: Branch[];
  variable: Node | undefined;
  template: string | undefined;
}

const node = (): Node => ({ fixed: new Map(), mixed: [], variable: undefined, template: undefined });

const patterns = new Map<string, SegmentPattern>();
const MAX_PATTERNS = 10_000;

/** Reads a segment such as `{id}:cancel`; braces that do not pair are literal text. */
function patternOf(segment: string): SegmentPattern {
  const known = patterns.get(segment);
  if (known !== undefined) return known;
  const parts = segment.split(/\{([^{}]+)\}/);
  const pattern: SegmentPattern = {
    literals: parts.filter((_, index) => index % 2 === 0).map(decodePercent),
    names: parts.filter((_, index) => index % 2 === 1),
  };
  if (patterns.size < MAX_PATTERNS) patterns.set(segment, pattern);
  return pattern;
}

/**
 * The values of a pattern's parameters in a segment, each at least one character, the earlier ones as short as the
 * literal text after them allows; undefined where the segment does not fit.
 */
function valuesIn({ literals, names }: SegmentPattern, segment: string): string[] | undefined {
  const first = literals[0] as string;
  const last = literals[names.length] as string;
  const end = segment.length - last.length;
  if (!segment.startsWith(first) || !segment.endsWith(last) || end - first.length < names.length)
    return undefined;
  const values: string[] = [];
  let at = first.length;
  for (let index = 1; index < names.length; index += 1) {
    const literal = literals[index] as string;
    const next = literal === "" ? at + 1 : segment.indexOf(literal, at + 1);
    if (next < 0 || next + literal.length >= end) return undefined;
    values.push(segment.slice(at, next));
    at = next + literal.length;
  }
  values.push(segment.slice(at, end));
  return values;
}

/**
 * Finds the route template of a path. A fixed segment wins over one with literal text beside its parameters
 * (`{id}:cancel`, `{name}.json`, `{base}...{head}`), where the longer text wins, and that over a parameter alone: most
 * specific first, as OpenAPI asks (OpenAPI 3.1, "Path Templating Matching").
 */
export class RouteTable {
  readonly #roots = new Map<string, Node>();

  add(method: HttpMethod, template: string): void {
    let at = this.#roots.get(method);
    if (at === undefined) {
      at = node();
      this.#roots.set(method, at);
    }
    for (const segment of template.split("/").slice(1)) at = step(at, segment);
    at.template ??= template;
  }

  /** The template that a path without its query belongs to, or undefined. */
  match(method: HttpMethod, path: string): string | undefined {
    const root = this.#roots.get(method);
    if (root === undefined) return undefined;
    const segments = path.split("/");
    if (path.includes("%"))
      for (let index = 1; index < segments.length; index += 1)
        segments[index] = decodePercent(segments[index] as string);
    const found = find(root, segments, 1);
    // Many servers answer with and without a slash at the end, or lead from one to the other.
    const bare = segments.length > 2 && segments.at(-1) === "" ? segments.slice(0, -1) : undefined;
    return found ?? (bare === undefined ? undefined : find(root, bare, 1));
  }
}

/** The node below for a segment of a template, created if missing. */
function step(at: Node, segment: string): Node {
  const pattern = patternOf(segment);
  if (pattern.names.length === 0) {
    const literal = pattern.literals[0] as string;
    let next = at.fixed.get(literal);
    if (next === undefined) {
      next = node();
      at.fixed.set(literal, next);
    }
    return next;
  }
  const fixed = pattern.literals.reduce((sum, literal) => sum + literal.length, 0);
  if (fixed === 0 && pattern.names.length === 1) {
    at.variable ??= node();
    return at.variable;
  }
  const shape = pattern.literals.join("{}");
  const known = at.mixed.find((branch) => branch.shape === shape);
  if (known !== undefined) return known.node;
  const branch: Branch = { pattern, shape, fixed, node: node() };
  at.mixed.push(branch);
  at.mixed.sort((one, two) => two.fixed - one.fixed || one.pattern.names.length - two.pattern.names.length);
  return branch.node;
}

function find(at: Node, segments: readonly string[], index: number): string | undefined {
  if (index >= segments.length) return at.template;
  const segment = segments[index] as string;
  const fixed = at.fixed.get(segment);
  const found = fixed === undefined ? undefined : find(fixed, segments, index + 1);
  if (found !== undefined || segment === "") return found;
  for (const branch of at.mixed) {
    if (valuesIn(branch.pattern, segment) === undefined) continue;
    const below = find(branch.node, segments, index + 1);
    if (below !== undefined) return below;
  }
  return at.variable === undefined ? undefined : find(at.variable, segments, index + 1);
}

/** The values, percent-decoded, that a path without its query has for the parameters of its template, by name. */
export function templateValues(template: string, path: string): Record<string, string> {
  const values: Record<string, string> = {};
  if (!template.includes("{")) return values;
  const given = path.split("/");
  for (const [index, segment] of template.split("/").entries()) {
    if (!segment.includes("{")) continue;
    const pattern = patternOf(segment);
    const found = valuesIn(pattern, decodePercent(given[index] ?? ""));
    if (found !== undefined)
      for (const [at, name] of pattern.names.entries()) values[name] = found[at] as string;
  }
  return values;
}
