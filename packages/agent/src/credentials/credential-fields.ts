import {
  type CredentialName,
  canBeCredential,
  credentialName,
} from "@ape/core/config/secrets/credential-name";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import { byName } from "@ape/core/protocol/fields/by-name";

/** A credential of an answer. */
export interface CredentialField {
  /** Name of its placeholder: distinct within an answer, and fit for a line of a prompt. */
  name: string;
  value: string;
  /** As in {@link CredentialName}; undefined for credentials that no call sends by itself. */
  preference: number | undefined;
  /** Name of the object that holds it; empty at the top. */
  within: string;
}

const MAX_NODES = 10_000;
const MAX_DEPTH = 12;
const MAX_CREDENTIALS = 40;
/** Deeper, or in a list, a credential is kept secret and not sent with calls: it may be another user's. */
const MAX_SHOWN_DEPTH = 4;
const MAX_NAME = 60;
/** Objects that repeat a request to its sender: the target did not issue their values. */
const ECHO = /^(?:(?:request|req|received|sent)?[_-]?headers?|request|req|echo(?:ed)?|trailers)$/i;
/** Fields that hold the credential itself, in an object with a credential's name. */
const ITSELF = /^(?:value|raw|string|plain|plaintext|plain_?text|text|encoded|content|data|pass)$/i;
/** Fields whose meaning depends on the name of their object: `tokens.refresh`, `session.id`. */
const COMPLETED = /^(?:access|refresh|bearer|auth|csrf|xsrf|api|session|client|id|key|secret|jwt)$/i;
const PLURAL = /(?:tokens|secrets|passwords|keys|jwts)$/i;
const NOT_ITSELF = /type|scope|expir|issued|created|updated|_at$|At$|url|uri|name|user|email|^id$|Id$|_id$/;

/**
 * Finds the credentials of an answer by the names of their fields, at any depth: texts and numbers under a credential's
 * name, lists of them, and objects that wrap one (`{"token": {"value": ..}}`). Bounded: 10,000 values are looked at, 12
 * levels deep, and 40 credentials returned.
 */
export function credentialFields(json: Json): CredentialField[] {
  const search: Search = { found: [], left: MAX_NODES };
  look(search, json, "", "", undefined, true, 0);
  return search.found;
}

interface Search {
  found: CredentialField[];
  left: number;
}

/**
 * Searches a value and everything below it. Takes single arguments, not an object: it is called for every composite of
 * every answer.
 * @param name of the value
 * @param above name of the object around it
 * @param own meaning of its name, or of the name of what wraps it
 * @param shown whether calls may send it
 */
function look(
  search: Search,
  value: Json,
  name: string,
  above: string,
  own: CredentialName | undefined,
  shown: boolean,
  depth: number,
): void {
  search.left -= 1;
  if (search.left < 0 || search.found.length >= MAX_CREDENTIALS) return;
  if (typeof value === "string" || isNumber(value)) {
    if (own !== undefined && canBeCredential(name, own, value))
      keep(search, String(value), name, above, shown ? own.preference : undefined);
    return;
  }
  if (typeof value !== "object" || value === null || depth >= MAX_DEPTH) return;
  if (Array.isArray(value)) {
    const alone = value.length === 1;
    for (const item of value) look(search, item, name, above, own, shown && alone, depth + 1);
    return;
  }
  if (!isJsonObject(value)) return;
  const below = shown && depth < MAX_SHOWN_DEPTH && !ECHO.test(name);
  for (const key in value) {
    const item = value[key] ?? null;
    // Checked first: most fields are scalars whose names do not mean credentials.
    const said =
      credentialName(key) ??
      (name === "" || (own === undefined && !isCompleted(key)) ? undefined : completed(key, name, own, item));
    if (said === undefined && (typeof item !== "object" || item === null)) {
      search.left -= 1;
      continue;
    }
    const wraps = said !== undefined && own !== undefined && ITSELF.test(key);
    look(search, item, wraps ? name : key, name, said, below, depth + 1);
  }
}

/** See {@link COMPLETED}. */
const isCompleted = byName((key) => COMPLETED.test(key));

/** By the name of an object: the meaning of the ambiguous names of its fields. */
const completedIn = byName((parent) => byName((key) => completedName(key, parent) ?? null));

function completedName(key: string, parent: string): CredentialName | undefined {
  // The id of a token that has its own object is its number.
  if (key.toLowerCase() === "id" && !/sess|tokens$/i.test(parent)) return undefined;
  return credentialName(
    /^(?:id|key)$/i.test(key) && !PLURAL.test(parent) ? `${parent} ${key}` : `${key} ${parent}`,
  );
}

/** Meaning of a field whose own name is ambiguous, by the name of its object. */
function completed(
  key: string,
  parent: string,
  own: CredentialName | undefined,
  item: Json,
): CredentialName | undefined {
  if (isCompleted(key)) return completedIn(parent)(key) ?? undefined;
  if (own === undefined || own.weak) return undefined;
  if (ITSELF.test(key)) return own;
  return PLURAL.test(parent) && typeof item === "string" && !NOT_ITSELF.test(key)
    ? { preference: undefined, weak: true }
    : undefined;
}

function keep(
  { found }: Search,
  value: string,
  name: string,
  within: string,
  preference: number | undefined,
): void {
  const plain = name.replaceAll(/[^\w@$. -]/g, "_").slice(0, MAX_NAME);
  let unique = plain;
  for (let n = 2; found.some((one) => one.name === unique); n += 1) {
    if (found.some((one) => one.name === unique && one.value === value)) return;
    unique = `${plain} ${n}`;
  }
  found.push({ name: unique, value, preference, within });
}
