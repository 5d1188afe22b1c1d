import { isJsonObject } from "@ape/core/json";
import { parse } from "yaml";
import type { Imported } from "./imported.ts";

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/**
 * What an OpenAPI document tells beside its operations: where the API is, and a list of what agents may do, without what
 * deletes. Goals and data come from the document itself, which becomes the target's `spec`.
 * @param source its path or URL, which relative addresses of servers are held against
 */
export function importOpenApi(text: string, source: string): Imported {
  const document: unknown = parse(text);
  if (!isJsonObject(document) || !isJsonObject(document.paths))
    return { goals: [], allow: [], left: [`${source} has no paths`] };
  const allow: string[] = [];
  const left: string[] = [];
  for (const [path, item] of Object.entries(document.paths)) {
    if (!isJsonObject(item)) continue;
    for (const method of METHODS) {
      if (item[method] === undefined) continue;
      const pattern = `${method.toUpperCase()} ${path.replaceAll(/\{[^/}]*\}/g, "*")}`;
      if (method === "delete")
        left.push(`${method.toUpperCase()} ${path}: deletes, so it is not allowed; add it to \`allow\``);
      else allow.push(pattern);
    }
  }
  const baseUrl = serverOf(document, source);
  return { ...(baseUrl === undefined ? {} : { baseUrl }), kind: "rest", goals: [], allow, left };
}

function serverOf(document: { readonly [key: string]: unknown }, source: string): string | undefined {
  const [server] = Array.isArray(document.servers) ? document.servers : [];
  const url = isJsonObject(server) ? String(server.url ?? "") : "";
  const base = /^https?:/.test(source) ? source : undefined;
  if (!URL.canParse(url, base) || url.includes("{"))
    return base === undefined ? undefined : new URL(base).origin;
  const found = new URL(url, base);
  return /^https?:$/.test(found.protocol) ? found.href.replace(/\/$/, "") : undefined;
}
