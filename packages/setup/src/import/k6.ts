import { ApeError } from "@ape/core/lib/errors";
import { type CallExpression, type Expression, type Node, parse } from "acorn";
import {
  accountOf,
  allowOf,
  bodyFields,
  commonOrigin,
  goalOf,
  type Imported,
  isCall,
  type RecordedCall,
} from "./imported.ts";
import { commonStatuses, statusesIn } from "./k6-check.ts";
import { readOptions, type ScriptOptions } from "./k6-options.ts";
import { childrenOf, lineOf, propertiesOf, ScriptValues } from "./k6-value.ts";
import { USER_OF_ADDRESS, withoutUser } from "./recorded-value.ts";

const METHODS: Readonly<Record<string, string>> = {
  get: "GET",
  post: "POST",
  put: "PUT",
  patch: "PATCH",
  del: "DELETE",
};
const BRANCHES: ReadonlyMap<string, string> = new Map([
  ["IfStatement", "a condition"],
  ["ConditionalExpression", "a condition"],
  ["SwitchStatement", "a condition"],
  ["ForStatement", "a loop"],
  ["ForOfStatement", "a loop"],
  ["ForInStatement", "a loop"],
  ["WhileStatement", "a loop"],
  ["DoWhileStatement", "a loop"],
  ["TryStatement", "a try"],
]);
const HOOKS: ReadonlyMap<string, string> = new Map([
  ["setup", "its calls are taken as the goal's; once before a run they are in `setup`"],
  ["teardown", "its calls are taken as the goal's; once after a run they are in `teardown`"],
  ["handleSummary", "reports are made with --out and `ape-test report`"],
]);
/** Parameters of a request without an effect for agents. */
const PLAIN_PARAMS = new Set(["tags", "responseType"]);
const PLAIN_HEADERS = /^(?:content-type|accept(?:-\w+)?|user-agent)$/i;
/** Modules of k6 that agents replace, or that are read here. */
const KNOWN_MODULES = new Set(["k6", "k6/http", "k6/options"]);

/**
 * Imports a k6 script, as far as it can be read without running it: its calls of `k6/http` in order, their checked
 * statuses, `options` and constants. What is not understood is listed with its line.
 * @throws ApeError DATA_INVALID
 */
export function importK6(text: string, file: string): Imported {
  const reader = new ScriptReader();
  try {
    reader.visit(parse(text, { ecmaVersion: "latest", sourceType: "module", locations: true }));
  } catch (cause) {
    throw unreadableScript(cause, text, file);
  }
  const baseUrl = commonOrigin(reader.calls);
  if (baseUrl === undefined)
    throw new ApeError("DATA_INVALID", `${file} has no call with an address that can be read`, {
      hint: "Write the address as a constant, such as const BASE = 'http://127.0.0.1:3000'.",
      ...(reader.skipped.length === 0 ? {} : { details: reader.skipped.slice(0, 20) }),
    });
  const own = reader.calls.filter((call) => isCall(call) && new URL(call.url).origin === baseUrl);
  for (const { url } of reader.calls.filter((call) => !own.includes(call)))
    reader.skipped.push(`${url}: on another host than ${baseUrl}`);
  const account = accountOf(own);
  const { load, thresholds } = reader.options;
  return {
    baseUrl,
    kind: "rest",
    goals: [goalOf("script", own, reader.skipped)],
    allow: allowOf(own),
    ...(account === undefined ? {} : { account }),
    ...load,
    ...(Object.keys(thresholds).length > 0 ? { thresholds } : {}),
    skipped: reader.skipped,
  };
}

