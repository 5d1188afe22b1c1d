import type { Json } from "@ape/core/lib/json";
import type { ApiField, ApiOperation } from "@ape/core/protocol/api";
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isSpecifiedScalarType,
} from "graphql";
import { withoutLongEnumeration } from "../long-enumeration.ts";

const MAX_DEPTH = 4;
const MAX_FIELDS = 60;
const MAX_SUMMARY = 200;

/** Every root field of queries and mutations, as a model is shown it. */
export function describeSchema(schema: GraphQLSchema): ApiOperation[] {
  const found: ApiOperation[] = [];
  for (const [method, root] of [
    ["query", schema.getQueryType()],
    ["mutation", schema.getMutationType()],
  ] as const)
    for (const field of Object.values(root?.getFields() ?? {})) {
      const fields: ApiField[] = [];
      for (const argument of field.args) addInput(argument, "", isRequiredArgument(argument), fields, 0);
      addAnswer(field.type, "", fields, 0, new Set());
      found.push({
        method,
        path: field.name,
        signature: signatureOf(field),
        summary: words(field.description).slice(0, MAX_SUMMARY),
        fields,
        secured: false,
      });
    }
  return found;
}

function signatureOf({ args, type }: GraphQLField<unknown, unknown>): string {
  const list = args.map((argument) => `${argument.name}: ${argument.type}`).join(", ");
  return `${list === "" ? "" : `(${list})`}: ${type}`;
}

function addInput(
  input: GraphQLArgument | GraphQLInputField,
  prefix: string,
  required: boolean,
  fields: ApiField[],
  depth: number,
): void {
  if (fields.length >= MAX_FIELDS || depth > MAX_DEPTH) return;
  const name = `${prefix}${input.name}`;
  const named = getNamedType(input.type);
  const field: ApiField = {
    in: "body",
    name,
    required,
    // What GraphQL itself says of its scalars would stand at every argument.
    description: words(input.description ?? (isSpecifiedScalarType(named) ? undefined : named.description)),
    ...typeOf(input.type),
    ...(input.defaultValue === undefined || input.defaultValue === null
      ? {}
      : { example: input.defaultValue as Json }),
  };
  fields.push(withoutLongEnumeration(field));
  if (!isInputObjectType(named)) return;
  const inner = isListType(getNullableType(input.type)) ? `${name}[].` : `${name}.`;
  for (const field of Object.values(named.getFields()))
    addInput(field, inner, isRequiredInputField(field), fields, depth + 1);
}

/**
 * Adds the leaves below a type: what a query can select without arguments of its own, bounded, without recursion into a
 * type.
 */
function addAnswer(
  type: GraphQLOutputType,
  prefix: string,
  fields: ApiField[],
  depth: number,
  above: ReadonlySet<string>,
): void {
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    addAnswer(nullable.ofType as GraphQLOutputType, `${prefix}[]`, fields, depth, above);
    return;
  }
  if (isLeafType(nullable)) return;
  const before = fields.length;
  if ((isObjectType(nullable) || isInterfaceType(nullable)) && !above.has(nullable.name)) {
    const inside = new Set(above).add(nullable.name);
    for (const field of Object.values(nullable.getFields())) {
      if (fields.length >= MAX_FIELDS) break;
      if (field.args.some(isRequiredArgument)) continue;
      const name =
        prefix === "" || prefix.endsWith(".") ? `${prefix}${field.name}` : `${prefix}.${field.name}`;
      if (isLeafType(getNamedType(field.type)))
        fields.push({
          in: "answer",
          name,
          required: false,
          description: words(field.description),
          ...typeOf(field.type),
        });
      else if (depth < MAX_DEPTH) addAnswer(field.type, name, fields, depth + 1, inside);
    }
  }
  // A selection must not be empty; every type has `__typename`.
  if (fields.length === before && depth === 0)
    fields.push({
      in: "answer",
      name: prefix === "" ? "__typename" : `${prefix}.__typename`,
      type: "string",
      required: false,
      description: "",
    });
}

/** A type in terms of JSON Schema. */
function typeOf(type: GraphQLInputType | GraphQLOutputType): Pick<ApiField, "type" | "format" | "enum"> {
  const named = getNamedType(type);
  if (isListType(getNullableType(type))) return { type: "array" };
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
};
/** Common custom scalars, by the formats of JSON Schema. */
const FORMATS: readonly (readonly [RegExp, string])[] = [
  [/^(?:Date-?Time|Timestamp)$/i, "date-time"],
  [/^(?:Local)?Date$/i, "date"],
  [/^UUID$/i, "uuid"],
  [/^Email(?:Address)?$/i, "email"],
  [/^UR[LI]$/i, "uri"],
];

const words = (text: string | null | undefined): string => (text ?? "").replaceAll(/\s+/g, " ").trim();
