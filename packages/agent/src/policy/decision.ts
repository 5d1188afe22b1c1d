import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { withDoubles } from "@ape/core/lib/lossless-number";
import type { ApiDescription } from "@ape/core/protocol/api";
import { argumentFault } from "@ape/core/protocol/argument-fault";
import { wordsOf } from "@ape/core/protocol/fields/field-text";
import { isMethod } from "@ape/core/protocol/operations/operation";
import {
  keepingPlaceholders,
  readOperationArguments,
} from "@ape/core/protocol/operations/operation-arguments";
import type { OperationTool } from "@ape/core/protocol/operations/operation-tools";
import type { Repair } from "@ape/core/protocol/repair";
import { TARGET_KIND_TRAITS } from "@ape/core/protocol/target-kind";
import { FIND_OPERATIONS_TOOL, HTTP_REQUEST_TOOL, TOOL_METHODS } from "@ape/core/protocol/tools";
import { Ajv } from "ajv";
import { digestJson, MAX_DIGEST } from "../memory/digest.ts";
import type { Decision } from "./decision-type.ts";
import { fitToSchema } from "./reading/argument-types.ts";
import { readArguments } from "./reading/arguments-text.ts";
import { findTool } from "./reading/tool-name.ts";
import {
  needNoRepair,
  repairHttpArguments,
  repairOperationArguments,
  repairOtherArguments,
} from "./reading/usual-names.ts";
import { wrappedArguments } from "./reading/wrapped-call.ts";
import { TARGET_ACTIONS, withHeaders } from "./target-actions.ts";
import { TOOLS, toolSet, toolsFor } from "./tools.ts";

export type { Decision } from "./decision-type.ts";

const ajv = new Ajv({ allErrors: false, strict: false });
const SCHEMAS = new Map(TOOLS.map(({ function: { name, parameters } }) => [name, withUrlPath(parameters)]));
const validators = new Map([...SCHEMAS].map(([name, schema]) => [name, ajv.compile(schema)]));
/** The schema with a path that may also be a URL: the session converts it to a path of the target, or refuses it. */
function withUrlPath(schema: JsonObject): JsonObject {
  const properties = schema.properties as JsonObject;
  const path = properties.path as JsonObject | undefined;
  if (path?.pattern === undefined) return schema;
  return {
    ...schema,
    properties: { ...properties, path: { ...path, pattern: `${String(path.pattern)}|^https?://` } },
  };
}

const MAX_SEARCH = 200;
/** Longer arguments would fill events and the agent's memory. */
const MAX_ARGUMENTS = 32_768;
/**
 * Reads a model's tool call. Repairs what can be repaired without loss, and lists it in the decision's `repairs`.
 * @param argumentText the arguments as JSON text
 * @returns the decision, or one sentence that tells the model what is wrong
 */
export function readDecision(
  written: string,
  argumentText: string,
  apis: readonly ApiDescription[],
): Decision | string {
  const { operations, names } = toolSet(apis);
  const found = findTool(written, names, operations);
  if (found === undefined)
    return (
      searchFor(written, apis) ??
      rootFieldText(written, apis) ??
      `there is no tool "${written.slice(0, 60)}"; the tools are ${toolsFor(apis)
        .map((known) => known.function.name)
        .join(", ")}`
    );
  const { name } = found;
  if (argumentText.length > MAX_ARGUMENTS)
    return `the arguments of ${name} are ${argumentText.length} characters long; at most ${MAX_ARGUMENTS} are allowed`;
  const read = readArguments(argumentText);
  if (read === undefined)
    return `the arguments of ${name} are not JSON: ${argumentText.slice(0, 80)}; write one JSON object`;
  if (!isJsonObject(read.value))
    return `the arguments of ${name} must be an object, such as {"name": "value"}`;
  if (!found.repaired && !read.repaired && isPlainHttpCall(name, read.value))
    return shortened(toDecision(name, read.value, apis), argumentText);
  let repairs: Set<Repair> | undefined;
  const note = (repair: Repair): void => {
    repairs ??= new Set();
    repairs.add(repair);
  };
  if (found.repaired) note("tool_name");
  if (read.repaired) note("arguments_text");
  const operation = operations.get(name);
  const properties = operation?.definition.function.parameters.properties ?? SCHEMAS.get(name)?.properties;
  const wrapped = wrappedArguments(
    read.value,
    (other) => findTool(other, names, operations)?.name === name,
    (argument) => Object.hasOwn((properties ?? {}) as JsonObject, argument),
  );
  if (wrapped !== undefined) {
    read.value = wrapped;
    note("argument_name");
  }
  let decision: Decision | string;
  let args: JsonObject;
  if (operation === undefined) {
    args = repairGeneric(name, read.value, found.path, note);
    decision = explainArguments(name, args) ?? toDecision(name, args, apis);
  } else {
    const { parameters } = operation.definition.function;
    args = fitToSchema(repairOperationArguments(operation, read.value, note), parameters, () =>
      note("argument_type"),
    ) as JsonObject;
    decision = operationDecision(operation, args);
  }
  decision = shortened(decision, argumentText);
  if (typeof decision !== "string" && repairs !== undefined) decision.repairs = [...repairs];
  return decision;
}

