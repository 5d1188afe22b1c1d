import type { TargetConfig } from "@ape/core/config/target";
import {
  type HttpMethod,
  isMethod,
  operationShape,
  parseOperation,
  templateNames,
} from "@ape/core/protocol/operations/operation";
import type { DocumentedOperation } from "../openapi/describe.ts";

/**
 * The operations that `allow` names without a document: its entries without a wildcard. Only their method, path and
 * parameters are known.
 */
export function operationsAllowed({
  allow = [],
  readOnly,
}: Pick<TargetConfig, "allow" | "readOnly">): DocumentedOperation[] {
  const found = new Map<string, DocumentedOperation>();
  for (const entry of allow) {
    const reference = entry.includes("*") ? undefined : parseOperation(entry);
    if (reference === undefined || !isMethod(reference.method)) continue;
    if (readOnly && reference.method !== "GET") continue;
    const shape = operationShape(entry);
    if (found.has(shape)) continue;
    found.set(shape, {
      method: reference.method,
      path: reference.template,
      summary: summaryOf(reference.method, reference.template),
      fields: templateNames(reference.template).map((name) => ({
        in: "path",
        name,
        type: "string",
        required: true,
        description: "",
      })),
      secured: false,
      bodyType: undefined,
      nullBody: false,
      encoding: {},
      promisesJson: false,
      styles: { path: new Map(), query: new Map(), header: new Map(), cookie: new Map() },
      servers: undefined,
    });
  }
  return [...found.values()];
}

const VERBS: Readonly<Record<HttpMethod, string>> = {
  GET: "Get",
  POST: "Create",
  PUT: "Replace",
  PATCH: "Update",
  DELETE: "Delete",
};

/**
 * The conventional meaning of a method and a path: `List orders`, `Create lines of orders`, `Cancel jobs` (Google
 * AIP-131 to 136).
 */
function summaryOf(method: HttpMethod, template: string): string {
  const segments = template.split("/").filter((segment) => segment !== "");
  const names = segments.map(wordsOf).filter((name) => name !== "");
  const last = segments.at(-1) ?? "";
  const custom = /:([A-Za-z][\w-]*)$/.exec(last)?.[1];
  const [name = "", owner] = names.reverse();
  if (custom !== undefined) return `${capital(words(custom))} ${name}`.trim();
  const verb = method === "GET" && !last.endsWith("}") ? "List" : VERBS[method];
  const inner =
    owner !== undefined && segments.some((segment) => segment.includes("{")) && !last.endsWith("}");
  return `${verb} ${name}${inner ? ` of ${owner}` : ""}`.trim();
}

const words = (text: string): string =>
  text
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/[^A-Za-z\d]+/g, " ")
    .trim()
    .toLowerCase();

/** The words of a segment besides its parameters and its custom method; a version is no word. */
function wordsOf(segment: string): string {
  const text = words(segment.replaceAll(/\{[^}]*\}/g, " ").replace(/:[A-Za-z][\w-]*$/, ""));
  return /^v\d+$/.test(text) ? "" : text;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
