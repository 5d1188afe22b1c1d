import type { Json, JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { jsonOf } from "./json-text.ts";
import type { WrittenCall } from "./written-call.ts";

/** A call as Python writes it: `name(page=2, data={"a": True})`. */
const PYTHON_CALL = /^([A-Za-z_][\w.-]*)\(([\s\S]*)\)$/;
/** Gemini writes the call whose result it wants to see. */
const PRINTED = /^print\(([\s\S]*)\)$/;
const KEYWORD = /^\s*([A-Za-z_]\w*)\s*=\s*([\s\S]+?)\s*$/;

/** Llama 3.2, Gemma and others: the whole text is one call, a list of calls, or one call a line in Python. */
export function pythonCalls(text: string): WrittenCall[] | undefined {
  const inner = /^\[([\s\S]*)\]$/.exec(text.trim())?.[1] ?? text.trim();
  const calls: WrittenCall[] = [];
  for (const part of topLevel(inner, "\n;")) {
    const call = part.trim();
    if (call === "") continue;
    const [, name, list] = PYTHON_CALL.exec(PRINTED.exec(call)?.[1] ?? call) ?? [];
    if (name === undefined || list === undefined) return undefined;
    const args = keywordArguments(list);
    if (args === undefined) return undefined;
    calls.push({ name, arguments: writeJson(args) });
  }
  return calls.length === 0 ? undefined : calls;
}

/** Arguments as Python writes them in a call: `page=2, data={"a": True}`; undefined if they are anything else. */
export function keywordArguments(list: string): JsonObject | undefined {
  const args: JsonObject = {};
  for (const one of list.trim() === "" ? [] : topLevel(list)) {
    const [, key, value] = KEYWORD.exec(one) ?? [];
    const read = value === undefined ? undefined : pythonValue(value);
    if (key === undefined || read === undefined) return undefined;
    args[key] = read;
  }
  return args;
}

/** Splits a list at the commas, and at other marks, outside of brackets and quotes. */
function topLevel(text: string, others = ""): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  let quote = "";
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (quote !== "") {
      if (char === "\\") at += 1;
      else if (char === quote) quote = "";
    } else if (char === '"' || char === "'") quote = char;
    else if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    else if ((char === "," || others.includes(char)) && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

const LITERAL = /"(?:\\[\s\S]|[^"\\])*"|'((?:\\[\s\S]|[^'\\])*)'|\b(?:True|False|None)\b|,(?=\s*[}\]])/g;
const CONSTANTS: Readonly<Record<string, string>> = { True: "true", False: "false", None: "null", ",": "" };

/** Converts a Python literal to JSON; undefined if JSON has no such value. */
export function pythonValue(text: string): Json | undefined {
  return jsonOf(
    text.replaceAll(LITERAL, (part, single?: string) =>
      single === undefined ? (CONSTANTS[part] ?? part) : quoted(single),
    ),
  );
}

/** A text between single quotes as JSON. */
function quoted(text: string): string {
  return `"${text.replaceAll(/\\[\s\S]|"/g, (part) => (part === "\\'" ? "'" : part === '"' ? '\\"' : part))}"`;
}
