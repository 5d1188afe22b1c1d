import type { Json } from "@ape/core/lib/json";
import { readServer } from "@ape/core/protocol/server-url";
import type { OpenApiDocument } from "../document.ts";
import type { NamePart } from "../unusable-part.ts";

/** Reports servers that cannot be read. */
export function auditServers(
  document: OpenApiDocument,
  servers: Json | undefined,
  pointer: string,
  name: NamePart,
): void {
  if (servers === undefined) return;
  for (const [index, server] of (Array.isArray(servers) ? servers : [servers]).entries()) {
    const read = readServer(server, document.url);
    if (typeof read === "string") name(`${pointer}/${index}`, read);
  }
}

/** Servers of a path or an operation: their base path is used, their host is not. */
export function auditOtherServers(
  document: OpenApiDocument,
  servers: Json | undefined,
  pointer: string,
  baseUrl: string,
  name: NamePart,
): void {
  if (servers === undefined) return;
  auditServers(document, servers, pointer, name);
  const list = Array.isArray(servers) ? servers : [];
  const common = Array.isArray(document.root.servers) ? document.root.servers : [];
  const origins = (values: readonly Json[]): string[] =>
    values.flatMap((server) => {
      const read = readServer(server, document.url);
      return typeof read === "string" || read.origin === undefined ? [] : [read.origin];
    });
  const known = new Set([...origins(common), ...(URL.canParse(baseUrl) ? [new URL(baseUrl).origin] : [])]);
  const other = origins(list).find((origin) => !known.has(origin));
  if (other !== undefined) name(pointer, `the server ${other} is not called: every call goes to baseUrl`);
}
