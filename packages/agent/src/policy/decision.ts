import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { parseJson, withDoubles } from "@ape/core/lib/lossless-number";
import type { ApiDescription } from "@ape/core/protocol/api";
import { type HttpMethod, isMethod } from "@ape/core/protocol/operation";
import { keepingPlaceholders, readOperationArguments } from "@ape/core/protocol/operation-arguments";
import type { OperationTool } from "@ape/core/protocol/operation-tools";
import { TARGET_KIND_TRAITS } from "@ape/core/protocol/target-kind";
import type { QueryValue, ToolCall } from "@ape/core/protocol/tool-call";
import { Ajv } from "ajv";
import { digestJson, MAX_DIGEST } from "../memory/digest.ts";
import { TARGET_ACTIONS, withHeaders } from "./target-actions.ts";
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
/** More than any sensible call has; what is longer would fill events and the agent's memory. */
const MAX_ARGUMENTS = 32_768;
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

function toDecision(tool: string, args: JsonObject, apis: readonly ApiDescription[]): Decision | string {
  const toAction = TARGET_ACTIONS[tool];
  if (toAction === undefined) {
    if (tool === "wait") return { kind: "wait", tool, args, ms: args.ms as number };
    if (tool === "finish") return { kind: "finish", tool, args, reason: String(args.reason ?? "") };
    return { kind: "state_update", tool, args, set: args.set as Record<string, Json> };
  }
  const named = args.api_name as string | undefined;
  const target = named ?? (apis.length === 1 ? apis[0]?.target : undefined);
  if (target === undefined || !apis.some((api) => api.target === target))
    return `api_name must be one of ${apis.map((api) => api.target).join(", ")}`;
  const { kind = "rest" } = apis.find((api) => api.target === target) ?? {};
  if (!TARGET_KIND_TRAITS[kind].tools.some((one) => one.function.name === tool))
    return `${target} is not called with ${tool}; use ${toolsFor(apis.filter((api) => api.target === target))[0]?.function.name}`;
  return toAction({ tool, args, target });
}
