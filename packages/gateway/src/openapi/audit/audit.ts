import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { headerNameFault } from "@ape/core/protocol/http-field";
import { operationShape } from "@ape/core/protocol/operations/operation";
import { loadOpenApi, type OpenApiDocument } from "../document.ts";
import { duplicateKeys } from "../duplicate-keys.ts";
import { FILES_KEY } from "../external-references.ts";
import { pathFault } from "../paths.ts";
import { escapePointer } from "../pointer.ts";
import { scanReferences } from "../reference-scan.ts";
import type { NamePart, UnusablePart } from "../unusable-part.ts";
import { auditPathItem, auditSwaggerPaths, type Context, resolvesToObject } from "./audit-path-item.ts";
import { SchemaAudit } from "./audit-schema.ts";
import { auditServers } from "./audit-servers.ts";
import { roundedNumbers } from "./rounded-numbers.ts";

/**
 * Reads a document as {@link loadOpenApi} does, and reports every part that cannot be used.
 * @throws ApeError FILE_MISSING, SPEC_INVALID
 */
export async function auditDocument(
  source: string,
  baseDir: string,
  baseUrl: string,
): Promise<UnusablePart[]> {
  const found: UnusablePart[] = [];
  const document = await loadOpenApi(source, baseDir, (text, root) => {
    for (const { pointer, line } of duplicateKeys(text))
      found.push({
        place: pointer,
        message: `the key is in its object twice, again in line ${line}: only the last is used`,
      });
    found.push(...roundedNumbers(text));
    // The conversion of Swagger 2.0 leaves out what it cannot read.
    if (root.openapi === undefined && isJsonObject(root.paths))
      auditSwaggerPaths(root.paths, (pointer, message) => {
        found.push({ place: pointer, message });
      });
  });
  // The result of a conversion may repeat a part that was already reported.
  const places = new Set(found.map(({ place }) => place));
  return [...found, ...unusableParts(document, baseUrl).filter(({ place }) => !places.has(place))];
}

/**
 * The parts of a document that cannot be used; webhooks, callbacks and links are skipped, because no client needs them.
 */
export function unusableParts(document: OpenApiDocument, baseUrl: string): UnusablePart[] {
  const found: UnusablePart[] = [];
  const name = (pointer: string, message: string): void => {
    found.push({ place: placeOf(pointer), message });
  };
  auditServers(document, document.root.servers, "#/servers", name);
  const context: Context = { document, baseUrl, name, schemas: new SchemaAudit(document, name) };
  const shapes = new Map<string, string>();
  for (const [path, raw] of Object.entries(document.root.paths as JsonObject)) {
    if (path.startsWith("x-")) continue;
    const pointer = `#/paths/${escapePointer(path)}`;
    const fault = pathFault(path);
    if (fault !== undefined) {
      name(pointer, fault);
      continue;
    }
    const shape = operationShape(path);
    const before = shapes.get(shape);
    if (before !== undefined) name(pointer, `the path ${path} cannot be told from ${before}`);
    shapes.set(shape, path);
    if (!resolvesToObject(document, raw)) name(pointer, "the path item is no object");
    else auditPathItem(context, path, document.follow(raw), pointer);
  }
  auditComponents(context);
  auditReferences(document, name);
  auditSecurity(document, name);
  return found;
}

/** Reports errors in the shared schemas; other components are read where they are used. */
function auditComponents({ document, name, schemas }: Context): void {
  const { components } = document.root;
  if (components === undefined) return;
  if (!isJsonObject(components)) {
    name("#/components", "the components are no object");
    return;
  }
  for (const key of ["schemas", "securitySchemes", "parameters", "responses", "requestBodies"]) {
    const map = components[key];
    if (map === undefined) continue;
    if (!isJsonObject(map)) name(`#/components/${key}`, `${key} is no object`);
    else if (key === "schemas")
      for (const [schema, value] of Object.entries(map))
        schemas.read(value, `#/components/schemas/${escapePointer(schema)}`);
    else
      for (const [one, value] of Object.entries(map))
        if (!isJsonObject(value))
          name(`#/components/${key}/${escapePointer(one)}`, "the component is no object");
  }
}

function auditReferences(document: OpenApiDocument, name: NamePart): void {
  const files = document.root[FILES_KEY];
  const parts: [string, Json][] = [["#", document.root]];
  for (const [file, content] of Object.entries(isJsonObject(files) ? files : {}))
    parts.push([`#/${FILES_KEY}/${escapePointer(file)}`, content]);
  for (const [root, content] of parts) {
    const scan = scanReferences(content);
    for (const { pointer, reference } of scan.dynamic) {
      const known = reference.startsWith("#/")
        ? document.at(reference) !== undefined
        : reference === "#" || scan.anchors.has(reference.slice(1));
      if (!known)
        name(`${root}${pointer.slice(1)}`, `the dynamic reference ${placeOf(reference)} leads nowhere`);
    }
    for (const { holder, reference, pointer } of scan.references) {
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
}

function auditSecurity(document: OpenApiDocument, name: NamePart): void {
  const schemes = document.follow(document.follow(document.root.components).securitySchemes);
  for (const [key, raw] of Object.entries(schemes)) {
    const { type, scheme, in: place, name: called } = document.follow(raw);
    const at = `#/components/securitySchemes/${escapePointer(key)}`;
    if (type === "mutualTLS") name(at, `sessions have no certificates: give the target's in \`tls\``);
    else if (type === "http" && !/^(?:bearer|basic)$/i.test(String(scheme)))
      name(at, `sessions show no credentials of the HTTP scheme ${String(scheme)}`);
    else if (type === "apiKey") {
      const own = typeof called === "string" ? called : "";
      const fault = place === "header" ? headerNameFault(own) : undefined;
      if (own === "" || !/^(?:header|query|cookie)$/.test(String(place)))
        name(at, "a key needs a `name` and a place: `in` is `header`, `query` or `cookie`");
      else if (fault !== undefined) name(at, `no key is sent as "${own}": ${fault}`);
    }
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
