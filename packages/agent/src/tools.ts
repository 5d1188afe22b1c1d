import type { ToolDefinition } from "@ape/core/chat";
import { HTTP_TOOLS, tool } from "@ape/core/tools";

/** The tools of an agent, the same for every agent and every step: a stable part of every prompt. */
export const TOOLS: readonly ToolDefinition[] = [
  ...HTTP_TOOLS,
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
