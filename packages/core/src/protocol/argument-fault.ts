import type { JsonObject } from "../lib/json.ts";
import { writeJson } from "../lib/lossless-number.ts";

/** An error of a JSON Schema validator, as Ajv reports it. */
interface SchemaError {
  keyword: string;
  instancePath: string;
  params: Record<string, unknown>;
  message?: string;
}

const LONGEST = 60;

/**
 * What is wrong with the arguments of a tool in one sentence that names the field and what to write, for models and people
 * who do not see the schema.
 * @param known the names of the tool's arguments
 */
export function argumentFault(
  tool: string,
  error: SchemaError | undefined,
  args: JsonObject,
  known: readonly string[],
): string {
  const place = (error?.instancePath ?? "").slice(1).replaceAll("/", ".").slice(0, LONGEST);
  const where = place === "" ? tool : `${place} of ${tool}`;
  switch (error?.keyword) {
    case "required": {
      const missing = String(error.params.missingProperty);
      const example = place === "" && missing === "path" ? ", the path from /, such as /products" : "";
      return `${where} needs ${missing}${example}`;
    }
    case "additionalProperties": {
      const other = String(error.params.additionalProperty).slice(0, LONGEST);
      const names = known.length === 0 ? "it takes none" : `it takes ${known.slice(0, 30).join(", ")}`;
      return place === ""
        ? `${tool} has no argument "${other}"; ${names}`
        : `${where} has no field "${other}"`;
    }
    case "pattern":
      if (place === "path")
        return `write the path from /, such as /products, not ${writeJson(args.path ?? null).slice(0, 80)}`;
      return `${where} must have the form ${String(error.params.pattern).slice(0, 80)}`;
    case "enum": {
      const choices = error.params.allowedValues;
      return `${where} must be one of ${Array.isArray(choices) ? choices.slice(0, 30).join(", ") : ""}`;
    }
    case "type":
      return `${place === "" ? `the arguments of ${tool}` : where} must be ${typeText(error.params.type)}`;
    default:
      return `the arguments of ${tool} are wrong: ${place === "" ? "they" : place} ${error?.message ?? "do not fit"}`;
  }
}

const TYPE_TEXT: Readonly<Record<string, string>> = {
  string: "text",
  object: "an object of names and values",
  array: "a list",
  integer: "a whole number",
};

function typeText(type: unknown): string {
  const types = Array.isArray(type) ? (type as string[]) : String(type).split(",");
  return types.map((one) => TYPE_TEXT[one] ?? `a ${one}`).join(" or ");
}
