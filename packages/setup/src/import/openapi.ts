import type { JsonObject } from "@ape/core/lib/json";
import { chooseServer } from "@ape/core/protocol/server-url";
import type { Imported } from "./imported.ts";

/** An API document as it was read: references between files followed, Swagger 2.0 converted. */
export interface ReadDocument {
  root: JsonObject;
  operations: readonly { method: string; path: string }[];
}

/**
 * What an OpenAPI document tells beside its operations: where the API is, and a list of what agents may do, without what
 * deletes. Goals and data come from the document itself, which becomes the target's `spec`.
 * @param source its path or URL, which relative addresses of servers are held against
 */
export function importOpenApi({ root, operations }: ReadDocument, source: string): Imported {
  const allow: string[] = [];
  const left: string[] = [];
  for (const { method, path } of operations)
    if (method === "DELETE")
      left.push(`${method} ${path}: deletes, so it is not allowed; add it to \`allow\``);
    else allow.push(`${method} ${path}`);
  const baseUrl = serverOf(root, source);
  return { ...(baseUrl === undefined ? {} : { baseUrl }), kind: "rest", goals: [], allow, left };
}

function serverOf({ servers }: JsonObject, source: string): string | undefined {
  const documentUrl = /^https?:/.test(source) ? source : undefined;
  const server = chooseServer(servers, documentUrl, documentUrl);
  const origin = server?.origin ?? (documentUrl === undefined ? undefined : new URL(documentUrl).origin);
  return origin === undefined ? undefined : `${origin}${server?.path ?? ""}`;
}
