import type { ApiField } from "@ape/core/api";
import { isJsonObject, type Json } from "@ape/core/json";

/** A value of an answer that a later step may need. */
export interface Gained {
  name: string;
  value: string;
  /** A credential: shown to the model as a placeholder only. */
  token: boolean;
}

const MAX_VALUE = 400;
const MAX_KEYS = 60;
const KEEP_NAME =
  /(?:^|[a-z_-])(?:id|uuid|number|no|ref|reference|code|key|token|csrf|next|cursor|href|url|link|slug)$|(?:Id|ID|Number|Ref|Code|Key|Token|Cursor|Url|Link)$/;
const KEEP_TEXT = /\b(?:id|identifier|uuid|number|reference|code|key|token|cursor|link)\b/i;
const TOKEN_NAME = /token|jwt|api_?key|access_?key|session_?key|bearer/i;
const TOKEN_TEXT = /\b(?:access token|bearer|api key|token|credential|key that)\b/i;
const OPAQUE = /^[\w.~+/=-]{16,}$/;

/**
 * Finds the ids, tokens, links and cursors in an answer: scalars at the top and one level below, by their names or by
 * the API document's words for them. Lists are left to the model. Bounded: at most 60 keys are looked at.
 * @param fields the operation's answer fields, where the API is documented
 */
export function gainState(json: Json, fields: ReadonlyMap<string, ApiField> | undefined): Gained[] {
  const gained: Gained[] = [];
  if (!isJsonObject(json)) return gained;
  let looked = 0;
  for (const key in json) {
    looked += 1;
    if (looked > MAX_KEYS) break;
    const value = json[key] ?? null;
    if (isJsonObject(value)) {
      for (const inner in value) {
        looked += 1;
        if (looked > MAX_KEYS) break;
        consider(gained, inner, value[inner] ?? null, fields?.get(`${key}.${inner}`));
      }
    } else consider(gained, key, value, fields?.get(key));
  }
  return gained;
}

function consider(gained: Gained[], name: string, value: Json, field: ApiField | undefined): void {
  if (typeof value !== "string" && typeof value !== "number") return;
  const text = String(value);
  if (text === "" || text.length > 4_000) return;
  const words = field?.description ?? "";
  const token =
    typeof value === "string" &&
    text.length >= 8 &&
    (TOKEN_NAME.test(name) || (TOKEN_TEXT.test(words) && OPAQUE.test(text)));
  if (!token && text.length > MAX_VALUE) return;
  if (token || KEEP_NAME.test(name) || KEEP_TEXT.test(words)) gained.push({ name, value: text, token });
}
