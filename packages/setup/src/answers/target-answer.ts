import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { decodeText } from "@ape/core/lib/charset";
import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject } from "@ape/core/lib/json";
import type { TargetKind } from "@ape/core/protocol/api";
import { parse } from "yaml";
import type { SetupEnvironment } from "./environment.ts";

/** Common paths of API documents, in the order in which they are tried. */
const SPEC_PLACES = [
  "openapi.json",
  "openapi.yaml",
  "openapi.yml",
  "swagger.json",
  "v3/api-docs",
  "api-docs",
  "api/openapi.json",
  "docs/openapi.json",
  "swagger/v1/swagger.json",
  ".well-known/openapi.json",
] as const;

const MOST_BYTES = 10 * 1024 * 1024;

/**
 * Parses a typed address: a URL, `localhost:3000`, or a port alone.
 * @throws ApeError USAGE
 */
export function parseAddress(text: string): string {
  const typed = text.trim();
  const whole = /^\d+$/.test(typed)
    ? `http://127.0.0.1:${typed}`
    : /^[a-z][a-z\d+.-]*:\/\//i.test(typed)
      ? typed
      : `http://${typed}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || typed === "" || /\s/.test(typed))
    throw new ApeError("USAGE", `"${typed}" is no address`, {
      hint: "Give a URL such as http://127.0.0.1:3000, host:port, or a port alone.",
    });
  if (url.username !== "" || url.password !== "")
    throw new ApeError("USAGE", "an address must hold no credentials", {
      hint: "Leave them out of the URL and choose --auth basic: they are kept in ape.env.",
    });
  url.hash = "";
  return url.href.replace(/\/$/, "");
}

/** Whether what was typed is the command of an MCP server, and no address. */
export const isCommand = (typed: string): boolean => /\s/.test(typed.trim()) && !/^https?:/.test(typed);

/** A target's name in the configuration: that of its host, if it is meaningful. */
export function targetName(baseUrl: string): string {
  if (baseUrl === "") return "server";
  const { hostname } = new URL(baseUrl);
  const [label = ""] = hostname.replace(/^www\./, "").split(".");
  return /^[a-z][\w-]*$/.test(label) && label !== "localhost" ? label.slice(0, 30) : "app";
}

/** What an address seems to be. */
export interface GuessedKind {
  kind: TargetKind;
  /** It asks for credentials (401), so that nothing was seen of it. */
  isClosed: boolean;
}

/** Guesses the kind of system at an address, from the address and its first answer. */
export async function guessKind(
  baseUrl: string,
  environment: Pick<SetupEnvironment, "read">,
): Promise<TargetKind> {
  return (await lookAtFirst(baseUrl, environment)).kind;
}

/** {@link guessKind}, and whether the first answer asked for credentials. */
export async function lookAtFirst(
  baseUrl: string,
  { read }: Pick<SetupEnvironment, "read">,
): Promise<GuessedKind> {
  const { pathname } = new URL(baseUrl);
  if (/\/graphql$/i.test(pathname)) return { kind: "graphql", isClosed: false };
  if (/\/mcp$/i.test(pathname)) return { kind: "mcp", isClosed: false };
  const [typename, first] = await Promise.all([
    read(`${new URL(baseUrl).href}?query=%7B__typename%7D`),
    read(`${baseUrl}/`),
  ]);
  const isClosed = first?.status === 401;
  if (typename !== undefined && answersGraphql(typename.text)) return { kind: "graphql", isClosed };
  const isHtml = first !== undefined && /\bhtml\b/.test(first.type);
  // Pages that a browser asks a user and a password for.
  const asksUser = isClosed && /\bbasic\b/i.test(first.challenge ?? "");
  if (!isHtml || (first.status >= 400 && !asksUser)) return { kind: "rest", isClosed };
  if (GRAPHQL_PAGE.test(first.text)) return { kind: "graphql", isClosed };
  // An API can have a page at its root: its document says that it is one.
  const kind = (await findSpec(baseUrl, { read })) === undefined ? "web" : "rest";
  return { kind, isClosed };
}

/** Pages that GraphQL servers show to browsers. */
const GRAPHQL_PAGE = /\b(?:graphiql|graphql[ -]playground|apollo (?:sandbox|server)|altair graphql)\b/i;

/** Whether an answer to `{__typename}` is one of a GraphQL server: its data, or errors of its own form. */
function answersGraphql(text: string): boolean {
  try {
    const answer: unknown = JSON.parse(text);
    if (!isJsonObject(answer)) return false;
    return isJsonObject(answer.data) && typeof answer.data.__typename === "string";
  } catch {
    return false;
  }
}

/**
 * Searches the API document of a REST API at the common paths of the given host only.
 * @returns its URL, or undefined
 */
export async function findSpec(
  baseUrl: string,
  { read }: Pick<SetupEnvironment, "read">,
): Promise<string | undefined> {
  const bases = [...new Set([baseUrl, new URL(baseUrl).origin])];
  const places = bases.flatMap((base) => SPEC_PLACES.map((place) => `${base}/${place}`));
  const found = await Promise.all(
    places.map(async (url) => {
      const answer = await read(url);
      return answer !== undefined && answer.status === 200 && isSpec(answer.text);
    }),
  );
  return places[found.indexOf(true)];
}

/**
 * The kind of target that a document given by the user describes; undefined where none was given.
 * @param spec a path (relative to `cwd`), a URL, `none` or `look`
 */
export async function kindOfSpec(
  spec: string | undefined,
  { read, cwd }: Pick<SetupEnvironment, "read" | "cwd">,
): Promise<"rest" | "graphql" | undefined> {
  if (spec === undefined || spec === "none" || spec === "look") return undefined;
  if (/\.(?:graphqls?|gql|sdl)$/i.test(spec)) return "graphql";
  const text = isUrl(spec)
    ? (await read(spec))?.text
    : await readFile(resolve(cwd, spec)).then(
        (bytes) => decodeText(bytes).text,
        () => undefined,
      );
  return text !== undefined && isGraphqlSchema(text) ? "graphql" : "rest";
}

const isUrl = (text: string): boolean => /^https?:\/\//i.test(text);

/** Whether a text is a GraphQL schema: its definition language, or the answer of an introspection. */
function isGraphqlSchema(text: string): boolean {
  if (/^\s*\{/.test(text)) return /^\s*\{\s*(?:"data"\s*:\s*\{\s*)?"__schema"\s*:/.test(text);
  return /^\s*(?:extend\s+)?(?:type|interface|input|enum)\s+\w+[^:\n]*\{|^\s*schema\b[^:\n]*\{/m.test(text);
}

/** Whether a text is an OpenAPI 3 or Swagger 2.0 document. */
function isSpec(text: string): boolean {
  if (text.length > MOST_BYTES || !/\b(?:openapi|swagger)\b/.test(text)) return false;
  try {
    const document: unknown = text.trimStart().startsWith("{") ? JSON.parse(text) : parse(text);
    return (
      typeof document === "object" &&
      document !== null &&
      ("openapi" in document || "swagger" in document) &&
      "paths" in document
    );
  } catch {
    return false;
  }
}
