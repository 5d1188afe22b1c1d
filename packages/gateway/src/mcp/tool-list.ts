import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";

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
    tool.inputSchema = isJsonObject(tool.inputSchema) ? objectSchema(tool.inputSchema) : { type: "object" };
    for (const [name, type] of Object.entries(OPTIONAL))
      if (tool[name] !== undefined && typeOf(tool[name]) !== type) delete tool[name];
    // The result of a tool is an object where it has a schema.
    if (isJsonObject(tool.outputSchema)) tool.outputSchema = objectSchema(tool.outputSchema);
    if (isJsonObject(tool.annotations)) tool.annotations = usable(tool.annotations);
    if (Array.isArray(tool.icons))
      tool.icons = tool.icons.filter((icon) => isJsonObject(icon) && typeof icon.src === "string");
  }
}

/** A schema of an object, without members of the wrong type. */
function objectSchema({ properties, required, ...schema }: JsonObject): JsonObject {
  const kept: JsonObject = { ...schema, type: "object" };
  if (isJsonObject(properties))
    kept.properties = Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, isJsonObject(value) ? value : {}]),
    );
  if (Array.isArray(required)) kept.required = required.filter((name) => typeof name === "string");
  return kept;
}

/** Hints about a tool's behaviour: a title, else true or false. */
const usable = (annotations: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(annotations).filter(([name, value]) =>
      name === "title" ? typeof value === "string" : !name.endsWith("Hint") || typeof value === "boolean",
    ),
  );

function typeOf(value: Json): string {
  if (Array.isArray(value)) return "list";
  return typeof value === "string" || isJsonObject(value) ? typeof value : "other";
}
