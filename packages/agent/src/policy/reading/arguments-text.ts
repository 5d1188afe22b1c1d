import type { Json } from "@ape/core/lib/json";
import { isJsonObject } from "@ape/core/lib/json";
import { jsonOf } from "./json-text.ts";
import { objectEnd, unfenced } from "./object-end.ts";
import { keywordArguments, pythonValue } from "./python-calls.ts";

/** Arguments, and whether their text had to be repaired. */
export interface ReadArguments {
  value: Json;
  repaired: boolean;
}

/**
 * Reads the text of a call's arguments: JSON, JSON that was encoded twice, fenced JSON, JSON behind an empty object that
 * some servers send first, JSON before marks of a chat template, JSON with a bracket too many, a comma too many, or a line
 * break within a text, a Python literal, or a list of one object.
 * @returns undefined where it is no JSON
 */
export function readArguments(text: string): ReadArguments | undefined {
  const read = readText(text);
  if (read === undefined || !Array.isArray(read.value) || read.value.length !== 1) return read;
  const [only] = read.value;
  return isJsonObject(only) ? { value: only, repaired: true } : read;
}

function readText(text: string): ReadArguments | undefined {
  if (text.trim() === "") return { value: {}, repaired: false };
  const value = jsonOf(text);
  if (typeof value === "string") {
    const inner = jsonOf(value.trim()) ?? jsonOf(unfenced(value));
    return inner === undefined || typeof inner !== "object"
      ? { value, repaired: false }
      : { value: inner, repaired: true };
  }
  if (value === null) return { value: {}, repaired: true };
  if (value !== undefined) return { value, repaired: false };
  const repaired =
    jsonOf(unfenced(text)) ??
    jsonOf(behindEmpty(text)) ??
    jsonOf(doubled(text)) ??
    jsonOf(withoutMarks(text)) ??
    jsonOf(tidied(text)) ??
    literal(unfenced(text));
  return repaired === undefined ? undefined : { value: repaired, repaired: true };
}

/** The object that a Python literal, or the arguments of a call in Python, are. */
function literal(text: string): Json | undefined {
  return /^\s*[[{]/.test(text) ? pythonValue(text) : keywordArguments(text);
}

const behindEmpty = (text: string): string => text.replace(/^\s*\{\s*\}\s*(?=\{)/, "");

/** The first of two equal objects. */
function doubled(text: string): string {
  const end = objectEnd(text, text.indexOf("{"));
  if (end === undefined) return text;
  const first = text.slice(0, end).trim();
  return text.slice(end).trim() === first ? first : text;
}

/** The text without the marks of a chat template behind it: `<|im_end|>`, `</tool_call>`. */
const withoutMarks = (text: string): string =>
  text.replace(/(?:\s*(?:<[|｜][^<>|｜]*[|｜]>|<\/[\w:-]+>))+\s*$/, "");

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The text without commas before closing brackets and brackets after its end, its line breaks within texts escaped. */
function tidied(text: string): string {
  const start = text.search(/\S/);
  const end = objectEnd(text, start);
  if (text[start] !== "{" || end === undefined || !/^[\s\]}]*$/.test(text.slice(end))) return text;
  return text
    .slice(start, end)
    .replaceAll(/"(?:\\[\s\S]|[^"\\])*"|,(?=\s*[}\]])/g, (part) =>
      part === "," ? "" : part.replaceAll(/[\n\r\t]/g, (char) => ESCAPES[char] ?? char),
    );
}
