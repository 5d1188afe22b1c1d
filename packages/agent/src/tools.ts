import type { ApiDescription, TargetKind } from "@ape/core/api";
import type { ToolDefinition } from "@ape/core/chat";
import { CALL_TOOL, GRAPHQL_TOOL, HTTP_TOOLS, SUBMIT_FORM_TOOL, tool } from "@ape/core/tools";

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
  tool("finish", "End the session: the goal is reached, or cannot be", { reason: { type: "string" } }, []),
];

const BY_KIND: Readonly<Record<TargetKind, readonly ToolDefinition[]>> = {
  rest: HTTP_TOOLS,
  graphql: [GRAPHQL_TOOL],
  web: [HTTP_TOOLS[0] as ToolDefinition, SUBMIT_FORM_TOOL],
  mcp: [CALL_TOOL],
};

/** Every tool that an agent may ever have. */
export const TOOLS: readonly ToolDefinition[] = [
  ...HTTP_TOOLS,
  GRAPHQL_TOOL,
  SUBMIT_FORM_TOOL,
  CALL_TOOL,
  ...OWN_TOOLS,
];

/** The tools for a set of targets, the same for every agent and every step: a stable part of every prompt. */
export function toolsFor(apis: readonly ApiDescription[]): readonly ToolDefinition[] {
  const kinds = new Set(apis.map(({ kind = "rest" }) => kind));
  const wanted = new Set([...kinds].flatMap((kind) => BY_KIND[kind]));
  return TOOLS.filter((one) => wanted.has(one) || OWN_TOOLS.includes(one));
}
