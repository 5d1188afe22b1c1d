import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import type { ParameterStyle } from "../parameter-style.ts";
import type { OpenApiDocument } from "./document.ts";
import { type SchemaFields, text } from "./schema-fields.ts";

/** A parameter of an operation as its document describes it. */
export interface Parameter {
  in: "path" | "query" | "header" | "cookie";
  name: string;
  required: boolean;
  /** Its schema, or that of its only media type. */
  schema: Json | undefined;
  style: ParameterStyle | undefined;
  raw: JsonObject;
}

const PLACES = ["path", "query", "header", "cookie"] as const;
/** OpenAPI 3.1, "Parameter Object": header parameters of these names are ignored. */
const NO_PARAMETERS = /^(?:accept|content-type|authorization)$/i;

/**
 * The parameters of an operation; its own replace those of its path item with the same name and place (OpenAPI 3.1,
 * "Operation Object").
 */
export function parametersOf(
  document: OpenApiDocument,
  fields: SchemaFields,
  item: JsonObject,
  operation: JsonObject,
): Parameter[] {
  const found = new Map<string, Parameter>();
  for (const given of [...list(item.parameters), ...list(operation.parameters)]) {
    const raw = document.follow(given);
    const place = PLACES.find((one) => one === raw.in);
    const { name } = raw;
    if (place === undefined || typeof name !== "string" || name === "") continue;
    if (place === "header" && NO_PARAMETERS.test(name)) continue;
    const [media] = Object.values(document.follow(raw.content));
    const schema = media === undefined ? raw.schema : document.follow(media).schema;
    found.set(`${place} ${place === "header" ? name.toLowerCase() : name}`, {
      in: place,
      name,
      required: raw.required === true || place === "path",
      schema,
      style: styleOf(raw, place, fields.flat(schema), media !== undefined),
      raw,
    });
  }
  return [...found.values()];
}

/** The fields of a parameter: itself, and for an object its properties by dotted names. */
export function fieldsOfParameter(parameter: Parameter, fields: SchemaFields): ApiField[] {
  const { in: place, name, required, raw, schema } = parameter;
  const [example] = Object.values(isJsonObject(raw.examples) ? raw.examples : {});
  const own = fields.field(place, name, schema, required, {
    description: text(raw.description),
    example: raw.example ?? (isJsonObject(example) ? example.value : undefined),
  });
  if (own.type !== "object") return [own];
  const inner = fields
    .of("body", schema)
    .map((field): ApiField => ({ ...field, in: place, name: `${name}.${field.name}` }));
  return [own, ...inner];
}

/**
 * How a value is serialized (OpenAPI 3.1, "Style Values"); undefined for plain values and exploded lists, the default.
 */
function styleOf(
  raw: JsonObject,
  place: Parameter["in"],
  schema: JsonObject,
  content: boolean,
): ParameterStyle | undefined {
  if (content) return { name: "json", explode: false };
  const listed = schema.type === "array" || isJsonObject(schema.items);
  const object = schema.type === "object" || isJsonObject(schema.properties);
  const plainStyle = place === "query" || place === "cookie" ? "form" : "simple";
  const name = typeof raw.style === "string" ? raw.style : plainStyle;
  const explode = typeof raw.explode === "boolean" ? raw.explode : name === "form";
  switch (name) {
    case "spaceDelimited":
    case "pipeDelimited":
      // With `explode`, the name is repeated.
      return explode && !object ? undefined : { name, explode };
    case "deepObject":
      return { name, explode: true };
    case "label":
    case "matrix":
      return place === "path" ? { name, explode } : undefined;
    case "form":
    case "simple":
      return object || (listed && !(place === "query" && explode)) ? { name, explode } : undefined;
    default:
      return undefined;
  }
}

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
