import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { parseJson, withDoubles } from "@ape/core/lib/lossless-number";
import type { ApiDescription, TargetKind } from "@ape/core/protocol/api";
import { type HttpMethod, isMethod } from "@ape/core/protocol/operation";
import { keepingPlaceholders, readOperationArguments } from "@ape/core/protocol/operation-arguments";
import type { OperationTool } from "@ape/core/protocol/operation-tools";
import type { QueryValue, ToolCall } from "@ape/core/protocol/tool-call";
import { calledToolOf, graphqlOf, TOOL_METHODS } from "@ape/core/protocol/tools";
import { Ajv } from "ajv";
import { digestJson, MAX_DIGEST } from "../memory/digest.ts";
import { operationOf } from "../session/graphql-text.ts";
import { TOOLS, toolSet, toolsFor } from "./tools.ts";

/** A validated decision. `args` is what the model wrote, for the record: placeholders unfilled, long ones in digest. */
export type Decision =
  | {
      kind: "action";
      tool: string;
      args: JsonObject;
      target: string;
      method: HttpMethod;
      path: string;
      query?: Record<string, QueryValue>;
      headers?: Record<string, string>;
      data?: Json;
      graphql?: NonNullable<ToolCall["graphql"]>;
      call?: NonNullable<ToolCall["tool"]>;
      /** What the link or the form is called on its page. */
      label?: string;
      /** Method and path stand for the form's once it is found on the last page. */
      form?: { named?: string; fields: JsonObject; submit?: string };
    }
  | { kind: "state_update"; tool: string; args: JsonObject; set: Record<string, Json> }
  | { kind: "wait"; tool: string; args: JsonObject; ms: number }
  | { kind: "finish"; tool: string; args: JsonObject; reason: string };

const ajv = new Ajv({ allErrors: false, strict: false });
const validators = new Map(
  TOOLS.map(({ function: { name, parameters } }) => [name, ajv.compile(parameters)]),
);
/** Headers that belong to the session or to the connection, not to the model. Its cookies are added to the session's. */
const RESERVED =
  /^(?:authorization|host|content-length|connection|transfer-encoding|upgrade|te|trailer|keep-alive|expect|traceparent|tracestate|proxy-.*)$/i;
/** More than any sensible call has; what is longer would fill events and the agent's memory. */
const MAX_ARGUMENTS = 32_768;
/** A parameter that was not filled in: `{id}`, but not a placeholder `{{id}}`. */
const UNFILLED = /(?:^|[^{])\{([^{}]*)\}(?!\})/;

/**
 * Reads a model's tool call.
 * @returns the decision, or one sentence that tells the model what is wrong
 */
export function readDecision(
  name: string,
  argumentText: string,
  apis: readonly ApiDescription[],
): Decision | string {
  const validate = validators.get(name);
  const operation = toolSet(apis).operations.get(name);
  if (validate === undefined && operation === undefined)
    return `there is no tool "${name.slice(0, 60)}"; the tools are ${toolsFor(apis)
      .map((known) => known.function.name)
      .join(", ")}`;
  if (argumentText.length > MAX_ARGUMENTS)
    return `the arguments of ${name} are ${argumentText.length} characters long; at most ${MAX_ARGUMENTS} are allowed`;
  let args: unknown;
  try {
    args = parseJson(argumentText === "" ? "{}" : argumentText);
  } catch {
    return `the arguments of ${name} are not JSON: ${argumentText.slice(0, 80)}`;
  }
  if (operation !== undefined && !isJsonObject(args)) return `the arguments of ${name} must be an object`;
  if (validate !== undefined && !validate(withDoubles(args))) {
    const [error] = validate.errors ?? [];
    const extra: unknown = error?.params.additionalProperty;
    return `the arguments of ${name} are wrong: ${error?.instancePath || "they"} ${error?.message ?? "do not fit"}${
      typeof extra === "string" ? `, such as "${extra.slice(0, 60)}"` : ""
    }`;
  }
  const decision =
    operation === undefined
      ? toDecision(name, args as JsonObject, apis)
      : operationDecision(operation, args as JsonObject);
  if (typeof decision !== "string" && argumentText.length > MAX_DIGEST)
    decision.args = digestJson(args as JsonObject).json as JsonObject;
  return decision;
}

