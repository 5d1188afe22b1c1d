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
export function schemaType(type: GraphQLInputType | GraphQLOutputType): ScalarType & Pick<ApiField, "enum"> {
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
  const scalar = SCALARS.get(named.name.toLowerCase()) ?? { type: "string" };
  return format === undefined ? { ...scalar } : { ...scalar, format };
}

type ScalarType = Pick<ApiField, "type" | "format" | "minimum" | "maximum">;

/** Names of scalars in small letters, one list a type. */
const scalars = (type: ScalarType, names: string): [string, ScalarType][] =>
  names.split(" ").map((name) => [name, type]);

/**
 * GraphQL's own scalars, and custom ones that servers share: those of the library graphql-scalars, and those that Hasura and
 * PostGraphile name after the types of PostgreSQL.
 */
const SCALARS: ReadonlyMap<string, ScalarType> = new Map([
  ...scalars({ type: "boolean" }, "boolean"),
  ...scalars({ type: "integer" }, "int bigint long short safeint int8 int64 smallint serial bigserial"),
  ...scalars({ type: "integer", minimum: 1 }, "positiveint"),
  ...scalars({ type: "integer", minimum: 0 }, "nonnegativeint unsignedint uint uint64 unsignedint64"),
  ...scalars({ type: "integer", maximum: 0 }, "nonpositiveint"),
  ...scalars({ type: "integer", maximum: -1 }, "negativeint"),
  ...scalars({ type: "integer", minimum: 0, maximum: 65_535 }, "port"),
  ...scalars({ type: "number" }, "float double decimal bigdecimal bigfloat numeric float8 money"),
  ...scalars({ type: "number", minimum: 1 }, "positivefloat"),
  ...scalars({ type: "number", minimum: 0 }, "nonnegativefloat unsignedfloat"),
  ...scalars({ type: "number", maximum: 0 }, "nonpositivefloat"),
  ...scalars({ type: "number", maximum: -1 }, "negativefloat"),
  ...scalars({ type: "number", minimum: -90, maximum: 90 }, "latitude"),
  ...scalars({ type: "number", minimum: -180, maximum: 180 }, "longitude"),
  ...scalars({ type: "object" }, "json jsonobject jsonb map object record"),
]);
/** Common custom scalars, by the formats of JSON Schema. */
const FORMATS: readonly (readonly [RegExp, string])[] = [
  [/^(?:(?:Zoned)?Date-?Time(?:ISO)?|Timestamp(?:tz)?|Instant)$/i, "date-time"],
  [/^(?:Local)?Date$/i, "date"],
  [/^UUID$/i, "uuid"],
  [/^Email(?:Address)?$/i, "email"],
  [/^UR[LI]$/i, "uri"],
  [/^(?:Local)?Time(?:tz)?$/i, "time"],
  [/^(?:ISO8601)?Duration$/i, "duration"],
  [/^IP(?:v4)?$/i, "ipv4"],
  [/^IPv6$/i, "ipv6"],
];

/** A description in one line. */
export const words = (text: string | null | undefined): string => (text ?? "").replaceAll(/\s+/g, " ").trim();
