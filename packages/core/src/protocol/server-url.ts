import { isJsonObject, type Json } from "../lib/json.ts";

/** A server of an API document with its variables filled in. */
export interface ServerUrl {
  /** Absolute, or undefined if neither the document nor its own URL names the server. */
  origin: string | undefined;
  /** Without a slash at its end; empty for the root. */
  path: string;
}

/** Stands for the place of a document from a file, against which relative URLs are resolved. */
const NOWHERE = "http://file.invalid/";

/**
 * Reads a Server Object (OpenAPI 3.1, "Server Object"): variables take their default, else their first `enum` value, and
 * relative URLs are relative to the document's URL.
 * @returns the server, or what is wrong with it in one sentence
 */
export function readServer(server: Json | undefined, documentUrl: string | undefined): ServerUrl | string {
  if (!isJsonObject(server) || typeof server.url !== "string") return "a server has no url";
  const { url: template, variables } = server;
  let missing: string | undefined;
  const url = template.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => {
    const variable = isJsonObject(variables) && Object.hasOwn(variables, name) ? variables[name] : undefined;
    const value = isJsonObject(variable)
      ? (variable.default ?? (Array.isArray(variable.enum) ? variable.enum[0] : undefined))
      : undefined;
    if (value !== undefined && value !== null && typeof value !== "object") return String(value);
    missing ??= name;
    return "";
  });
  if (missing !== undefined) return `the server ${template} has no default for its variable ${missing}`;
  const base = documentUrl ?? NOWHERE;
  if (!URL.canParse(url, base)) return `the server ${url} is no URL`;
  const resolved = new URL(url, base);
  if (!/^https?:$/.test(resolved.protocol)) return `the server ${url} is not reached by http or https`;
  return {
    origin: resolved.origin === new URL(NOWHERE).origin ? undefined : resolved.origin,
    path: resolved.pathname.replace(/\/+$/, ""),
  };
}

/**
 * The server of a list at an address, else the first usable one; undefined if there is none.
 * @param baseUrl the address in use
 */
export function chooseServer(
  servers: Json | undefined,
  documentUrl: string | undefined,
  baseUrl: string | undefined,
): ServerUrl | undefined {
  const read = (Array.isArray(servers) ? servers : [])
    .map((server) => readServer(server, documentUrl))
    .filter((server) => typeof server !== "string");
  const origin = baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl).origin : undefined;
  return read.find((server) => server.origin === origin && origin !== undefined) ?? read[0];
}

/**
 * The base path of a document's operations at an address: that of the address if it has one, else that of the
 * document's server. The host is always the address's.
 */
export function serverPath(
  servers: Json | undefined,
  documentUrl: string | undefined,
  baseUrl: string,
): string {
  const own = new URL(baseUrl).pathname.replace(/\/+$/, "");
  return own === "" ? (chooseServer(servers, documentUrl, baseUrl)?.path ?? "") : own;
}
