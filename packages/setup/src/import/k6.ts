import { ApeError } from "@ape/core/errors";
import { isMetricName } from "@ape/core/metrics";
import { type Expression, type Node, type ObjectExpression, parse } from "acorn";
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

/** What k6's metrics are called here. */
const METRICS: Readonly<Record<string, string>> = {
  http_req_duration: "action_duration",
  http_req_failed: "action_failed",
  checks: "session_success",
  iteration_duration: "session_duration",
  http_reqs: "actions",
};
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
 * statuses, `options` and constants. What is not understood is listed.
 * @throws ApeError DATA_INVALID
 */
export function importK6(text: string, file: string): Imported {
  let program: Node;
  try {
    program = parse(text, { ecmaVersion: "latest", sourceType: "module", locations: true });
  } catch (cause) {
    throw new ApeError("DATA_INVALID", `${file} is no script that can be read`, {
      cause,
      hint: "TypeScript must be turned into JavaScript first.",
    });
  }
  const reader = new ScriptReader();
  reader.read(program);
  const baseUrl = commonOrigin(reader.calls);
  if (baseUrl === undefined)
    throw new ApeError("DATA_INVALID", `${file} has no call with an address that can be read`, {
      hint: "Write the address as a constant, such as const BASE = 'http://127.0.0.1:3000'.",
    });
  const own = reader.calls.filter((call) => isCall(call) && new URL(call.url).origin === baseUrl);
  const account = accountOf(own);
  return {
    baseUrl,
    kind: "rest",
    goals: [goalOf("script", own)],
    allow: allowOf(own),
    ...(account === undefined ? {} : { account }),
    ...reader.load,
    ...(Object.keys(reader.thresholds).length > 0 ? { thresholds: reader.thresholds } : {}),
    left: reader.left,
  };
}

type Load = Pick<Imported, "agents" | "duration" | "stages">;

class ScriptReader {
  readonly calls: RecordedCall[] = [];
  readonly left: string[] = [];
  readonly thresholds: Record<string, string[]> = {};
  load: Load = {};
  readonly #constants = new Map<string, Expression>();

  read(node: Node): void {
    this.#visit(node);
  }

