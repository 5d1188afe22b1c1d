import { ApeError } from "@ape/core/errors";
import { type CallExpression, type Expression, type Node, parse } from "acorn";
import {
  accountOf,
  allowOf,
  commonOrigin,
  fieldsOf,
  goalOf,
  type Imported,
  isCall,
  type RecordedCall,
} from "./imported.ts";
import { readOptions, type ScriptOptions } from "./k6-options.ts";
import { childrenOf, lineOf, propertiesOf, ScriptValues } from "./k6-value.ts";

const METHODS: Readonly<Record<string, string>> = {
  get: "GET",
  post: "POST",
  put: "PUT",
  patch: "PATCH",
  del: "DELETE",
};
/** Modules of k6 whose work agents do by themselves, or that are read here. */
const KNOWN_MODULES = new Set(["k6", "k6/http", "k6/options"]);

/**
 * A test from a k6 script, as far as it can be read without running it: its calls of `k6/http` in order, their checked
 * statuses, `options` and constants. What is not understood is listed with its line.
 * @throws ApeError DATA_INVALID
 */
export function importK6(text: string, file: string): Imported {
  const reader = new ScriptReader();
  try {
    reader.visit(parse(text, { ecmaVersion: "latest", sourceType: "module", locations: true }));
  } catch (cause) {
    // A RangeError is a script that is nested deeper than the stack.
    if (!(cause instanceof SyntaxError || cause instanceof RangeError)) throw cause;
    throw new ApeError("DATA_INVALID", `${file} is no script that can be read`, {
      cause,
      hint: "TypeScript must be turned into JavaScript first.",
    });
  }
  const baseUrl = commonOrigin(reader.calls);
  if (baseUrl === undefined)
    throw new ApeError("DATA_INVALID", `${file} has no call with an address that can be read`, {
      hint: "Write the address as a constant, such as const BASE = 'http://127.0.0.1:3000'.",
      ...(reader.left.length === 0 ? {} : { details: reader.left.slice(0, 20) }),
    });
  const own = reader.calls.filter((call) => isCall(call) && new URL(call.url).origin === baseUrl);
  for (const { url } of reader.calls.filter((call) => !own.includes(call)))
    reader.left.push(`${url}: on another host than ${baseUrl}`);
  const account = accountOf(own);
  const { load, thresholds } = reader.options;
  return {
    baseUrl,
    kind: "rest",
    goals: [goalOf("script", own)],
    allow: allowOf(own),
    ...(account === undefined ? {} : { account }),
    ...load,
    ...(Object.keys(thresholds).length > 0 ? { thresholds } : {}),
    left: reader.left,
  };
}

/** The calls that a value stands for: one, or those of a batch by their names. */
type Called = RecordedCall | ReadonlyMap<string, RecordedCall>;

const isOne = (called: Called | undefined): called is RecordedCall =>
  called !== undefined && !(called instanceof Map);

class ScriptReader {
  readonly calls: RecordedCall[] = [];
  readonly left: string[] = [];
  options: ScriptOptions = { load: {}, thresholds: {} };
  readonly #values = new ScriptValues();
  /** What the calls of `http` in the script gave. */
  readonly #made = new Map<Node, Called>();
  /** What variables hold: the last that was assigned before, as the script is read from its beginning. */
  readonly #held = new Map<string, Called>();

  /** Looks at what a node holds first: a call stands before the check that it is an argument of. */
  visit(node: Node): void {
    for (const inner of childrenOf(node)) this.visit(inner);
    this.#look(node as Expression | (Node & { type: "" }));
  }