/** The call of an operation's own tool. */
function operationDecision(tool: OperationTool, args: JsonObject): Decision | string {
  const { target, operation, definition } = tool;
  const { name } = definition.function;
  const read = readOperationArguments(tool, args, keepingPlaceholders);
  if (typeof read === "string") return read;
  const { method, path } = operation;
  const action = { kind: "action", tool: name, args, target } as const;
  // What stands for the path of an MCP tool in events.
  if (!isMethod(method))
    return { ...action, method: "POST", path: `tool ${path}`, call: { name: path, arguments: args } };
  return withHeaders({ ...action, method, ...read }, read.headers);
}

/** A decision with the headers that a model wrote. */
function withHeaders(
  decision: Decision & { kind: "action" },
  headers: JsonObject | undefined,
): Decision | string {
  if (headers === undefined) return decision;
  const reserved = Object.keys(headers).find((header) => RESERVED.test(header));
  if (reserved !== undefined) return `the header ${reserved} is set for you; leave it out`;
  decision.headers = headers as Record<string, string>;
  return decision;
}

/** The kind of target that each tool beside those of HTTP reaches. */
const KIND_OF: Readonly<Record<string, TargetKind>> = {
  graphql: "graphql",
  submit_form: "web",
  call_tool: "mcp",
};

function otherAction(tool: string, args: JsonObject, target: string): Decision {
  const action = { kind: "action", tool, args, target, method: "POST", path: "" } as const;
  // What stands for the path in events.
  const named = (path: string) => ({ ...action, path });
  if (tool === "graphql") {
    const graphql = graphqlOf(args);
    const { kind, root } = operationOf(graphql.query, graphql.operationName);
    return { ...named(`${kind} ${root}`), graphql };
  }
  if (tool === "call_tool")
    return {
      ...named(`tool ${args.name as string}`),
      call: calledToolOf(args),
    };
  return {
    ...action,
    form: {
      fields: args.fields as JsonObject,
      ...(args.form === undefined ? {} : { named: args.form as string }),
      ...(args.submit === undefined ? {} : { submit: args.submit as string }),
    },
  };
}

function toDecision(tool: string, args: JsonObject, apis: readonly ApiDescription[]): Decision | string {
  const method = TOOL_METHODS[tool];
  if (method === undefined && !Object.hasOwn(KIND_OF, tool)) {
    if (tool === "wait") return { kind: "wait", tool, args, ms: args.ms as number };
    if (tool === "finish") return { kind: "finish", tool, args, reason: String(args.reason ?? "") };
    return { kind: "state_update", tool, args, set: args.set as Record<string, Json> };
  }
  const named = args.api_name as string | undefined;
  const target = named ?? (apis.length === 1 ? apis[0]?.target : undefined);
  if (target === undefined || !apis.some((api) => api.target === target))
    return `api_name must be one of ${apis.map((api) => api.target).join(", ")}`;
  const { kind = "rest" } = apis.find((api) => api.target === target) ?? {};
  const suited =
    method === undefined ? KIND_OF[tool] === kind : kind === "rest" || (kind === "web" && method === "GET");
  if (!suited)
    return `${target} is not called with ${tool}; use ${toolsFor(apis.filter((api) => api.target === target))[0]?.function.name}`;
  if (method === undefined) return otherAction(tool, args, target);
  const path = args.path as string;
  const unfilled = UNFILLED.exec(path);
  if (unfilled !== null)
    return `the path has {${unfilled[1]}} in it; write the real value there, taken from what you know`;
  const decision: Decision & { kind: "action" } = { kind: "action", tool, args, target, method, path };
  if (args.query !== undefined) decision.query = args.query as Record<string, QueryValue>;
  if (args.data !== undefined) decision.data = args.data;
  return withHeaders(decision, args.headers as JsonObject | undefined);
}
