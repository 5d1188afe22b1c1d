import type { ApiField } from "@ape/core/protocol/api";
import {
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
} from "graphql";

/** A type in terms of JSON Schema. */
export function schemaType(
  type: GraphQLInputType | GraphQLOutputType,
): Pick<ApiField, "type" | "format" | "enum"> {
  const named = getNamedType(type);
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const inner = getNullableType(nullable.ofType);
    if (isListType(inner) || !isLeafType(inner)) return { type: "array" };
    const item = schemaType(inner);
    return item.type === "object" ? { type: "array" } : { ...item, type: `${item.type}[]` };
  }
  if (isEnumType(named)) return { type: "string", enum: named.getValues().map(({ name }) => name) };
  if (isInputObjectType(named)) return { type: "object" };
  const format = FORMATS.find(([pattern]) => pattern.test(named.name))?.[1];
  const json = TYPES[named.name] ?? "string";
  return format === undefined ? { type: json } : { type: json, format };
}

const TYPES: Readonly<Record<string, string>> = {
  Int: "integer",
  Float: "number",
  Boolean: "boolean",
  BigInt: "integer",
  Decimal: "number",
  PositiveInt: "integer",
  JSON: "object",
  Money: "number",
};
/** Common custom scalars, by the formats of JSON Schema. */
const FORMATS: readonly (readonly [RegExp, string])[] = [
  [/^(?:Date-?Time|Timestamp)$/i, "date-time"],
  [/^(?:Local)?Date$/i, "date"],
  [/^UUID$/i, "uuid"],
  [/^Email(?:Address)?$/i, "email"],
  [/^UR[LI]$/i, "uri"],
];

/** A description in one line. */
export const words = (text: string | null | undefined): string => (text ?? "").replaceAll(/\s+/g, " ").trim();
