import { ApeError, messageOf } from "@ape/core/lib/errors";
import { isComposite, isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
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
    const encodings = formEncodings(root);
    const converted = withEncodings(upgradeFromTwoToThree(prepared) as JsonObject, encodings);
    nameDiscriminators(converted, new Set());
    return converted;
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

/**
 * Makes the discriminator of each schema, the name of a property (Swagger 2.0, "Schema Object"), an object of OpenAPI 3:
 * the converter leaves it as it is.
 */
function nameDiscriminators(value: Json, seen: Set<object>): void {
  if (!isComposite(value) || seen.has(value)) return;
  seen.add(value);
  for (const inner of Object.values(value)) nameDiscriminators(inner, seen);
  if (Array.isArray(value) || typeof value.discriminator !== "string") return;
  if (isJsonObject(value.properties)) value.discriminator = { propertyName: value.discriminator };
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

/** How the lists of a form are written, by the pointer of their operation. */
type FormEncodings = ReadonlyMap<string, JsonObject>;

/** The styles of OpenAPI 3 for `collectionFormat` (Swagger 2.0, "Parameter Object"); a list is separated by commas by default. */
const STYLES: Readonly<Record<string, JsonObject>> = {
  csv: { style: "form", explode: false },
  ssv: { style: "spaceDelimited", explode: false },
  pipes: { style: "pipeDelimited", explode: false },
  multi: { style: "form", explode: true },
};

/** The styles of the lists in all forms: the converter keeps those of other parameters only. */
function formEncodings(root: JsonObject): FormEncodings {
  const found = new Map<string, JsonObject>();
  for (const [path, raw] of Object.entries(isJsonObject(root.paths) ? root.paths : {})) {
    const item = written(root, raw);
    const shared = list(item.parameters).map((parameter) => written(root, parameter));
    for (const method of METHODS) {
      const operation = item[method];
      if (!isJsonObject(operation)) continue;
      const lists = parametersOf(root, operation, shared).filter(
        ({ in: place, type }) => place === "formData" && type === "array",
      );
      const styles = lists.map(({ name, collectionFormat = "csv" }) => [
        String(name),
        STYLES[String(collectionFormat)] ?? STYLES.multi,
      ]);
      if (styles.length > 0) found.set(`${method} ${path}`, Object.fromEntries(styles) as JsonObject);
    }
  }
  return found;
}

function withEncodings(converted: JsonObject, encodings: FormEncodings): JsonObject {
  for (const [key, encoding] of encodings) {
    const [method, path] = [key.slice(0, key.indexOf(" ")), key.slice(key.indexOf(" ") + 1)];
    let at: Json | undefined = converted;
    for (const name of ["paths", path, method, "requestBody", "content", FORM])
      at = isJsonObject(at) ? at[name] : undefined;
    if (isJsonObject(at)) at.encoding = encoding;
  }
  return converted;
}

/** The parameters of an operation: its own ones, and those of its path that it does not name again. */
function parametersOf(root: JsonObject, operation: JsonObject, shared: readonly JsonObject[]): JsonObject[] {
  const parameters = new Map<string, JsonObject>();
  for (const parameter of [...shared, ...list(operation.parameters).map((one) => written(root, one))])
    parameters.set(`${parameter.in} ${parameter.in === "body" ? "" : parameter.name}`, parameter);
  return [...parameters.values()].filter(({ in: place }) => typeof place === "string");
}

function prepareOperation(
  root: JsonObject,
  operation: JsonObject,
  shared: readonly JsonObject[],
): JsonObject {
  const all = parametersOf(root, operation, shared);
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
