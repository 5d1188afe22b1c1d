import type { JsonObject } from "@ape/core/lib/json";
import { chooseServer } from "@ape/core/protocol/server-url";
import type { Imported } from "./imported.ts";

/** A parsed API document: references between files resolved, Swagger 2.0 converted. */
export interface ReadDocument {
  root: JsonObject;
  operations: readonly { method: string; path: string }[];
}

/**
 * The parts of an OpenAPI document besides its operations: the API's address, and an allow list without deletions.
 * Goals and data come from the document itself, which becomes the target's `spec`.
 * @param source its path or URL, the base of relative server addresses
 */
export function importOpenApi({ root, operations }: ReadDocument, source: string): Imported {
  const allow: string[] = [];
  const skipped: string[] = [];
  for (const { method, path } of operations)
    if (method === "DELETE")
      skipped.push(`${method} ${path}: deletes, so it is not allowed; add it to \`allow\``);
    else allow.push(`${method} ${path}`);
  const baseUrl = serverOf(root, source);
  return { ...(baseUrl === undefined ? {} : { baseUrl }), kind: "rest", goals: [], allow, skipped: skipped };
}

function serverOf({ servers }: JsonObject, source: string): string | undefined {
  const documentUrl = /^https?:/.test(source) ? source : undefined;
  const server = chooseServer(servers, documentUrl, documentUrl);
  const origin = server?.origin ?? (documentUrl === undefined ? undefined : new URL(documentUrl).origin);
  return origin === undefined ? undefined : `${origin}${server?.path ?? ""}`;
}
