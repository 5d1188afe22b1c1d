import { ApeError, messageOf } from "@ape/core/lib/errors";
import { isJsonObject } from "@ape/core/lib/json";
import {
  buildClientSchema,
  buildSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
} from "graphql";
import { readBody } from "../body.ts";
import { readSource } from "../openapi/document-source.ts";
import type { HttpChannel } from "../targets/http-channel.ts";

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
  const text = await readSource(spec, baseDir);
  try {
    if (!text.trimStart().startsWith("{")) return buildSchema(text);
    const json: unknown = JSON.parse(text);
    const data = isJsonObject(json) && isJsonObject(json.data) ? json.data : json;
    return buildClientSchema(data as unknown as IntrospectionQuery);
  } catch (cause) {
    throw new ApeError("SPEC_INVALID", `${spec} is no GraphQL schema: ${messageOf(cause).split("\n")[0]}`, {
      cause,
      hint: "It is a schema in SDL (`type Query { ... }`), or the JSON answer of an introspection query.",
    });
  }
}

async function introspect(name: string, channel: HttpChannel): Promise<GraphQLSchema> {
  const { status, body, error } = await channel.send({
    method: "POST",
    path: "",
    headers: undefined,
    contentType: "application/json",
    body: JSON.stringify({ query: getIntrospectionQuery({ descriptions: true }) }),
    operation: "query __schema",
    idempotent: true,
    read: (answer) => readBody(answer, MAX_SCHEMA, false),
    began: performance.now(),
    signal: undefined,
  });
  if (error !== undefined && status === 0)
    throw new ApeError("TARGET_UNREACHABLE", `target "${name}": ${error.message}`, {
      hint: `Its schema is asked for at the start. Is it running? Or name an SDL file in targets.${name}.spec.`,
    });
  const data = body.kind === "json" && isJsonObject(body.json) ? body.json.data : undefined;
  try {
    if (!isJsonObject(data)) throw new Error(error?.message ?? `it answered ${status} without data`);
    return buildClientSchema(data as unknown as IntrospectionQuery);
  } catch (cause) {
    throw new ApeError("SPEC_INVALID", `target "${name}" does not show its schema: ${messageOf(cause)}`, {
      cause,
      hint: `Allow introspection, or name an SDL file in targets.${name}.spec.`,
    });
  }
}
