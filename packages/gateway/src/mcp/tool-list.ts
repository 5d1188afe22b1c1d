import { isJsonObject, type Json } from "@ape/core/lib/json";

/** Members of a tool that say more of it, with the type that they must have. */
const OPTIONAL = {
  title: "string",
  description: "string",
  annotations: "object",
  outputSchema: "object",
  icons: "list",
  _meta: "object",
} as const;

/**
 * Puts in order what a server says of its tools where one would refuse the whole list: a tool without a schema of its
 * arguments takes any, members of the wrong type are left out, and so is a tool without a name, which nobody could call.
 * Source: MCP 2025-11-25, "Tool", whose `inputSchema` is an object with `type: "object"`.
 * @param message any message of the server; its result is changed in place if it is a list of tools
 */
export function repairToolList(message: Json): void {
  const result = isJsonObject(message) ? message.result : undefined;
  if (result === undefined || !isJsonObject(result) || !Array.isArray(result.tools)) return;
  result.tools = result.tools.filter((tool) => isJsonObject(tool) && typeof tool.name === "string");
  for (const tool of result.tools) {
    if (!isJsonObject(tool)) continue;
    tool.inputSchema = isJsonObject(tool.inputSchema)
      ? { ...tool.inputSchema, type: "object" }
      : { type: "object" };
    for (const [name, type] of Object.entries(OPTIONAL))
      if (tool[name] !== undefined && typeOf(tool[name]) !== type) delete tool[name];
    // The result of a tool is an object where it has a schema.
    if (isJsonObject(tool.outputSchema)) tool.outputSchema = { ...tool.outputSchema, type: "object" };
  }
}

function typeOf(value: Json): string {
  if (Array.isArray(value)) return "list";
  return typeof value === "string" || isJsonObject(value) ? typeof value : "other";
}