/** A decision whose arguments are shown as a digest where they are long. */
function shortened(decision: Decision | string, argumentText: string): Decision | string {
  if (typeof decision !== "string" && argumentText.length > MAX_DIGEST)
    decision.args = digestJson(decision.args).json as JsonObject;
  return decision;
}

/** Whether a call of a generic `http_*` tool is right as it is written. */
function isPlainHttpCall(name: string, args: JsonObject): boolean {
  return Object.hasOwn(TOOL_METHODS, name) && needNoRepair(args) && validators.get(name)?.(args) === true;
}

/**
 * The search for an operation that has no tool because it is left out of the prompt, where a name of several words asks for
 * one: models know the operations of public APIs by heart.
 */
function searchFor(written: string, apis: readonly ApiDescription[]): Decision | undefined {
  const words = wordsOf(written.slice(0, MAX_SEARCH));
  if (words.length < 2 || !apis.some(({ leftOut = 0 }) => leftOut > 0)) return undefined;
  const text = words.join(" ");
  const tool = FIND_OPERATIONS_TOOL.function.name;
  return { kind: "find_operations", tool, args: { words: text }, words: text, repairs: ["tool_name"] };
}

/** What to write instead of a field of a GraphQL schema's root that is called as a tool. */
function rootFieldText(written: string, apis: readonly ApiDescription[]): string | undefined {
  const field = written.trim().replace(/^(?:functions?|query|mutation|graphql)[.:_\s]+/i, "");
  const operation = apis
    .filter(({ kind }) => kind === "graphql")
    .flatMap(({ operations }) => operations)
    .find(({ path }) => path === field);
  if (operation === undefined) return undefined;
  const { method, path, signature = "" } = operation;
  return `${path} is a field of the GraphQL schema${signature === "" ? "" : `, ${path}${signature}`}; call the tool graphql with {"query": "${method} { ${path}(...) { ... } }", "variables": {}}`;
}

function repairGeneric(
  name: string,
  args: JsonObject,
  path: string | undefined,
  note: (repair: Repair) => void,
): JsonObject {
  const http = Object.hasOwn(TOOL_METHODS, name) || name === HTTP_REQUEST_TOOL.function.name;
  const known = http ? repairHttpArguments(name, args, path, note) : repairOtherArguments(name, args, note);
  const schema = SCHEMAS.get(name);
  return fitToSchema(known, schema, () => note("argument_type")) as JsonObject;
}

/** Explains to the model what is wrong with the arguments of a generic tool. */
function explainArguments(name: string, args: JsonObject): string | undefined {
  const validate = validators.get(name);
  if (validate === undefined || validate(withDoubles(args))) return undefined;
  const known = Object.keys((SCHEMAS.get(name)?.properties ?? {}) as JsonObject);
  return argumentFault(name, validate.errors?.[0], args, known);
}

/** The call of an operation's own tool. */
function operationDecision(tool: OperationTool, args: JsonObject): Decision | string {
  const { target, operation, definition } = tool;
  const { name } = definition.function;
  const read = readOperationArguments(tool, args, keepingPlaceholders);
  if (typeof read === "string") return read;
  const { method, path } = operation;
  const action = { kind: "action", tool: name, args, target } as const;
  // Events show this as the path of an MCP tool.
  if (!isMethod(method))
    return { ...action, method: "POST", path: `tool ${path}`, call: { name: path, arguments: args } };
  return withHeaders({ ...action, method, ...read }, read.headers);
}

function toDecision(tool: string, args: JsonObject, apis: readonly ApiDescription[]): Decision | string {
  const toAction = TARGET_ACTIONS[tool];
  if (toAction === undefined) {
    if (tool === FIND_OPERATIONS_TOOL.function.name)
      return { kind: "find_operations", tool, args, words: args.words as string };
    if (tool === "show_more")
      return {
        kind: "show_more",
        tool,
        args,
        ...(args.from === undefined ? {} : { from: args.from as number }),
      };
    if (tool === "wait") return { kind: "wait", tool, args, ms: args.ms as number };
    if (tool === "finish") return { kind: "finish", tool, args, reason: String(args.reason ?? "") };
    return { kind: "state_update", tool, args, set: args.set as Record<string, Json> };
  }
  const named = args.api_name as string | undefined;
  const target = named ?? (apis.length === 1 ? apis[0]?.target : undefined);
  if (target === undefined || !apis.some((api) => api.target === target))
    return `api_name must be one of ${apis.map((api) => api.target).join(", ")}`;
  const { kind = "rest" } = apis.find((api) => api.target === target) ?? {};
  const { tools, leftOutTool } = TARGET_KIND_TRAITS[kind];
  if (![...tools, leftOutTool].some((one) => one.function.name === tool))
    return `${target} is not called with ${tool}; use ${toolsFor(apis.filter((api) => api.target === target))[0]?.function.name}`;
  return toAction({ tool, args, target });
}
