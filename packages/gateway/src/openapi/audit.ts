import { isJsonObject, type Json, type JsonObject } from "@ape/core/json";
import { METHODS, operationShape } from "@ape/core/operation";
import { readServer } from "@ape/core/server-url";
import { bodyTypeOf } from "./describe.ts";
import { loadOpenApi, type OpenApiDocument } from "./document.ts";
import { FILES_KEY } from "./external-references.ts";
import { escapePointer } from "./pointer.ts";
import { scanReferences } from "./reference-scan.ts";

/** A part of an API document that cannot be used, and why. */
export interface UnusablePart {
  /** A JSON pointer as a URI fragment, with the file before it where it is not the first: `paths/a.yaml#/get`. */
  place: string;
  message: string;
}

const OTHER_METHODS = ["head", "options", "trace", "query"];
const USABLE_BODY =
  /[/+]json\b|json|x-www-form-urlencoded|^multipart\/form-data|^text\/plain|^application\/octet-stream|^\*\/\*$/i;
const STYLES: Readonly<Record<string, readonly string[]>> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
  cookie: ["form", "cookie"],
};

/**
 * Reads a document as {@link loadOpenApi} does, and names every part that cannot be used.
 * @throws ApeError FILE_MISSING, SPEC_INVALID
 */
export async function auditDocument(
  source: string,
  baseDir: string,
  baseUrl: string,
): Promise<UnusablePart[]> {
  return unusableParts(await loadOpenApi(source, baseDir), baseUrl);
}

/** The parts of a document that cannot be used; webhooks, callbacks and links concern no client and are left out. */
export function unusableParts(document: OpenApiDocument, baseUrl: string): UnusablePart[] {
  const found: UnusablePart[] = [];
  const name = (pointer: string, message: string): void => {
    found.push({ place: placeOf(pointer), message });
  };
  auditServers(document, document.root.servers, "#/servers", name);
  const shapes = new Map<string, string>();
  for (const [path, raw] of Object.entries(document.root.paths as JsonObject)) {
    if (path.startsWith("x-")) continue;
    const pointer = `#/paths/${escapePointer(path)}`;
    if (!path.startsWith("/")) {
      name(pointer, `the path ${path} does not begin with /`);
      continue;
    }
    const shape = operationShape(path);
    const before = shapes.get(shape);
    if (before !== undefined) name(pointer, `the path ${path} cannot be told from ${before}`);
    shapes.set(shape, path);
    auditPathItem(document, document.follow(raw), pointer, baseUrl, name);
  }
  auditReferences(document, name);
  auditSecurity(document, name);
  return found;
}

type Name = (pointer: string, message: string) => void;

function auditPathItem(
  document: OpenApiDocument,
  item: JsonObject,
  pointer: string,
  baseUrl: string,
  name: Name,
): void {
  for (const method of OTHER_METHODS)
    if (item[method] !== undefined)
      name(`${pointer}/${method}`, `agents call no ${method.toUpperCase()} operations`);
  const more = isJsonObject(item.additionalOperations) ? item.additionalOperations : {};
  for (const method of Object.keys(more))
    name(`${pointer}/additionalOperations/${escapePointer(method)}`, `agents call no ${method} operations`);
  auditParameters(document, item.parameters, `${pointer}/parameters`, name);
  auditOtherServers(document, item.servers, `${pointer}/servers`, baseUrl, name);
  for (const method of METHODS) {
    const operation = item[method.toLowerCase()];
    if (operation === undefined) continue;
    const at = `${pointer}/${method.toLowerCase()}`;
    if (!isJsonObject(operation)) {
      name(at, "the operation is no object");
      continue;
    }
    auditParameters(document, operation.parameters, `${at}/parameters`, name);
    auditOtherServers(document, operation.servers, `${at}/servers`, baseUrl, name);
    const content = document.follow(document.follow(operation.requestBody).content);
    const type = bodyTypeOf(content);
    if (type !== undefined && !USABLE_BODY.test(type))
      name(`${at}/requestBody`, `agents make no bodies of ${Object.keys(content).join(" or ")}`);
  }
}

