import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import type { ParameterStyle } from "../parameter-style.ts";
import type { PropertyEncoding, PropertyEncodings } from "../request-body.ts";
import type { OpenApiDocument } from "./document.ts";
import { type SchemaFields, text } from "./schema-fields.ts";

/** Media types that only files have. */
const FILE_TYPE = /^(?:image|audio|video|font)\/|^application\/(?:octet-stream|pdf|zip|gzip)\b/i;
const NO_ENCODINGS: PropertyEncodings = new Map();
const STYLES: readonly ParameterStyle["name"][] = ["form", "spaceDelimited", "pipeDelimited", "deepObject"];

/**
 * How the properties of a form are written (OpenAPI 3.1, "Encoding Object"): the media type of a part, the style of a
 * list or an object, and which of them are files: by their schema (`format: binary`, `contentMediaType`) or by the media type of their part.
 * @param media the media type object of the body
 * @param fields of the body
 */
export function encodingsOf(
  document: OpenApiDocument,
  schemas: SchemaFields,
  bodyType: string | undefined,
  media: JsonObject,
  fields: readonly ApiField[],
): PropertyEncodings {
  const isMultipart = /^multipart\//i.test(bodyType ?? "");
  if (!isMultipart && !/x-www-form-urlencoded/i.test(bodyType ?? "")) return NO_ENCODINGS;
  const found = new Map<string, PropertyEncoding>();
  for (const [name, raw] of Object.entries(document.follow(media.encoding))) {
    if (!isJsonObject(raw)) continue;
    const encoding: PropertyEncoding = {};
    const style = isMultipart ? undefined : styleOf(raw);
    const type = firstType(raw.contentType);
    if (style !== undefined) encoding.style = style;
    if (type !== undefined) encoding.type = type;
    if (isMultipart && type !== undefined && FILE_TYPE.test(type)) encoding.isFile = true;
    found.set(name, encoding);
  }
  const { properties } = isMultipart ? schemas.flat(media.schema) : {};
  for (const [name, raw] of Object.entries(isJsonObject(properties) ? properties : {})) {
    const own = schemas.flat(raw);
    const { contentMediaType } = own.items === undefined ? own : schemas.flat(own.items);
    if (typeof contentMediaType !== "string" || contentMediaType.includes("*")) continue;
    found.set(name, { type: contentMediaType, ...found.get(name) });
  }
  if (isMultipart)
    for (const { name, format } of fields) {
      if (format !== "binary") continue;
      const property = name.replace(/\[\]$/, "");
      found.set(property, { ...found.get(property), isFile: true });
    }
  return found.size === 0 ? NO_ENCODINGS : found;
}

/** Undefined where neither `style` nor `explode` is given: then the media type counts. */
function styleOf({ style, explode }: JsonObject): ParameterStyle | undefined {
  if (style === undefined && explode === undefined) return undefined;
  const name = STYLES.find((one) => one === style) ?? "form";
  return { name, explode: typeof explode === "boolean" ? explode : name === "form" };
}

/** The first of the media types that a property may have; one with a wildcard names none. */
function firstType(given: Json | undefined): string | undefined {
  const first = text(given).split(",")[0]?.trim() ?? "";
  return first === "" || first.includes("*") ? undefined : first;
}
