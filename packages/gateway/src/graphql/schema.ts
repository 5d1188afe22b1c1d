import { ApeError, messageOf } from "@ape/core/lib/errors";
import { isJsonObject, type JsonObject } from "@ape/core/lib/json";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import {
  buildClientSchema,
  buildSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  validateSchema,
} from "graphql";
import { readBody } from "../body.ts";
import { readSource, shownSource } from "../openapi/document-source.ts";
import type { UnusablePart } from "../openapi/unusable-part.ts";
import type { HttpChannel } from "../targets/http-channel.ts";

const MAX_PARTS = 20;
const MAX_SCHEMA = 20 * 1024 * 1024;

/**
 * The schema of a GraphQL API: from an SDL file or URL, else by introspection.
 * @throws ApeError FILE_MISSING, SPEC_INVALID, TARGET_UNREACHABLE
 */
export async function readGraphqlSchema(
  name: string,
  spec: string | undefined,
  baseDir: string,
  channel: HttpChannel,
): Promise<GraphQLSchema> {
  if (spec === undefined) return introspect(name, channel);
  // The server has accepted its own schema: a part that breaks a rule of the specification must not prevent every call.
  return build(shownSource(spec), await readSource(spec, baseDir), true);
}

const HINT = "It is a schema in SDL (`type Query { ... }`), or the JSON answer of an introspection query.";

/** @throws ApeError SPEC_INVALID */
function build(spec: string, text: string, assumeValid: boolean): GraphQLSchema {
  let schema: GraphQLSchema;
  try {
    if (!text.trimStart().startsWith("{")) schema = buildSchema(text, { assumeValid });
    else {
      const json: unknown = JSON.parse(text);
      const data = isJsonObject(json) && isJsonObject(json.data) ? json.data : json;
      schema = buildClientSchema(data as unknown as IntrospectionQuery, { assumeValid });
    }
  } catch (cause) {
    throw new ApeError("SPEC_INVALID", `${spec} is no GraphQL schema: ${messageOf(cause).split("\n")[0]}`, {
      cause,
      hint: HINT,
    });
  }
  const roots = [schema.getQueryType(), schema.getMutationType()];
  if (roots.every((root) => root === undefined || root === null))
    throw new ApeError("SPEC_INVALID", `${spec} has neither a type Query nor a type Mutation`, {
      hint: HINT,
    });
  return schema;
}

/**
 * Reads a schema as {@link readGraphqlSchema} does, and reports each part that breaks a rule of the specification
 * (October 2021, section 3), with its line.
 * @throws ApeError FILE_MISSING, SPEC_INVALID
 */
export async function auditGraphqlSchema(spec: string, baseDir: string): Promise<UnusablePart[]> {
  const schema = build(shownSource(spec), await readSource(spec, baseDir), false);
  return validateSchema(schema)
    .slice(0, MAX_PARTS)
    .map(({ message, locations }) => ({
      place: locations?.[0] === undefined ? shownSource(spec) : `line ${locations[0].line}`,
      message: `${message.replace(/\.$/, "")}: the schema is used as it stands`,
    }));
}

async function introspect(name: string, channel: HttpChannel): Promise<GraphQLSchema> {
  const { status, body, error } = await ask(channel, getIntrospectionQuery({ descriptions: true }));
  if (error !== undefined && status === 0)
    throw new ApeError("TARGET_UNREACHABLE", `target "${name}": ${error.message}`, {
      hint: `Its schema is asked for at the start. Is it running? Or name an SDL file in targets.${name}.spec.`,
    });
  const data = body.kind === "json" && isJsonObject(body.json) ? body.json.data : undefined;
  try {
    if (!isJsonObject(data)) throw new Error(error?.message ?? `it answered ${status} without data`);
    await addOneOf(typesIn(data), channel);
    return buildClientSchema(data as unknown as IntrospectionQuery, { assumeValid: true });
  } catch (cause) {
    throw new ApeError("SPEC_INVALID", `target "${name}" does not show its schema: ${messageOf(cause)}`, {
      cause,
      hint: `Allow introspection, or name an SDL file in targets.${name}.spec.`,
    });
  }
}

const ask = (channel: HttpChannel, query: string): Promise<ToolResult> =>
  channel.send({
    method: "POST",
    path: "",
    headers: undefined,
    contentType: "application/json",
    body: JSON.stringify({ query }),
    operation: "query __schema",
    idempotent: true,
    read: (answer) => readBody(answer, MAX_SCHEMA, false),
    began: performance.now(),
    signal: undefined,
  });

const typesIn = (data: JsonObject): JsonObject[] => {
  const { __schema: schema } = data;
  return isJsonObject(schema) && Array.isArray(schema.types) ? schema.types.filter(isJsonObject) : [];
};

/**
 * Adds which input types are `@oneOf` (GraphQL, section 3.10.1). Only servers whose own types know of it are asked: the
 * others would refuse the whole question.
 */
async function addOneOf(types: readonly JsonObject[], channel: HttpChannel): Promise<void> {
  const own = types.find(({ name }) => name === "__Type")?.fields;
  const isKnown = Array.isArray(own) && own.some((field) => isJsonObject(field) && field.name === "isOneOf");
  if (!isKnown || !types.some(({ kind }) => kind === "INPUT_OBJECT")) return;
  const { body } = await ask(channel, "query OneOf { __schema { types { name isOneOf } } }");
  const data = body.kind === "json" && isJsonObject(body.json) ? body.json.data : undefined;
  const names = new Set(
    isJsonObject(data)
      ? typesIn(data).flatMap((type) => (type.isOneOf === true ? (type.name ?? []) : []))
      : [],
  );
  for (const type of types) if (names.has(type.name ?? null)) type.isOneOf = true;
}
