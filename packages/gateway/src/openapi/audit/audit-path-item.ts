import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { METHODS, templateNames } from "@ape/core/protocol/operations/operation";
import { bodyTypeOf } from "../describe.ts";
import type { OpenApiDocument } from "../document.ts";
import { pathFault } from "../paths.ts";
import { escapePointer } from "../pointer.ts";
import type { NamePart } from "../unusable-part.ts";
import type { SchemaAudit } from "./audit-schema.ts";
import { auditOtherServers } from "./audit-servers.ts";

const OTHER_METHODS = ["head", "options", "trace", "query"];
/** Other keys of a path item (OpenAPI 3.2, "Path Item Object"). */
const ITEM_KEYS = ["$ref", "summary", "description", "servers", "parameters", "additionalOperations"];
const STATUS = /^(?:[1-5](?:\d\d|XX)|default)$/i;
const USABLE_BODY =
  /[/+]json\b|json|x-www-form-urlencoded|^multipart\/form-data|^text\/plain|^application\/octet-stream|^\*\/\*$/i;
const STYLES: Readonly<Record<string, readonly string[]>> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
  cookie: ["form", "cookie"],
};

/** What reading a document for its unusable parts needs. */
export interface Context {
  document: OpenApiDocument;
  baseUrl: string;
  name: NamePart;
  schemas: SchemaAudit;
}

/** Whether a value is an object; {@link auditReferences} reports a reference that leads nowhere. */
export function resolvesToObject(document: OpenApiDocument, value: Json | undefined): boolean {
  let at = value;
  for (let hop = 0; hop < 20 && isJsonObject(at) && typeof at.$ref === "string"; hop += 1) {
    at = document.at(at.$ref);
    if (at === undefined) return true;
  }
  return isJsonObject(at) && (at.$ref === undefined || typeof at.$ref === "string");
}

/** Reports the keys of a path item that are no operations which agents call. */
function auditMethods(item: JsonObject, pointer: string, name: NamePart): void {
  for (const key of Object.keys(item)) {
    const at = `${pointer}/${escapePointer(key)}`;
    const lower = key.toLowerCase();
    if (ITEM_KEYS.includes(key) || key.startsWith("x-")) continue;
    if (OTHER_METHODS.includes(key)) name(at, `agents call no ${key.toUpperCase()} operations`);
    else if (!METHODS.some((method) => method.toLowerCase() === lower))
      name(at, `a path item has no ${key}: it is left out`);
    else if (key !== lower) name(at, `the method ${key} is left out: it is written ${lower}`);
    else if (!isJsonObject(item[key])) name(at, "the operation is no object");
  }
}

/** Reports what the conversion of a Swagger 2.0 document leaves out. */
export function auditSwaggerPaths(paths: JsonObject, name: NamePart): void {
  for (const [path, item] of Object.entries(paths)) {
    if (path.startsWith("x-") || pathFault(path) !== undefined) continue;
    const pointer = `#/paths/${escapePointer(path)}`;
    if (!isJsonObject(item)) name(pointer, "the path item is no object");
    else {
      // The conversion leaves these out; the others are in its result.
      auditMethods(item, pointer, name);
      for (const method of ["", ...METHODS.map((one) => one.toLowerCase())]) {
        const holder = method === "" ? item : item[method];
        if (!isJsonObject(holder) || holder.parameters === undefined) continue;
        const at = `${method === "" ? pointer : `${pointer}/${method}`}/parameters`;
        if (!Array.isArray(holder.parameters)) name(at, "the parameters are no list");
        else
          for (const [index, one] of holder.parameters.entries())
            if (!isJsonObject(one)) name(`${at}/${index}`, "the parameter is no object");
      }
    }
  }
}

export function auditPathItem(context: Context, path: string, item: JsonObject, pointer: string): void {
  const { document, baseUrl, name } = context;
  auditMethods(item, pointer, name);
  const more = item.additionalOperations;
  if (more !== undefined && !isJsonObject(more))
    name(`${pointer}/additionalOperations`, "additionalOperations is no object");
  for (const method of Object.keys(isJsonObject(more) ? more : {}))
    name(`${pointer}/additionalOperations/${escapePointer(method)}`, `agents call no ${method} operations`);
  auditParameters(context, item.parameters, `${pointer}/parameters`);
  auditOtherServers(document, item.servers, `${pointer}/servers`, baseUrl, name);
  const names = templateNames(path);
  for (const [index, one] of names.entries())
    if (names.indexOf(one) !== index) name(pointer, `the path has the parameter {${one}} twice`);
  for (const method of METHODS) {
    const operation = item[method.toLowerCase()];
    if (!isJsonObject(operation)) continue;
    const at = `${pointer}/${method.toLowerCase()}`;
    auditParameters(context, operation.parameters, `${at}/parameters`);
    auditPathNames(document, names, item, operation, at, name);
    auditOtherServers(document, operation.servers, `${at}/servers`, baseUrl, name);
    auditBody(context, operation.requestBody, `${at}/requestBody`);
    auditResponses(context, operation.responses, `${at}/responses`);
  }
}

