import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { withDoubles, writeJson } from "@ape/core/lib/lossless-number";
import type { ApiDescription } from "@ape/core/protocol/api";
import { type HttpMethod, isMethod } from "@ape/core/protocol/operation";
import { keepingPlaceholders, readOperationArguments } from "@ape/core/protocol/operation-arguments";
import type { OperationTool } from "@ape/core/protocol/operation-tools";
import { TARGET_KIND_TRAITS } from "@ape/core/protocol/target-kind";
import type { QueryValue, ToolCall } from "@ape/core/protocol/tool-call";
import { TOOL_METHODS } from "@ape/core/protocol/tools";
import { Ajv, type ValidateFunction } from "ajv";
import { digestJson, MAX_DIGEST } from "../memory/digest.ts";
import {
  explainFault,
  type RepairKind,
  readArguments,
  repairGenericArguments,
  repairOperationArguments,
} from "./repair-arguments.ts";
import { repairPath } from "./repair-path.ts";
import { TARGET_ACTIONS, withHeaders } from "./target-actions.ts";
import { resolveToolName } from "./tool-name.ts";
import { TOOLS, toolSet, toolsFor } from "./tools.ts";

/**
 * A validated decision. `args` is what the model wrote, repaired, for the record: placeholders unfilled, long ones in digest.
 * `repairs` are the kinds of what had to be repaired.
 */
export type Decision = { repairs?: RepairKind[] } & (
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
  | { kind: "finish"; tool: string; args: JsonObject; reason: string }
);

const ajv = new Ajv({ allErrors: false, strict: false });
const validators = new Map(
  TOOLS.map(({ function: { name, parameters } }) => [name, ajv.compile(parameters)]),
);
/** More than any sensible call has; what is longer would fill events and the agent's memory. */
const MAX_ARGUMENTS = 32_768;
/**
 * Reads a model's tool call. Near misses that can be read in one way alone are repaired; the decision names those repairs.
 * @param origins base URL of each target, by which a full URL is known
 * @returns the decision, or one sentence that tells the model what is wrong
 */
export function readDecision(
  name: string,
  argumentText: string,
  apis: readonly ApiDescription[],
  origins: Readonly<Record<string, string>> = {},
): Decision | string {
  const set = toolSet(apis);
  const repairs = new Set<RepairKind>();
  const note = (kind: RepairKind): void => void repairs.add(kind);
  const resolved = resolveToolName(name, set);
  if (resolved === undefined)
    return `there is no tool "${name.slice(0, 60)}"; the tools are ${set.offered
      .map((known) => known.function.name)
      .join(", ")}`;
  if (resolved.repair !== undefined) note(resolved.repair);
  const { tool } = resolved;
  if (argumentText.length > MAX_ARGUMENTS)
    return `the arguments of ${tool} are ${argumentText.length} characters long; at most ${MAX_ARGUMENTS} are allowed`;
  const given = readArguments(argumentText, note);
  if (given === undefined) return `the arguments of ${tool} are not JSON: ${argumentText.slice(0, 80)}`;
  if (!isJsonObject(given)) return `the arguments of ${tool} must be an object`;
  const operation = set.operations.get(tool);
  const decision =
    operation === undefined
      ? genericDecision(tool, resolved.path === undefined ? given : { ...given, path: resolved.path })
      : operationDecision(operation, given);
  if (typeof decision === "string") return decision;
  if (argumentText.length > MAX_DIGEST) decision.args = digestJson(decision.args).json as JsonObject;
  if (repairs.size > 0) decision.repairs = [...repairs];
  return decision;

  function genericDecision(tool: string, given: JsonObject): Decision | string {
    const validate = validators.get(tool) as ValidateFunction;
    const schema = validate.schema as JsonObject;
    const args = repairGenericArguments(given, schema, note);
    const method = TOOL_METHODS[tool];
    if (method !== undefined && typeof args.path === "string") {
      const path = repairPath(args.path, method, origins);
      if (typeof path === "string") return path;
      if (path.repair !== undefined) note(path.repair);
      args.path = path.path;
      if (path.target !== undefined && apis.length > 1) args.api_name ??= path.target;
      if (path.target !== undefined && args.api_name !== undefined && args.api_name !== path.target)
        return `the URL is one of ${path.target}, but api_name is ${writeJson(args.api_name).slice(0, 60)}; write the path from /, such as /products`;
    }
    if (validate(withDoubles(args))) return toDecision(tool, args, apis);
    const [error] = validate.errors ?? [];
    return error === undefined
      ? `the arguments of ${tool} are wrong`
      : explainFault(tool, schema, { ...error, message: error.message ?? "does not fit" }, args);
  }

  function operationDecision(own: OperationTool, given: JsonObject): Decision | string {
    const { parameters } = own.definition.function;
    return typedDecision(own, repairOperationArguments(given, parameters, own.target, note));
  }
}

/** The call of an operation's own tool. */
function typedDecision(tool: OperationTool, args: JsonObject): Decision | string {
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
