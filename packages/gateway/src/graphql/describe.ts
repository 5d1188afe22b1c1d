import type { Json } from "@ape/core/lib/json";
import type { ApiField, ApiOperation } from "@ape/core/protocol/api";
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isRequiredArgument,
  isRequiredInputField,
  isSpecifiedScalarType,
} from "graphql";
import { withoutLongEnumeration } from "../long-enumeration.ts";
import { AnswerDescriber } from "./describe-answer.ts";
import { schemaType, words } from "./schema-type.ts";

/** Of what an input can do without: what it cannot, which never contains itself (GraphQL, section 3.10), is described whole. */
const MAX_DEPTH = 4;
const MAX_FIELDS = 60;
const MAX_SUMMARY = 200;

/** Every root field of queries and mutations, as a model is shown it. */
export function describeSchema(schema: GraphQLSchema): ApiOperation[] {
  const found: ApiOperation[] = [];
  const queried = new AnswerDescriber(schema, false);
  const changed = new AnswerDescriber(schema, true);
  for (const [method, root] of [
    ["query", schema.getQueryType()],
    ["mutation", schema.getMutationType()],
  ] as const) {
    const answers = method === "query" ? queried : changed;
    for (const field of Object.values(root?.getFields() ?? {})) {
      const fields: ApiField[] = [];
      for (const argument of field.args) addInput(argument, "", isRequiredArgument(argument), fields, 0);
      fields.push(...answers.fieldsOf(field.type));
      found.push({
        method,
        path: field.name,
        signature: signatureOf(field),
        summary: words(field.description).slice(0, MAX_SUMMARY),
        fields,
        secured: false,
      });
    }
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
  outer = true,
  form?: number,
): void {
  if (fields.length >= MAX_FIELDS || (depth > MAX_DEPTH && !(outer && required))) return;
  const name = `${prefix}${input.name}`;
  const named = getNamedType(input.type);
  const field: ApiField = {
    in: "body",
    name,
    required,
    // What GraphQL itself says of its scalars would stand at every argument.
    description: words(input.description ?? (isSpecifiedScalarType(named) ? undefined : named.description)),
    ...schemaType(input.type),
    ...(form === undefined ? {} : { form, neededInForm: true as const }),
    ...(input.defaultValue === undefined || input.defaultValue === null
      ? {}
      : { example: input.defaultValue as Json }),
  };
  fields.push(withoutLongEnumeration(field));
  if (!isInputObjectType(named)) return;
  const isList = isListType(getNullableType(input.type));
  const inner = isList ? `${name}[].` : `${name}.`;
  const whole = outer && required && !isList;
  // Of a `@oneOf` type exactly one field is given (GraphQL, section 3.10.1): each is a form of its own.
  for (const [at, field] of Object.values(named.getFields()).entries())
    if (named.isOneOf) addInput(field, inner, at === 0, fields, depth + 1, whole && at === 0, at + 1);
    else addInput(field, inner, isRequiredInputField(field), fields, depth + 1, whole);
}