  #visit(node: Node): void {
    this.#look(node as Node & Record<string, never>);
    for (const value of Object.values(node))
      for (const inner of Array.isArray(value) ? value : [value])
        if (typeof inner === "object" && inner !== null && typeof (inner as Node).type === "string")
          this.#visit(inner as Node);
  }

  #look(node: Node): void {
    const found = node as unknown as {
      type: string;
      id?: { name?: string };
      init?: Expression;
      callee?: Node & { object?: { name?: string }; property?: { name?: string }; name?: string };
      arguments?: Expression[];
      source?: { value?: unknown };
    };
    if (found.type === "ImportDeclaration") {
      const name = String(found.source?.value);
      if (!KNOWN_MODULES.has(name)) this.#leave(node, `import of ${name}`);
    }
    if (found.type === "VariableDeclarator" && found.id?.name !== undefined && found.init) {
      this.#constants.set(found.id.name, found.init);
      if (found.id.name === "options") this.#options(found.init);
    }
    if (found.type !== "CallExpression" || found.callee === undefined) return;
    const { callee, arguments: args = [] } = found;
    const object = callee.object?.name;
    const property = callee.property?.name ?? "";
    if (object === "http") this.#call(node, property, args);
    else if (callee.name === "check") this.#check(args[1]);
    else if (callee.name === "open" || (callee.name === undefined && object === "ws"))
      this.#leave(node, `call of ${callee.name ?? `${object}.${property}`}`);
  }

  #call(node: Node, name: string, args: Expression[]): void {
    const method = METHODS[name];
    const [address, ...rest] = args;
    const url = address === undefined ? undefined : this.#text(address);
    if (method === undefined || url === undefined || !URL.canParse(url)) {
      this.#leave(node, `http.${name}${url === undefined ? "" : `(${url})`}`);
      return;
    }
    const body = method === "GET" || method === "DELETE" ? undefined : rest[0];
    const fields = body === undefined ? undefined : this.#fields(body);
    this.calls.push({ method, url, ...(fields === undefined ? {} : { fields }) });
  }

  /** The status that a check asks for belongs to the call before it. */
  #check(checks: Expression | undefined): void {
    const last = this.calls.at(-1);
    for (const node of checks === undefined ? [] : nodesOf(checks)) {
      const { type, left, right, operator } = node as unknown as {
        type: string;
        operator?: string;
        left?: { property?: { name?: string } };
        right?: { value?: unknown };
      };
      if (type !== "BinaryExpression") continue;
      if (
        /^===?$/.test(operator ?? "") &&
        left?.property?.name === "status" &&
        typeof right?.value === "number"
      ) {
        if (last !== undefined) last.status = right.value;
      } else this.#leave(node as Node, "a check on something else than the status");
    }
  }

  #options(value: Expression): void {
    const options = this.#plain(value);
    if (typeof options !== "object" || options === null) return;
    const { vus, duration, stages, thresholds, iterations, ...others } = options as Record<string, unknown>;
    if (typeof vus === "number") this.load.agents = vus;
    if (typeof duration === "string") this.load.duration = duration;
    if (Array.isArray(stages)) {
      this.load.stages = stages.flatMap((stage: { duration?: unknown; target?: unknown }) =>
        typeof stage.duration === "string" && typeof stage.target === "number"
          ? [{ duration: stage.duration, agents: stage.target }]
          : [],
      );
      delete this.load.duration;
      delete this.load.agents;
    }
    if (iterations !== undefined) this.left.push("options.iterations: use `load.sessions`");
    for (const name of Object.keys(others)) this.left.push(`options.${name}`);
    for (const [selector, list] of Object.entries((thresholds as Record<string, unknown>) ?? {})) {
      const metric = METRICS[selector] ?? selector;
      const expressions = (Array.isArray(list) ? list : [list]).filter((one) => typeof one === "string");
      if (isMetricName(metric) && expressions.length > 0) this.thresholds[metric] = expressions;
      else this.left.push(`threshold of ${selector}`);
    }
  }

  /** The text of an expression; parts that only the running script knows become `{name}`. */
  #text(node: Expression, depth = 0): string | undefined {
    const found = node as unknown as {
      type: string;
      value?: unknown;
      name?: string;
      left?: Expression;
      right?: Expression;
      operator?: string;
      quasis?: { value: { cooked?: string } }[];
      expressions?: Expression[];
    };
    if (depth > 8) return undefined;
    if (found.type === "Literal") return typeof found.value === "object" ? undefined : String(found.value);
    if (found.type === "Identifier") {
      const constant = this.#constants.get(found.name ?? "");
      return (constant === undefined ? undefined : this.#text(constant, depth + 1)) ?? `{${found.name}}`;
    }
    if (found.type === "LogicalExpression" && found.left && found.right)
      return this.#text(found.right, depth + 1);
    if (found.type === "BinaryExpression" && found.operator === "+" && found.left && found.right)
      return `${this.#text(found.left, depth + 1) ?? "{value}"}${this.#text(found.right, depth + 1) ?? "{value}"}`;
    if (found.type === "TemplateLiteral")
      return (found.quasis ?? [])
        .map(({ value }, index) => {
          const inner = found.expressions?.[index];
          return `${value.cooked ?? ""}${inner === undefined ? "" : (this.#text(inner, depth + 1) ?? "{value}")}`;
        })
        .join("");
    return undefined;
  }

  #fields(node: Expression): Record<string, string> | undefined {
    const found = node as unknown as { type: string; name?: string; arguments?: Expression[] };
    // JSON.stringify({...}) says the same as its argument.
    const [argument] = found.type === "CallExpression" ? (found.arguments ?? []) : [node];
    const constant = argument?.type === "Identifier" ? this.#constants.get(argument.name) : argument;
    if (constant === undefined) return undefined;
    const text = this.#text(constant);
    if (text?.startsWith('{"')) return fieldsOf(text, "json");
    const value = this.#plain(constant);
    if (typeof value !== "object" || value === null) return undefined;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, inner]) => (typeof inner === "string" ? [[name, inner]] : [])),
    );
  }

  /** A value that is written out in the script. */
  #plain(node: Expression): unknown {
    if (node.type === "ObjectExpression") {
      const entries = (node as ObjectExpression).properties.flatMap((property) => {
        if (property.type !== "Property") return [];
        const key =
          property.key.type === "Identifier"
            ? property.key.name
            : String((property.key as { value?: unknown }).value);
        return [[key, this.#plain(property.value)] as const];
      });
      return Object.fromEntries(entries);
    }
    if (node.type === "ArrayExpression")
      return node.elements.flatMap((element) =>
        element === null || element.type === "SpreadElement" ? [] : [this.#plain(element)],
      );
    if (node.type === "Literal") return node.value;
    return this.#text(node);
  }

  #leave(node: Node, what: string): void {
    this.left.push(`line ${node.loc?.start.line}: ${what}`);
  }
}

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node))
    for (const inner of Array.isArray(value) ? value : [value])
      if (typeof inner === "object" && inner !== null && typeof (inner as Node).type === "string")
        yield* nodesOf(inner as Node);
}
