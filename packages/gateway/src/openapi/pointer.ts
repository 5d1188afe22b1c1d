import { isComposite, type Json, type JsonObject } from "@ape/core/lib/json";

/** Escapes a key as one part of a JSON pointer (RFC 6901, section 3). */
export const escapePointer = (key: string): string =>
  key.includes("~") || key.includes("/") ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;

/** The value that a JSON pointer leads to, given as a URI fragment such as `#/a/b` (RFC 6901, section 6). */
export function valueAtPointer(root: JsonObject, fragment: string): Json | undefined {
  if (fragment === "#") return root;
  if (!fragment.startsWith("#/")) return undefined;
  let at: Json | undefined = root;
  for (const part of fragment.slice(2).split("/")) {
    if (!isComposite(at)) return undefined;
    const key = unescapePointer(part);
    if (Array.isArray(at)) at = at[Number(key)];
    else at = Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

function unescapePointer(part: string): string {
  const text = part.replaceAll("~1", "/").replaceAll("~0", "~");
  if (!part.includes("%")) return text;
  try {
    return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return text;
  }
}
