import type { JsonObject } from "@ape/core/lib/json";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { ToolDefinition } from "@ape/core/protocol/chat";
import {
  hasOperationTools,
  type OperationTool,
  operationTools,
} from "@ape/core/protocol/operations/operation-tools";
import { promptTools } from "@ape/core/protocol/operations/prompt-tools";
import { TARGET_KIND_TRAITS, TARGET_KINDS } from "@ape/core/protocol/target-kind";
import { FIND_OPERATIONS_TOOL, tool } from "@ape/core/protocol/tools";
import { findTool } from "./reading/tool-name.ts";
import type { IsTool } from "./reading/written-call.ts";

/** The session's own tools, which do not depend on targets. */
const OWN_TOOLS: readonly ToolDefinition[] = [
  tool(
    "state_update",
    "Remember values",
    {
      set: {
        type: "object",
        maxProperties: 8,
        additionalProperties: { type: ["string", "number", "boolean"] },
      },
    },
    ["set"],
  ),
  tool("show_more", "Show more of a cut answer", { from: { type: "integer", minimum: 1 } }, []),
  tool("wait", "Pause", { ms: { type: "number", minimum: 0, maximum: 60000 } }, ["ms"]),
  tool("finish", "End: the goal is reached or cannot be", { reason: { type: "string" } }, []),
];

/** Every generic tool that an agent may have, with the full schema of its arguments. */
export const TOOLS: readonly ToolDefinition[] = [
  ...new Set(
    TARGET_KINDS.map((kind) => TARGET_KIND_TRAITS[kind]).flatMap(({ tools, leftOutTool }) => [
      ...tools,
      leftOutTool,
    ]),
  ),
  FIND_OPERATIONS_TOOL,
  ...OWN_TOOLS,
];

/** The tools of a set of targets. */
export interface ToolSet {
  /** The tools that a model is offered: a stable part of every prompt, the same for every agent and step. */
  readonly offered: readonly ToolDefinition[];
  /** The tools of operations by name. */
  readonly operations: ReadonlyMap<string, OperationTool>;
  /** Every accepted name: offered tools and generic ones. */
  readonly names: ReadonlySet<string>;
}

const nameOf = (definition: ToolDefinition): string => definition.function.name;
const known = new WeakMap<readonly ApiDescription[], ToolSet>();

/**
 * The tools for a set of targets: one per documented operation, and generic ones for everything else. Arguments of
 * generic tools are validated against {@link TOOLS}; limits that an error message explains are not shown each time.
 * Generic tools are accepted even if they are not offered.
 */
export function toolSet(apis: readonly ApiDescription[]): ToolSet {
  let found = known.get(apis);
  if (found === undefined) {
    const operations = operationTools(apis);
    found = {
      offered: [...promptTools(operations), ...genericTools(apis)],
      operations: new Map(operations.map((one) => [one.definition.function.name, one])),
      names: new Set([...operations.map(({ definition }) => definition), ...TOOLS].map(nameOf)),
    };
    known.set(apis, found);
  }
  return found;
}

/** Whether a name is, or can be repaired to, that of a tool for a set of targets. */
export function toolTest(apis: readonly ApiDescription[]): IsTool {
  const { names, operations } = toolSet(apis);
  return (name) => findTool(name, names, operations) !== undefined;
}

/** What a model is offered for a set of targets, see {@link toolSet}. */
export function toolsFor(apis: readonly ApiDescription[]): readonly ToolDefinition[] {
  return toolSet(apis).offered;
}

function genericTools(apis: readonly ApiDescription[]): readonly ToolDefinition[] {
  const others = apis.filter((api) => !hasOperationTools(api) || api.operations.length === 0);
  const wanted = new Set(others.flatMap(({ kind = "rest" }) => TARGET_KIND_TRAITS[kind].tools));
  const cut = apis.filter(({ leftOut }) => leftOut !== undefined);
  for (const { kind = "rest" } of cut)
    wanted.add(TARGET_KIND_TRAITS[kind].leftOutTool).add(FIND_OPERATIONS_TOOL);
  const hidden = new Set<string>();
  if (apis.length === 1) hidden.add("api_name");
  if (!others.some(takesHeaders) && cut.length === 0) hidden.add("headers");
  return TOOLS.filter((one) => OWN_TOOLS.includes(one) || wanted.has(one)).map((one) =>
    shortened(one, hidden),
  );
}

function takesHeaders({ kind = "rest", documented, operations }: ApiDescription): boolean {
  if (kind === "rest" && !documented) return true;
  return operations.some(({ fields }) => fields.some((field) => field.in === "header"));
}

function shortened({ function: { name, description, parameters } }: ToolDefinition, hidden: Set<string>) {
  const properties: JsonObject = {};
  for (const [property, schema] of Object.entries(parameters.properties as Record<string, JsonObject>))
    if (!hidden.has(property)) properties[property] = bare(schema);
  const short: JsonObject = { type: "object", properties };
  if (parameters.required !== undefined) short.required = parameters.required;
  return { type: "function", function: { name, description, parameters: short } } as const;
}

/** A schema without the limits that an error message explains. */
function bare({ type, enum: choices }: JsonObject): JsonObject {
  if (type === undefined) return {};
  return choices === undefined ? { type } : { type, enum: choices };
}
