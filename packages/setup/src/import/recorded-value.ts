import { withoutByteOrderMark } from "@ape/core/lib/charset";
import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";

/**
 * Reads the JSON of another tool's file.
 * @throws ApeError DATA_INVALID
 */
export function parseImportedJson(text: string, file: string): Json {
  try {
    return JSON.parse(withoutByteOrderMark(text)) as Json;
  } catch (cause) {
    throw new ApeError("DATA_INVALID", `${file} is no JSON`, {
      cause,
      hint: "Export it again from its tool.",
    });
  }
}

/** A value as an object; an empty one if it is none. */
export const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** A value as a list; an empty one if it is none. */
export const entriesOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** A plain value as text; undefined if it is none. */
export const plainText = (value: Json | undefined): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;

/** An address without its user and password, and whether it had any (RFC 3986 3.2.1). */
export function withoutUser(url: string): { url: string; hadUser: boolean } {
  const bare = url.replace(/^(https?:\/\/)[^/?#\\]*@/i, "$1");
  return { url: bare, hadUser: bare !== url };
}

/** What is listed of an address with a user. */
export const USER_OF_ADDRESS = "the user in its address: choose the credentials with --auth";

/** `[{"name": "a", "value": "b"}]` as an object; skips entries that are disabled or have no name. */
export function pairsOf(list: Json | undefined, key: "name" | "key"): Record<string, string> {
  const pairs: [string, string][] = [];
  for (const entry of entriesOf(list)) {
    const { [key]: given, value, disabled, enabled } = objectOf(entry);
    const name = plainText(given);
    if (name !== undefined && name !== "" && disabled !== true && enabled !== false)
      pairs.push([name, plainText(value) ?? ""]);
  }
  return Object.fromEntries(pairs);
}