function auditParameters(
  document: OpenApiDocument,
  value: Json | undefined,
  pointer: string,
  name: Name,
): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) {
    name(pointer, "the parameters are no list");
    return;
  }
  for (const [index, raw] of value.entries()) {
    const at = `${pointer}/${index}`;
    const parameter = document.follow(raw);
    const { in: place, name: called, style } = parameter;
    // A reference that leads nowhere is named by itself.
    if (Object.keys(parameter).length === 0) continue;
    if (typeof called !== "string" || called === "") name(at, "the parameter has no name");
    else if (typeof place !== "string" || STYLES[place] === undefined)
      name(at, `the parameter ${called} is in ${JSON.stringify(place ?? null)}, which is not sent`);
    else if (typeof style === "string" && !STYLES[place].includes(style))
      name(
        at,
        `the parameter ${called} in the ${place} has the style ${style}, which is written as ${STYLES[place][0]}`,
      );
    else if (place === "header" && !/^[A-Za-z0-9-]+$/.test(called))
      name(at, `the header ${called} is not sent: its name has letters, digits and - only`);
  }
}

function auditServers(
  document: OpenApiDocument,
  servers: Json | undefined,
  pointer: string,
  name: Name,
): void {
  if (servers === undefined) return;
  for (const [index, server] of (Array.isArray(servers) ? servers : [servers]).entries()) {
    const read = readServer(server, document.url);
    if (typeof read === "string") name(`${pointer}/${index}`, read);
  }
}

/** Servers of a path or an operation: their base path is used, their host is not. */
function auditOtherServers(
  document: OpenApiDocument,
  servers: Json | undefined,
  pointer: string,
  baseUrl: string,
  name: Name,
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

function auditReferences(document: OpenApiDocument, name: Name): void {
  const files = document.root[FILES_KEY];
  const parts: [string, Json][] = [["#", document.root]];
  for (const [file, content] of Object.entries(isJsonObject(files) ? files : {}))
    parts.push([`#/${FILES_KEY}/${escapePointer(file)}`, content]);
  for (const [root, content] of parts)
    for (const { holder, reference, pointer } of scanReferences(content).references) {
      const at = `${root}${pointer.slice(1)}`;
      const chain = new Set<JsonObject>();
      let target: Json | undefined = holder;
      while (isJsonObject(target) && typeof target.$ref === "string" && !chain.has(target)) {
        chain.add(target);
        target = document.at(target.$ref);
      }
      if (target === undefined) name(at, `the reference ${placeOf(reference)} leads nowhere`);
      else if (isJsonObject(target) && chain.has(target))
        name(at, `the reference ${placeOf(reference)} leads to itself`);
    }
}

function auditSecurity(document: OpenApiDocument, name: Name): void {
  const schemes = document.follow(document.follow(document.root.components).securitySchemes);
  for (const [key, raw] of Object.entries(schemes)) {
    const { type, scheme } = document.follow(raw);
    const at = `#/components/securitySchemes/${escapePointer(key)}`;
    if (type === "mutualTLS") name(at, `sessions have no certificates: give the target's in \`tls\``);
    else if (type === "http" && !/^(?:bearer|basic)$/i.test(String(scheme)))
      name(at, `sessions show no credentials of the HTTP scheme ${String(scheme)}`);
  }
}

function placeOf(pointer: string): string {
  const prefix = `#/${FILES_KEY}/`;
  if (!pointer.startsWith(prefix)) return pointer;
  const rest = pointer.slice(prefix.length);
  const slash = rest.indexOf("/");
  const file = (slash < 0 ? rest : rest.slice(0, slash)).replaceAll("~1", "/").replaceAll("~0", "~");
  return `${file}#${slash < 0 ? "" : rest.slice(slash)}`;
}