/** Words that begin a statement of TypeScript alone, and what follows an expression or a name there alone. */
const TYPED_STATEMENT =
  /^\s*(?:export\s+)?(?:declare\s+)?(?:interface|type|enum|namespace|abstract|import\s+type)\s+[\w{]/;
const TYPED_REST = /^(?::\s*[\w"'[({]|(?:as|satisfies)\s|\?\s*[:,)]|!\s*[.;,)\]]|<)/;

/** The error of a script that the parser refuses. */
function unreadableScript(thrown: unknown, text: string, file: string): ApeError {
  if (thrown instanceof RangeError)
    return new ApeError("DATA_INVALID", `${file} is no script that can be read: it is nested too deep`, {
      hint: "Import a script with shorter expressions.",
    });
  if (!(thrown instanceof SyntaxError)) throw thrown;
  const { pos = 0, loc } = thrown as SyntaxError & { pos?: number; loc?: { line: number } };
  const line = loc?.line ?? 1;
  const isTyped =
    /\.[cm]?tsx?$/i.test(file) ||
    TYPED_STATEMENT.test(text.split("\n")[line - 1] ?? "") ||
    TYPED_REST.test(text.slice(pos, pos + 80));
  const what = thrown.message.replace(/ \(\d+:\d+\)$/, "");
  return new ApeError("DATA_INVALID", `${file}:${line}: ${what}`, {
    hint: isTyped
      ? "TypeScript is not read here: turn it into JavaScript first, for example with esbuild."
      : "Correct the script: `k6 inspect` names the same line.",
  });
}

/** A name of an import: without `imported` the module as a whole, or its default. */
interface Specifier {
  imported?: { name?: string };
  local?: { name?: string };
}

/** The calls of a value: one, or those of a batch by their names. */
type Called = RecordedCall | ReadonlyMap<string, RecordedCall>;

const isOne = (called: Called | undefined): called is RecordedCall =>
  called !== undefined && !(called instanceof Map);

/** A name or a member of one, as far as a path is read of it. */
interface Member {
  type: string;
  name?: string;
  object?: Member;
  property?: Member;
}

const memberPath = ({ type, name = "", object, property }: Member): string =>
  type === "MemberExpression" && object !== undefined && property !== undefined
    ? `${memberPath(object)}.${property.name ?? ""}`
    : name;

/** How a script of CommonJS exports its options. */
const EXPORTED_OPTIONS = /^(?:module\.)?exports\.options$/;

class ScriptReader {
  readonly calls: RecordedCall[] = [];
  readonly skipped: string[] = [];
  options: ScriptOptions = { load: {}, thresholds: {} };
  readonly #values = new ScriptValues();
  /** The result of the script's `http` calls. */
  readonly #made = new Map<Node, Called>();
  /** Values of variables: the last one assigned before, as the script is read in order. */
  readonly #held = new Map<string, Called>();

  /** Names of `k6/http` as a whole; `http` in scripts that require it too. */
  readonly #http = new Set(["http"]);
  /** Functions of `k6/http` by their names in the script, and those of `k6` that have another name there. */
  readonly #functions = new Map<string, string>();
  readonly #renamed = new Map<string, string>();

  /** Visits child nodes first: a call comes before the check that it is an argument of. */
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
      specifiers?: Specifier[];
    };
    if (found.type === "ImportDeclaration") {
      const name = String(found.source?.value);
      if (!KNOWN_MODULES.has(name)) this.#leave(node, `import of ${name}`);
      else for (const one of found.specifiers ?? []) this.#imports(name, one);
    } else if (found.type === "VariableDeclarator" && found.id?.name !== undefined && found.init) {
      this.#values.define(found.id.name, found.init);
      this.#hold(found.id.name, found.init);
      if (found.id.name === "options") this.options = readOptions(found.init, this.#values, this.skipped);
    } else if (node.type === "AssignmentExpression" && node.left.type === "Identifier")
      this.#hold(node.left.name, node.right);
    else if (node.type === "AssignmentExpression" && EXPORTED_OPTIONS.test(memberPath(node.left)))
      this.options = readOptions(node.right, this.#values, this.skipped);
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
    else if (BRANCHES.has(found.type)) this.#branch(node);
    else if (found.type === "ExportNamedDeclaration") this.#exported(node);
    else if (found.type === "ThrowStatement")
      this.#leave(node, "throw: what makes an iteration fail is a check");
  }

  /** Calls in loops and conditions are read once. */
  #branch(node: Node): void {
    let calls = 0;
    const count = (inner: Node): void => {
      if (this.#made.has(inner)) calls += 1;
      for (const child of childrenOf(inner)) count(child);
    };
    count(node);
    if (calls === 0) return;
    const what = BRANCHES.get(node.type) ?? "";
    this.#leave(node, `${what} around ${calls === 1 ? "a call" : `${calls} calls`}: taken as if made once`);
  }

  /** Functions that k6 calls by their names. */
  #exported(node: Node): void {
    const { declaration } = node as unknown as {
      declaration?: { id?: { name?: string }; declarations?: { id?: { name?: string } }[] };
    };
    const name = declaration?.id?.name ?? declaration?.declarations?.[0]?.id?.name ?? "";
    const what = HOOKS.get(name);
    if (what !== undefined) this.#leave(node, `${name}: ${what}`);
  }

  #hold(name: string, value: Expression): void {
    const called = this.#calledBy(value);
    if (called === undefined) this.#held.delete(name);
    else this.#held.set(name, called);
  }

  /** Notes what a script calls a module's functions, or `k6/http` as a whole. */
  #imports(module: string, { imported, local }: Specifier): void {
    const name = local?.name;
    if (name === undefined) return;
    if (imported?.name === undefined) {
      if (module === "k6/http") this.#http.add(name);
    } else if (module === "k6/http") this.#functions.set(name, imported.name);
    else if (imported.name !== name) this.#renamed.set(name, imported.name);
  }

  #called(node: CallExpression): void {
    const { callee } = node;
    const args = node.arguments.filter((one): one is Expression => one.type !== "SpreadElement");
    if (callee.type === "Identifier") {
      const property = this.#functions.get(callee.name);
      if (property !== undefined) {
        this.#request(node, property, args);
        return;
      }
      const name = this.#renamed.get(callee.name) ?? callee.name;
      if (name === "check") this.#check(node, args);
      else if (name === "fail") this.#leave(node, "call of fail: what makes an iteration fail is a check");
      else if (name === "open") {
        const file = args[0] === undefined ? undefined : this.#values.text(args[0]);
        this.#leave(
          node,
          `call of open${file === undefined ? "" : ` (${file}): give it as the goal's data`}`,
        );
      }
      return;
    }
    if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return;
    const property =
      callee.property.type === "Identifier" && !callee.computed
        ? callee.property.name
        : callee.property.type === "PrivateIdentifier"
          ? ""
          : (this.#values.text(callee.property) ?? "");
    if (callee.object.name === "ws") this.#leave(node, `call of ws.${property}`);
    if (this.#http.has(callee.object.name)) this.#request(node, property, args);
  }

  /** A call of a function of `k6/http`. */
  #request(node: CallExpression, property: string, args: readonly Expression[]): void {
    if (property === "batch") this.#batch(node, args[0]);
    else if (/^(?:url|expectedStatuses)$/.test(property)) return;
    else if (/^(?:setResponseCallback|cookieJar|file)$/.test(property))
      this.#leave(node, `call of http.${property}`);
    else if (property === "request" || property === "asyncRequest") {
      const [method, ...others] = args;
      const name = method === undefined ? undefined : this.#values.text(method)?.toUpperCase();
      this.#make(node, `http.${property}`, name, others);
    } else this.#make(node, `http.${property}`, METHODS[property], args);
  }

  #make(node: Node, what: string, method: string | undefined, args: readonly Expression[]): void {
    const [address, body] = args;
    const text = address === undefined ? undefined : this.#values.text(address);
    const { url, hadUser } = text === undefined ? { url: undefined, hadUser: false } : withoutUser(text);
    if (hadUser) this.#leave(node, `${what}: ${USER_OF_ADDRESS}`);
    const call = this.#callOf(method, url, body);
    if (call === undefined) {
      this.#leave(node, `${what}${url === undefined ? "" : `(${url})`}`);
      return;
    }
    this.calls.push(call);
    this.#made.set(node, call);
    const params = method === "GET" ? args[1] : args[2];
    if (params !== undefined) this.#params(params, what);
  }

  /** Parameters of a request that have an effect, but are not imported. */
  #params(given: Expression, what: string): void {
    const params = this.#values.resolve(given);
    if (params.type !== "ObjectExpression") return;
    for (const [name, value] of propertiesOf(params)) {
      if (PLAIN_PARAMS.has(name)) continue;
      const headers = name === "headers" ? this.#values.resolve(value) : undefined;
      if (headers?.type !== "ObjectExpression") {
        this.#leave(value, `${name} of ${what}`);
        continue;
      }
      for (const [header, text] of propertiesOf(headers))
        if (!PLAIN_HEADERS.test(header))
          this.#leave(text, `header ${header} of ${what}: set it in the target's \`headers\` or with --auth`);
    }
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

  /** The calls of an expression; undefined if they are not known. */
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

  /** A checked status belongs to the call whose answer is checked. */
  #check(node: CallExpression, [value, checks]: readonly Expression[]): void {
    const call = value === undefined ? undefined : this.#calledBy(value);
    let statuses: readonly number[] | undefined;
    const tests = checks === undefined ? undefined : this.#values.resolve(checks);
    if (tests?.type !== "ObjectExpression") {
      this.#leave(node, "a check that is written elsewhere");
      return;
    }
    for (const [name, test] of propertiesOf(tests)) {
      const asked = statusesIn(test);
      const both = commonStatuses(statuses, asked.statuses);
      if (both?.length === 0)
        this.#leave(test, `check "${name}": no status passes it and the checks before it`);
      else statuses = both;
      if (asked.others) this.#leave(test, `check "${name}": it looks at more than the status`);
    }
    if (statuses === undefined) return;
    const [only, ...more] = statuses;
    if (!isOne(call))
      this.#leave(node, `a check of status ${statuses.join(" or ")} on what is not known to be a call`);
    else if (only !== undefined) call.status = more.length === 0 ? only : statuses;
  }

  #fields(node: Expression): Record<string, string> | undefined {
    // JSON.stringify({...}) is equivalent to its argument.
    const [argument] = node.type === "CallExpression" ? node.arguments : [node];
    if (argument === undefined || argument.type === "SpreadElement") return undefined;
    const constant = this.#values.resolve(argument);
    const inner = constant.type === "CallExpression" && constant !== node ? constant.arguments[0] : constant;
    if (inner === undefined || inner.type === "SpreadElement") return undefined;
    const text = this.#values.text(inner);
    if (text?.startsWith('{"')) return bodyFields(text, "json");
    const value = this.#values.plain(inner);
    if (typeof value !== "object" || value === null) return undefined;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, one]) => (typeof one === "string" ? [[name, one]] : [])),
    );
  }

  #leave(node: Node, what: string): void {
    this.skipped.push(`line ${lineOf(node)}: ${what}`);
  }
}