  #look(given: Node): void {
    const node = given as Expression;
    const found = given as unknown as {
      type: string;
      source?: { value?: unknown };
      id?: { name?: string };
      init?: Expression | null;
    };
    if (found.type === "ImportDeclaration") {
      const name = String(found.source?.value);
      if (!KNOWN_MODULES.has(name)) this.#leave(node, `import of ${name}`);
    } else if (found.type === "VariableDeclarator" && found.id?.name !== undefined && found.init) {
      this.#values.define(found.id.name, found.init);
      this.#hold(found.id.name, found.init);
      if (found.id.name === "options") this.options = readOptions(found.init, this.#values, this.left);
    } else if (node.type === "AssignmentExpression" && node.left.type === "Identifier")
      this.#hold(node.left.name, node.right);
    else if (node.type === "NewExpression" && node.callee.type === "Identifier") {
      if (node.callee.name === "SharedArray") {
        const [name] = node.arguments;
        const title =
          name === undefined || name.type === "SpreadElement" ? undefined : this.#values.text(name);
        this.#leave(
          node,
          `SharedArray${title === undefined ? "" : ` "${title}"`}: give its rows as the goal's data`,
        );
      }
    } else if (node.type === "CallExpression") this.#called(node);
  }

  #hold(name: string, value: Expression): void {
    const called = this.#calledBy(value);
    if (called === undefined) this.#held.delete(name);
    else this.#held.set(name, called);
  }

  #called(node: CallExpression): void {
    const { callee } = node;
    const args = node.arguments.filter((one): one is Expression => one.type !== "SpreadElement");
    if (callee.type === "Identifier") {
      if (callee.name === "check") this.#check(node, args);
      else if (callee.name === "open") {
        const file = args[0] === undefined ? undefined : this.#values.text(args[0]);
        this.#leave(
          node,
          `call of open${file === undefined ? "" : ` (${file}): give it as the goal's data`}`,
        );
      }
      return;
    }
    if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return;
    const property = callee.property.type === "Identifier" ? callee.property.name : "";
    if (callee.object.name === "ws") this.#leave(node, `call of ws.${property}`);
    if (callee.object.name !== "http") return;
    if (property === "batch") this.#batch(node, args[0]);
    else if (/^(?:url|setResponseCallback|expectedStatuses|cookieJar|file)$/.test(property)) return;
    else if (property === "request" || property === "asyncRequest") {
      const [method, ...others] = args;
      const name = method === undefined ? undefined : this.#values.text(method)?.toUpperCase();
      this.#make(node, `http.${property}`, name, others);
    } else this.#make(node, `http.${property}`, METHODS[property], args);
  }

  #make(node: Node, what: string, method: string | undefined, args: readonly Expression[]): void {
    const [address, body] = args;
    const url = address === undefined ? undefined : this.#values.text(address);
    const call = this.#callOf(method, url, body);
    if (call === undefined) {
      this.#leave(node, `${what}${url === undefined ? "" : `(${url})`}`);
      return;
    }
    this.calls.push(call);
    this.#made.set(node, call);
  }

  #callOf(
    method: string | undefined,
    url: string | undefined,
    body: Expression | undefined,
  ): RecordedCall | undefined {
    if (method === undefined || url === undefined || !isCall({ method, url })) return undefined;
    const fields =
      body === undefined || method === "GET" || method === "DELETE" ? undefined : this.#fields(body);
    return { method, url, ...(fields === undefined ? {} : { fields }) };
  }

  /** `http.batch`: a list or an object of addresses, `[method, url, body]`, or `{ method, url, body }`. */
  #batch(node: Node, given: Expression | undefined): void {
    const list = given === undefined ? undefined : this.#values.resolve(given);
    const requests: [string, Expression | null][] =
      list?.type === "ArrayExpression"
        ? list.elements.map((one, index) => [String(index), one?.type === "SpreadElement" ? null : one])
        : list?.type === "ObjectExpression"
          ? propertiesOf(list)
          : [];
    if (requests.length === 0) this.#leave(node, "http.batch");
    const made = new Map<string, RecordedCall>();
    for (const [name, request] of requests) {
      const call = request === null ? undefined : this.#batched(this.#values.resolve(request));
      if (call === undefined) {
        this.#leave(request ?? node, `request ${name} of http.batch`);
        continue;
      }
      this.calls.push(call);
      made.set(name, call);
    }
    this.#made.set(node, made);
  }

  #batched(request: Expression): RecordedCall | undefined {
    let parts: (Expression | null | undefined)[] = [undefined, request, undefined];
    if (request.type === "ArrayExpression")
      parts = request.elements.map((one) => (one?.type === "SpreadElement" ? null : one));
    else if (request.type === "ObjectExpression") {
      const own = new Map(propertiesOf(request));
      parts = [own.get("method"), own.get("url"), own.get("body")];
    }
    const [method, url, body] = parts;
    const name = method ? this.#values.text(method)?.toUpperCase() : "GET";
    return this.#callOf(name, url ? this.#values.text(url) : undefined, body ?? undefined);
  }

  /** The calls that an expression stands for; undefined where that is not known. */
  #calledBy(node: Expression): Called | undefined {
    if (node.type === "AwaitExpression") return this.#calledBy(node.argument);
    if (node.type === "Identifier") return this.#held.get(node.name);
    if (node.type === "MemberExpression" && node.object.type !== "Super") {
      const all = this.#calledBy(node.object);
      const { property } = node;
      const key =
        property.type === "Literal"
          ? String(property.value)
          : property.type === "Identifier" && !node.computed
            ? property.name
            : undefined;
      return all instanceof Map && key !== undefined ? all.get(key) : undefined;
    }
    return this.#made.get(node);
  }

  /** A status that a check asks for belongs to the call whose answer it looks at. */
  #check(node: CallExpression, [value, checks]: readonly Expression[]): void {
    const call = value === undefined ? undefined : this.#calledBy(value);
    const statuses = new Set<number>();
    let others = false;
    let either = false;
    const look = (inner: Node): void => {
      const asked = statusAsked(inner as Expression);
      if (asked !== undefined) statuses.add(asked);
      else if (inner.type === "BinaryExpression") others = true;
      if (inner.type === "LogicalExpression" && (inner as unknown as { operator: string }).operator === "||")
        either = true;
      for (const child of childrenOf(inner)) look(child);
    };
    if (checks !== undefined) look(this.#values.resolve(checks));
    const [status, ...more] = statuses;
    if (status !== undefined && !isOne(call))
      this.#leave(node, `a check of status ${status} on what is not known to be a call`);
    else if (status !== undefined && (more.length > 0 || either))
      this.#leave(node, `a check on several statuses: ${[...statuses].join(", ")}`);
    else if (status !== undefined && isOne(call)) call.status = status;
    if (others) this.#leave(node, "a check on something else than the status");
  }

  #fields(node: Expression): Record<string, string> | undefined {
    // JSON.stringify({...}) says the same as its argument.
    const [argument] = node.type === "CallExpression" ? node.arguments : [node];
    if (argument === undefined || argument.type === "SpreadElement") return undefined;
    const constant = this.#values.resolve(argument);
    const inner = constant.type === "CallExpression" && constant !== node ? constant.arguments[0] : constant;
    if (inner === undefined || inner.type === "SpreadElement") return undefined;
    const text = this.#values.text(inner);
    if (text?.startsWith('{"')) return fieldsOf(text, "json");
    const value = this.#values.plain(inner);
    if (typeof value !== "object" || value === null) return undefined;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, one]) => (typeof one === "string" ? [[name, one]] : [])),
    );
  }

  #leave(node: Node, what: string): void {
    this.left.push(`line ${lineOf(node)}: ${what}`);
  }
}

/** The status of `r.status === 200`, either way around. */
function statusAsked(node: Expression): number | undefined {
  if (node.type !== "BinaryExpression" || !/^===?$/.test(node.operator)) return undefined;
  const sides = [node.left, node.right] as const;
  for (const [one, other] of [sides, [sides[1], sides[0]] as const])
    if (
      one.type === "MemberExpression" &&
      one.property.type === "Identifier" &&
      one.property.name === "status" &&
      other.type === "Literal" &&
      typeof other.value === "number" &&
      Number.isInteger(other.value) &&
      other.value >= 100 &&
      other.value <= 599
    )
      return other.value;
  return undefined;
}
