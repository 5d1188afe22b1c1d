import { ApeError, messageOf } from "@ape/core/lib/errors";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { upgradeFromTwoToThree } from "@scalar/openapi-upgrader/2.0-to-3.0";
import { valueAtPointer } from "./pointer.ts";

const FORM = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data";
const ITEM_KEYS =
  "type format items default maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems enum multipleOf description".split(
    " ",
  );
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];

/**
 * Converts a Swagger 2.0 document, in one piece, to OpenAPI 3.0. First inlines shared parameters and answers and turns
 * the fields of forms into one body, since the converter supports neither references to bodies nor bounds of form
 * fields.
 * @throws ApeError SPEC_INVALID if the document breaks Swagger 2.0 so that it cannot be converted
 */
export function convertSwagger(root: JsonObject, source: string): JsonObject {
  try {
    const prepared = structuredClone(root);
    prepared.swagger = "2.0";
    for (const [path, raw] of Object.entries(isJsonObject(prepared.paths) ? prepared.paths : {}))
      (prepared.paths as JsonObject)[path] = preparePathItem(prepared, raw);
    for (const key of ["parameters", "responses", "produces", "consumes"]) delete prepared[key];
    return upgradeFromTwoToThree(prepared) as JsonObject;
  } catch (cause) {
    throw new ApeError(
      "SPEC_INVALID",
      `${source} cannot be converted from Swagger 2.0: ${messageOf(cause)}`,
      {
        cause,
        hint: "Convert it to OpenAPI 3 with a tool of your choice, and name that in `spec`.",
      },
    );
  }
}

function preparePathItem(root: JsonObject, raw: Json): JsonObject {
  const item = { ...written(root, raw) };
  const shared = list(item.parameters).map((parameter) => written(root, parameter));
  delete item.parameters;
  for (const method of METHODS) {
    const found = item[method];
    if (isJsonObject(found)) item[method] = prepareOperation(root, found, shared);
  }
  for (const key of Object.keys(item)) if (!METHODS.includes(key)) delete item[key];
  return item;
}

function prepareOperation(
  root: JsonObject,
  operation: JsonObject,
  shared: readonly JsonObject[],
): JsonObject {
  const parameters = new Map<string, JsonObject>();
  for (const parameter of [...shared, ...list(operation.parameters).map((one) => written(root, one))])
    parameters.set(`${parameter.in} ${parameter.in === "body" ? "" : parameter.name}`, parameter);
  const all = [...parameters.values()].filter(({ in: place }) => typeof place === "string");
  const fields = all.filter((parameter) => parameter.in === "formData");
  const copy: JsonObject = { ...operation };
  copy.consumes = types(operation.consumes ?? root.consumes);
  copy.produces = types(operation.produces ?? root.produces);
  if (fields.length > 0) {
    const files = fields.some(({ type }) => type === "file");
    const form = (copy.consumes as string[]).filter((type) => type === FORM || type === MULTIPART);
    copy.consumes = form.length > 0 ? form : [files ? MULTIPART : FORM];
  }
  const body = fields.length > 0 ? [formOf(fields)] : [];
  copy.parameters = structuredClone([...all.filter(({ in: place }) => place !== "formData"), ...body]);
  const responses: JsonObject = {};
  for (const [status, response] of Object.entries(
    isJsonObject(operation.responses) ? operation.responses : {},
  ))
    responses[status] = structuredClone(written(root, response));
  copy.responses = responses;
  return copy;
}

/** The fields of a form as one body. */
function formOf(fields: readonly JsonObject[]): JsonObject {
  const properties: JsonObject = {};
  for (const field of fields)
    properties[String(field.name)] = Object.fromEntries(
      ITEM_KEYS.filter((key) => field[key] !== undefined).map((key) => [key, field[key] as Json]),
    );
  const required = fields.filter((field) => field.required === true).map(({ name }) => String(name));
  return {
    name: "form",
    in: "body",
    required: required.length > 0,
    schema: { type: "object", properties, ...(required.length > 0 ? { required } : {}) },
  };
}

/** An object with its references to other objects of the document resolved. */
function written(root: JsonObject, value: Json): JsonObject {
  let at: Json | undefined = value;
  for (let hop = 0; hop < 20 && isJsonObject(at) && typeof at.$ref === "string"; hop += 1)
    at = valueAtPointer(root, at.$ref);
  return isJsonObject(at) ? at : {};
}

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const types = (value: Json | undefined): string[] => {
  const named = list(value).filter((type): type is string => typeof type === "string");
  return named.length > 0 ? named : ["application/json"];
};
