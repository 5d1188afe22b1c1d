import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import type { ParameterStyle } from "../parameter-style.ts";
import type { PropertyEncoding, PropertyEncodings } from "../request-body.ts";
import type { OpenApiDocument } from "./document.ts";
import { text } from "./schema-fields.ts";

const NO_ENCODINGS: PropertyEncodings = new Map();
const STYLES: readonly ParameterStyle["name"][] = ["form", "spaceDelimited", "pipeDelimited", "deepObject"];

/**
 * How the properties of a form are written (OpenAPI 3.1, "Encoding Object"): the media type of a part, the style of a
 * list or an object, and which of them are files by their schema (`format: binary`).
 * @param media the media type object of the body
 * @param fields of the body
 */
export function encodingsOf(
  document: OpenApiDocument,
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
    found.set(name, encoding);
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
