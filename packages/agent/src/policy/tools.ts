import type { Json, JsonObject } from "@ape/core/lib/json";
import type { ApiDescription, TargetKind } from "@ape/core/protocol/api";
import type { ToolDefinition } from "@ape/core/protocol/chat";
import {
  CALL_TOOL,
  GRAPHQL_TOOL,
  HTTP_TOOLS,
  SUBMIT_FORM_TOOL,
  TOOL_METHODS,
  tool,
} from "@ape/core/protocol/tools";

/** The tools of a session itself, whatever its targets are. */
const OWN_TOOLS: readonly ToolDefinition[] = [
  tool(
    "state_update",
    "Remember values for later steps",
    {
      set: {
        type: "object",
        maxProperties: 8,
        additionalProperties: { type: ["string", "number", "boolean"] },
      },
    },
    ["set"],
  ),
  tool("wait", "Do nothing for a while", { ms: { type: "number", minimum: 0, maximum: 60000 } }, ["ms"]),
  tool("finish", "End the session", { reason: { type: "string" } }, []),
];

const BY_KIND: Readonly<Record<TargetKind, readonly ToolDefinition[]>> = {
  rest: HTTP_TOOLS,
  graphql: [GRAPHQL_TOOL],
  web: [HTTP_TOOLS[0] as ToolDefinition, SUBMIT_FORM_TOOL],
  mcp: [CALL_TOOL],
};

/** Every tool that an agent may ever have, with all that its arguments must be. */
export const TOOLS: readonly ToolDefinition[] = [
  ...HTTP_TOOLS,
  GRAPHQL_TOOL,
  SUBMIT_FORM_TOOL,
  CALL_TOOL,
  ...OWN_TOOLS,
];

/**
 * The tools that a model is offered for a set of targets, the same for every agent and every step: a stable part of every
 * prompt, and a short one. What a model writes is checked against {@link TOOLS}; a limit or a form that one sentence
 * explains when it is broken need not be told each time.
 */
export function toolsFor(apis: readonly ApiDescription[]): readonly ToolDefinition[] {
  const kinds = new Set(apis.map(({ kind = "rest" }) => kind));
  const wanted = new Set([...kinds].flatMap((kind) => BY_KIND[kind]));
  const methods = methodsOf(apis);
  const hidden = new Set<string>();
  if (apis.length === 1) hidden.add("api_name");
  if (!apis.some(takesHeaders)) hidden.add("headers");
  return TOOLS.filter((one) => {
    if (OWN_TOOLS.includes(one)) return true;
    const method = TOOL_METHODS[one.function.name];
    return wanted.has(one) && (method === undefined || methods.has(method));
  }).map((one) => shortened(one, hidden));
}

/** The methods that serve at least one operation; all of them where nothing is known of a target's. */
function methodsOf(apis: readonly ApiDescription[]): ReadonlySet<string> {
  const methods = new Set<string>();
  for (const { kind = "rest", documented, operations } of apis)
    if (kind === "web") methods.add("GET");
    else if (kind === "rest" && (!documented || operations.length === 0))
      return new Set(Object.values(TOOL_METHODS));
    else for (const { method } of operations) methods.add(method);
  return methods;
}

function takesHeaders({ kind = "rest", documented, operations }: ApiDescription): boolean {
  if (kind === "rest" && !documented) return true;
  return operations.some(({ fields }) => fields.some((field) => field.in === "header"));
}

function shortened({ function: { name, description, parameters } }: ToolDefinition, hidden: Set<string>) {
  const properties: JsonObject = {};
  for (const [property, schema] of Object.entries(parameters.properties as Record<string, JsonObject>))
    if (!hidden.has(property)) properties[property] = schema.type === undefined ? {} : { type: schema.type };
  const short: JsonObject = { type: "object", properties };
  if ((parameters.required as Json[]).length > 0) short.required = parameters.required as Json;
  return { type: "function", function: { name, description, parameters: short } } as const;
}
