import { isJsonObject, type JsonObject } from "@ape/core/lib/json";
import { parseJson, writeJson } from "@ape/core/lib/lossless-number";
import type { ResponseFormat, ToolDefinition } from "@ape/core/protocol/chat";
import type { PlannedAnswer } from "../planned-answer.ts";

const NO_TOOLS: readonly ToolDefinition[] = [];
const known = new WeakMap<ResponseFormat, readonly ToolDefinition[]>();

/** The tools that a schema of decisions has a branch for, as if the request had offered them. */
export function toolsOf(format: ResponseFormat | undefined): readonly ToolDefinition[] {
  if (format === undefined) return NO_TOOLS;
  let tools = known.get(format);
  if (tools === undefined) {
    const branches = format.json_schema?.schema?.anyOf;
    tools = (Array.isArray(branches) ? branches : []).flatMap((branch) =>
      isJsonObject(branch) ? toolOf(branch) : [],
    );
    known.set(format, tools);
  }
  return tools;
}

function toolOf({ description, properties }: JsonObject): ToolDefinition[] {
  if (!isJsonObject(properties) || !isJsonObject(properties.tool)) return [];
  const { const: name } = properties.tool;
  const parameters = properties.arguments;
  if (typeof name !== "string" || !isJsonObject(parameters)) return [];
  const text = typeof description === "string" ? description : "";
  return [{ type: "function", function: { name, description: text, parameters } }];
}

/** Answers with JSON, as requested: the first call of an answer. */
export function asJson({ content, toolCalls: [first] }: PlannedAnswer): PlannedAnswer {
  if (first === undefined) return { content, toolCalls: [] };
  const text = writeJson({ tool: first.name, arguments: parseJson(first.arguments) });
  return { content: text, toolCalls: [] };
}
