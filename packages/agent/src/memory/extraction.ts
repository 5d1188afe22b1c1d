import { PREFERENCE } from "@ape/core/config/secrets/credential-name";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { ApiField } from "@ape/core/protocol/api";
import { isIdName } from "@ape/core/protocol/id-name";
import { credentialFields } from "../credentials/credential-fields.ts";

const NO_SECRETS: ReadonlySet<string> = new Set();

/** A value of an answer that a later step may need. */
export interface ExtractedValue {
  name: string;
  value: string;
  /** A credential that later calls show. */
  token: boolean;
  /** For a token: the lowest is sent; see {@link PREFERENCE}. */
  preference?: number;
  /** The model sees only its placeholder. */
  secret: boolean;
  /** The API document's description of it. */
  words: string;
  /** Name of the object that holds it; empty at the top. */
  within: string;
}

const MAX_VALUE = 400;
const MAX_TOKEN = 4_000;
const MAX_KEYS = 60;
const MAX_GAINED = 12;
/**
 * Names that are valid on the line of a prompt: an answer's field names are data, and must not look like anything else.
 */
const PLAIN_NAME = /^[\w@$. -]{1,60}$/;
const KEEP_NAME = /(?:token|csrf|next|cursor|href|url|link)$|(?:Token|Cursor|Url|Link)$/;
const KEEP_TEXT = /\b(?:id|identifier|uuid|number|reference|code|key|token|cursor|link)\b/i;
/** Fields that the document calls tokens but that are no credentials. */
const OTHER_TOKEN = /csrf|xsrf|refresh|next|page|type|cursor|continu|sync|scope|expir/i;
const TOKEN_TEXT = /\b(?:access token|bearer|api key|token|credential|key that)\b/i;
const TOKEN_FORMAT = /^(?:jwt|token|bearer|api-?key|password)$/i;
const OPAQUE = /^[\w.~+/=-]{8,}$/;
/** Names of values for tracing, caching and versions, which are long and random as well. */
const NO_CREDENTIAL =
  /trace|span|request|correlation|etag|hash|checksum|digest|build|version|commit|region|host|server|node|agent|nonce|signature|cache|policy|next|cursor|page|type/i;
/** Names that credentials have as well as references: `{"key": "9f3c…"}`. */
const MAYBE_CREDENTIAL = /(?:key|code)$/i;
/** Long, without a recognisable form, letters and digits mixed: a credential under any name. */
const CREDENTIAL_LIKE = /^(?=.*\d)(?=.*[A-Za-z])(?!\/)(?!\d{4}-\d\d-\d\d)[\w.~+/=-]{16,}$/;

/**
 * Finds the ids, tokens, links and cursors in an answer: credentials at any depth by their names, whatever their values
 * look like; other scalars at the top and one level below, by their names or by the API document's words for them. Lists
 * of those are left to the model. Bounded: 60 keys are looked at, 12 values kept, besides {@link credentialFields}.
 * @param fields the operation's answer fields, where the API is documented
 * @param login the call was a login, and the API's document says that calls show a credential: where no field's name or
 * words say so, the longest value that looks like one is taken for it, at the top before one level below
 */
export function extractState(
  json: Json,
  fields: ReadonlyMap<string, ApiField> | undefined,
  login: boolean,
): ExtractedValue[] {
  const gained: ExtractedValue[] = [];
  for (const { preference, ...field } of credentialFields(json))
    gained.push({
      ...field,
      token: preference !== undefined,
      ...(preference === undefined ? {} : { preference }),
      secret: true,
      words:
        fields?.get(field.within === "" ? field.name : `${field.within}.${field.name}`)?.description ?? "",
    });
  if (!isJsonObject(json)) return gained;
  const secrets = gained.length === 0 ? NO_SECRETS : new Set(gained.map(({ value }) => value));
  const found: Finder = { gained, secrets, most: MAX_GAINED + gained.length, fields, credential: undefined };
  let looked = 0;
  for (const key in json) {
    looked += 1;
    if (looked > MAX_KEYS) break;
    const value = json[key] ?? null;
    if (isJsonObject(value)) {
      for (const inner in value) {
        looked += 1;
        if (looked > MAX_KEYS) break;
        consider(found, inner, value[inner] ?? null, `${key}.`);
      }
    } else consider(found, key, value, "");
  }
  if (login && found.credential !== undefined && !gained.some(({ token }) => token)) {
    const { name, value } = found.credential;
    const known = gained.find((one) => one.name === name && one.value === value);
    const credential = { token: true, secret: true, preference: PREFERENCE.other };
    if (known === undefined) gained.push({ ...found.credential, ...credential });
    else Object.assign(known, credential);
  }
  return gained;
}

interface Finder {
  gained: ExtractedValue[];
  /** Values of the credentials that were found by name. */
  secrets: ReadonlySet<string>;
  /** At most this many may be in `gained`, besides tokens. */
  most: number;
  fields: ReadonlyMap<string, ApiField> | undefined;
  /** The longest value so far that looks like a credential and has no telling name; one at the top goes first. */
  credential: ExtractedValue | undefined;
}

function consider(found: Finder, name: string, value: Json, prefix: string): void {
  if (typeof value !== "string" && !isNumber(value)) return;
  const text = String(value);
  if (text === "" || text.length > MAX_TOKEN || !PLAIN_NAME.test(name) || found.secrets.has(text)) return;
  const field = found.fields?.get(prefix === "" ? name : prefix + name);
  // A value that can be only one thing carries no information: "Bearer".
  if (field?.enum?.length === 1) return;
  const words = field?.description ?? "";
  const opaque = typeof value === "string" && OPAQUE.test(text);
  const token =
    opaque && !OTHER_TOKEN.test(name) && (TOKEN_TEXT.test(words) || TOKEN_FORMAT.test(field?.format ?? ""));
  const keep = token || isIdName(name) || KEEP_NAME.test(name) || KEEP_TEXT.test(words);
  const one: ExtractedValue = { name, value: text, token, secret: token, words, within: prefix.slice(0, -1) };
  if (token) one.preference = PREFERENCE.other;
  if (keep && (token || text.length <= MAX_VALUE) && (token || found.gained.length < found.most))
    found.gained.push(one);
  if (
    opaque &&
    (!keep || MAYBE_CREDENTIAL.test(name)) &&
    CREDENTIAL_LIKE.test(text) &&
    !NO_CREDENTIAL.test(name) &&
    isBetter(one, found.credential)
  )
    found.credential = one;
}

/** Whether a value is more likely a login's credential than the best so far. */
function isBetter(one: ExtractedValue, best: ExtractedValue | undefined): boolean {
  if (best === undefined) return true;
  const isTop = one.within === "";
  return isTop === (best.within === "") ? one.value.length > best.value.length : isTop;
}