/** Reports names of a path template without a parameter, and parameters of the path that its template lacks. */
function auditPathNames(
  document: OpenApiDocument,
  names: readonly string[],
  item: JsonObject,
  operation: JsonObject,
  at: string,
  name: NamePart,
): void {
  const declared = new Set<string>();
  for (const list of [item.parameters, operation.parameters])
    for (const raw of Array.isArray(list) ? list : []) {
      const parameter = document.follow(raw);
      if (parameter.in === "path" && typeof parameter.name === "string") declared.add(parameter.name);
    }
  for (const one of new Set(names))
    if (!declared.has(one)) name(at, `the path has {${one}}, of which there is no parameter`);
  for (const one of declared)
    if (!names.includes(one)) name(at, `the parameter ${one} is in the path, but the path has no {${one}}`);
}

function auditBody(context: Context, raw: Json | undefined, at: string): void {
  const { document, name } = context;
  if (raw === undefined) return;
  if (!resolvesToObject(document, raw)) {
    name(at, "the request body is no object");
    return;
  }
  const body = document.follow(raw);
  auditContent(context, body.content, `${at}/content`);
  const content = document.follow(body.content);
  const type = bodyTypeOf(content);
  if (type !== undefined && !USABLE_BODY.test(type))
    name(at, `agents make no bodies of ${Object.keys(content).join(" or ")}`);
}

function auditResponses(context: Context, raw: Json | undefined, pointer: string): void {
  const { document, name } = context;
  if (raw === undefined) return;
  if (!resolvesToObject(document, raw)) {
    name(pointer, "the responses are no object");
    return;
  }
  for (const [status, response] of Object.entries(document.follow(raw))) {
    const at = `${pointer}/${escapePointer(status)}`;
    if (status.startsWith("x-")) continue;
    if (!STATUS.test(status)) name(at, `${status} is no status: 200, 2XX or default are`);
    if (!resolvesToObject(document, response)) name(at, "the response is no object");
    else auditContent(context, document.follow(response).content, `${at}/content`);
  }
}

function auditContent(context: Context, raw: Json | undefined, pointer: string): void {
  const { document, name, schemas } = context;
  if (raw === undefined) return;
  if (!resolvesToObject(document, raw)) {
    name(pointer, "the content is no object");
    return;
  }
  for (const [type, media] of Object.entries(document.follow(raw))) {
    const at = `${pointer}/${escapePointer(type)}`;
    if (type.startsWith("x-")) continue;
    if (!resolvesToObject(document, media)) name(at, "the media type is no object");
    else schemas.read(document.follow(media).schema, `${at}/schema`);
  }
}

function auditParameters(context: Context, value: Json | undefined, pointer: string): void {
  const { document, name, schemas } = context;
  if (value === undefined) return;
  if (!Array.isArray(value)) {
    name(pointer, "the parameters are no list");
    return;
  }
  for (const [index, raw] of value.entries()) {
    const at = `${pointer}/${index}`;
    if (!resolvesToObject(document, raw)) {
      name(at, "the parameter is no object");
      continue;
    }
    const parameter = document.follow(raw);
    const { in: place, name: called, style } = parameter;
    // A reference that leads nowhere is reported separately.
    if (Object.keys(parameter).length === 0 && isJsonObject(raw) && raw.$ref !== undefined) continue;
    schemas.read(parameter.schema, `${at}/schema`);
    auditContent(context, parameter.content, `${at}/content`);
    if (typeof called !== "string" || called === "") name(at, "the parameter has no name");
    else if (typeof place !== "string" || !Object.hasOwn(STYLES, place))
      name(at, `the parameter ${called} is in ${JSON.stringify(place ?? null)}, which is not sent`);
    else if (style !== undefined && !(typeof style === "string" && STYLES[place]?.includes(style)))
      name(
        at,
        `the parameter ${called} in the ${place} has the style ${typeof style === "string" ? style : JSON.stringify(style)}, which is written as ${STYLES[place]?.[0]}`,
      );
    else if (place === "header" && !/^[A-Za-z0-9-]+$/.test(called))
      name(at, `the header ${called} is not sent: its name has letters, digits and - only`);
  }
}
