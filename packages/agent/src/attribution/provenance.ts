import { decodePercent } from "@ape/core/lib/percent";
import { kindsOfPlace } from "./resource-kind.ts";

/** Where an answer showed a value. */
export interface Issue {
  /** The kinds of resource that it identifies there. */
  kinds: readonly string[];
  /** The operation and the path of the call that was answered. */
  operation: string;
  path: string;
  /** Ids beside it in the same object, by name: `["projectId", "p2"]`. At most 4. */
  siblings: readonly (readonly [name: string, value: string])[];
}

const NO_SIBLINGS: Issue["siblings"] = [];

/** Where an answer showed a value at its top level or one below. Its meaning is computed when a failure needs it. */
export class ShallowIssue implements Issue {
  readonly #name: string;
  readonly #within: string;
  readonly operation: string;
  readonly path: string;
  readonly siblings = NO_SIBLINGS;

  /** @param within name of the object that the value stands in; empty at the top */
  constructor(name: string, within: string, { operation, path }: AnswerSource) {
    this.#name = name;
    this.#within = within;
    this.operation = operation;
    this.path = path;
  }

  get kinds(): readonly string[] {
    const keys = this.#within === "" ? [this.#name] : [this.#within, this.#name];
    return kindsOfPlace(keys, this.operation);
  }
}

/** The answer that a JSON text comes from. */
export interface AnswerSource {
  operation: string;
  path: string;
  /** Version of the resource that came with the answer (RFC 9110, section 8.8.3). */
  etag?: string;
}

const MAX_ISSUES = 4;
const MAX_SIBLINGS = 4;
const SIBLING = /"([\w-]{0,40}(?:[iI]d|ID|Key|Ref|uuid))":(?:"([^"\\]{1,80})"|(\d{1,40}))/g;

/** Every place of a JSON text where a value stands as a whole value; at most 4. */
export function issuesIn(json: string, value: string, source: AnswerSource): Issue[] {
  const issues: Issue[] = [];
  for (const at of placesOf(json, value)) {
    issues.push({
      kinds: kindsOfPlace(keysAt(json, at), source.operation),
      operation: source.operation,
      path: source.path,
      siblings: siblingsOf(objectAround(json, at), value),
    });
    if (issues.length >= MAX_ISSUES) break;
  }
  return issues;
}

/** Where a JSON text holds a text or a number as a whole value, not as a field's name. */
export function* placesOf(json: string, value: string): Generator<number> {
  const quoted = JSON.stringify(value);
  for (let at = json.indexOf(quoted); at >= 0; at = json.indexOf(quoted, at + 1)) {
    const after = json[at + quoted.length];
    if (after === undefined || ",]}".includes(after)) yield at;
  }
  if (!/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value)) return;
  for (let at = json.indexOf(value); at >= 0; at = json.indexOf(value, at + 1)) {
    const before = json[at - 1];
    const after = json[at + value.length];
    if (before !== undefined && ":[,".includes(before) && after !== undefined && ",]}".includes(after))
      yield at;
  }
}

/** Whether a JSON text offers a path as a link: as a whole value, or as the end of an absolute URL. */
export function offersPath(json: string, path: string): boolean {
  return path.length > 1 && (json.includes(`${path}"`) || json.includes(`${decodePercent(path)}"`));
}

/** The names from the root of a JSON text to a value, without list indexes. */
function keysAt(json: string, at: number): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (let i = at - 1; i >= 0; i -= 1) {
    const char = json[i];
    if (char === '"') {
      const start = stringStart(json, i);
      // A name of the object that the value stands in, or of one around it.
      if (depth === 0 && json[i + 1] === ":") {
        keys.unshift(json.slice(start + 1, i));
        // A value before it in the same object does not help.
        i = objectStart(json, start);
        depth = 0;
        continue;
      }
      i = start;
    } else if (char === "}" || char === "]") depth += 1;
    else if (char === "{" || char === "[") depth = Math.max(0, depth - 1);
  }
  return keys;
}

/** The index of the quote that opens the string that closes at `end`. */
function stringStart(json: string, end: number): number {
  for (let i = end - 1; i >= 0; i -= 1) {
    if (json[i] !== '"') continue;
    let slashes = 0;
    while (json[i - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return i;
  }
  return 0;
}

/** The index of the brace that opens the object around a position; 0 where there is none. */
function objectStart(json: string, from: number): number {
  let depth = 0;
  for (let i = from - 1; i >= 0; i -= 1) {
    const char = json[i];
    if (char === '"') i = stringStart(json, i);
    else if (char === "}" || char === "]") depth += 1;
    else if (char === "{" || char === "[") {
      if (depth === 0 && char === "{") return i;
      depth = Math.max(0, depth - 1);
    }
  }
  return 0;
}

/** The text of the object around a position in a JSON text. */
export function objectAround(json: string, at: number): string {
  const start = objectStart(json, at);
  let depth = 0;
  for (let i = start; i < json.length; i += 1) {
    const char = json[i];
    if (char === '"') {
      i += 1;
      while (i < json.length && json[i] !== '"') i += json[i] === "\\" ? 2 : 1;
    } else if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") {
      depth -= 1;
      if (depth === 0) return json.slice(start, i + 1);
    }
  }
  return json.slice(start);
}

function siblingsOf(object: string, value: string): [string, string][] {
  const siblings: [string, string][] = [];
  for (const [, name = "", text, number] of object.matchAll(SIBLING)) {
    const other = text ?? number ?? "";
    if (other === value) continue;
    siblings.push([name, other]);
    if (siblings.length >= MAX_SIBLINGS) break;
  }
  return siblings;
}
