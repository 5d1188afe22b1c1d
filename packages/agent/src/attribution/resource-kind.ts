import { decodePercent } from "@ape/core/lib/percent";
import { isIdName, isPlainIdName, withoutIdSuffix } from "@ape/core/protocol/id-name";

/** Other fields by whose value an object can be found. */
const NATURAL_KEY = /^(?:name|username|login|email|handle|token|value)$/i;
/** Names of JSON objects that only wrap others. */
const WRAPPER =
  /^(?:data|items?|results?|content|contents|records?|entries|rows|list|nodes?|edges?|values?|objects?|docs|hits|payload|response|_embedded|attributes|page|collection|body)$/i;

/** One form for `orderItems`, `order-item` and `order_items`: singular, lower case, without separators. */
export function kindOf(word: string): string {
  const plain = word.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase();
  if (plain.length > 4 && plain.endsWith("ies")) return `${plain.slice(0, -3)}y`;
  if (/(?:ses|xes|zes|ches|shes)$/.test(plain)) return plain.slice(0, -2);
  return plain.length > 3 && plain.endsWith("s") && !plain.endsWith("ss") ? plain.slice(0, -1) : plain;
}

/** Whether two kinds name the same resource: equal, or one is the other with a word before it (`lineitem`, `item`). */
export function isSameKind(a: string, b: string): boolean {
  if (a === b) return a !== "";
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 3 && long.endsWith(short);
}

/** Whether a field's name says that its value identifies something, be it by an id or by a name. */
export const isKeyName = (name: string): boolean => isIdName(name, true) || NATURAL_KEY.test(name);

/** Returns the kind of resource that a field's name identifies: `orderId` an order; undefined for a plain `id`. */
export function kindOfField(name: string): string | undefined {
  if (isPlainIdName(name) || NATURAL_KEY.test(name)) return undefined;
  const kind = kindOf(withoutIdSuffix(name));
  return kind === "" ? undefined : kind;
}

/** The resource kinds that an operation's last fixed words name: `POST /runs/{id}/start` is about `start` and `run`. */
export function kindsOfOperation(operation: string): string[] {
  const path = operation.slice(operation.indexOf(" ") + 1);
  if (!path.startsWith("/")) return [kindOf(path)];
  const fixed = path.split("/").filter((segment) => segment !== "" && !segment.includes("{"));
  const last = fixed.at(-1);
  if (last === undefined) return [];
  const kinds = [kindOf(last)];
  const before = fixed.at(-2);
  // A last word in the singular is often an action upon the resource before it.
  if (before !== undefined && !last.endsWith("s")) kinds.push(kindOf(before));
  return kinds;
}

/**
 * The kinds of resource that a value identifies by its place in an answer.
 * @param keys names from the root to the value, without list indexes
 */
export function kindsOfPlace(keys: readonly string[], operation: string): string[] {
  const leaf = keys.at(-1);
  if (leaf === undefined) return kindsOfOperation(operation);
  const own = kindOfField(leaf);
  if (own !== undefined) return own === kindOf(leaf) ? [own] : [own, kindOf(leaf)];
  const kinds = [kindOf(leaf)];
  for (let at = keys.length - 2; at >= 0; at -= 1) {
    const key = keys[at] as string;
    kinds.push(kindOf(key));
    if (!WRAPPER.test(key)) return kinds;
  }
  return [...kinds, ...kindsOfOperation(operation)];
}

/** A parameter of a path: its value, and the kinds of resource that belong there. */
export interface PathParameter {
  name: string;
  value: string;
  kinds: readonly string[];
  /** Fixed segment before it. */
  collection: string;
}

/** The parameters of a concrete path, in order. */
export function pathParameters(path: string, operation: string): PathParameter[] {
  const found: PathParameter[] = [];
  const template = operation.slice(operation.indexOf(" ") + 1).split("/");
  const segments = (path.split("?", 1)[0] ?? "").split("/");
  let collection = "";
  for (const [at, part] of template.entries()) {
    const segment = segments[at];
    if (segment === undefined) break;
    const name = /\{([^}]+)\}/.exec(part)?.[1];
    if (name === undefined) {
      if (part !== "") collection = part;
      continue;
    }
    const [before = "", after = ""] = part.split(`{${name}}`);
    const whole = decodePercent(segment);
    const value = whole.slice(
      whole.startsWith(before) ? before.length : 0,
      whole.endsWith(after) ? whole.length - after.length : undefined,
    );
    const own = kindOfField(name);
    const kinds = own === undefined ? [kindOf(name)] : [own];
    // The fixed word right before a parameter is its collection; two adjacent parameters have none between them.
    const previous = template[at - 1];
    if (previous !== undefined && previous !== "" && !previous.includes("{")) kinds.push(kindOf(previous));
    found.push({ name, value, kinds: kinds.filter((kind) => kind !== "id"), collection });
  }
  return found;
}
