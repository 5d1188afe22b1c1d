import type { JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { objectEnd, unfenced } from "./object-end.ts";
import type { WrittenCall } from "./written-call.ts";

/** Reads the calls of a text in one form; undefined where there is none. */
type CallReader = (text: string) => WrittenCall[] | undefined;

/** Llama: `<function=name>{..}</function>`, `<function(name)>{..}`; Qwen3-Coder: parameters in tags within. */
const NAMED = /<function[=(]"?([^>)"\s]+)"?\)?>\s*([\s\S]*?)\s*(?:<\/function>|$)/gi;
const PARAMETER = /<parameter=([^>\s]+)>\s*([\s\S]*?)\s*(?:<\/parameter>|(?=<parameter=)|$)/gi;
/** GLM: `<tool_call>name`, then `<arg_key>k</arg_key><arg_value>v</arg_value>`. */
const KEYED = /<tool_call>\s*([\w.-]+)\s*((?:<arg_key>[\s\S]*?<\/arg_value>\s*)*)(?:<\/tool_call>|$)/gi;
const KEY = /<arg_key>\s*([\s\S]*?)\s*<\/arg_key>\s*<arg_value>\s*([\s\S]*?)\s*<\/arg_value>/gi;
/** gpt-oss (Harmony): `<|channel|>commentary to=functions.name <|constrain|>json<|message|>{..}<|call|>`. */
const ADDRESSED = /\bto=([\w.-]+)[^{}]*?<\|message\|>/g;
/** Kimi: `<|tool_call_begin|>functions.name:0<|tool_call_argument_begin|>{..}<|tool_call_end|>`. */
const BEGUN = /<\|tool_call_begin\|>\s*([\w.:-]+?)\s*<\|tool_call_argument_begin\|>/g;
/** DeepSeek: `<｜tool▁call▁begin｜>function<｜tool▁sep｜>name`, then fenced arguments; the newer form has name, then arguments. */
const SEPARATED = /<｜tool▁call▁begin｜>\s*([\w.-]+)\s*<｜tool▁sep｜>\s*(?:([\w.-]+)\s*(?=\n|```))?/g;

/** Forms of calls that the chat templates of models have, when their server does not parse them. */
export const TEMPLATE_CALLS: readonly CallReader[] = [
  (text) =>
    all(text.matchAll(NAMED), ([, name = "", inner = ""]) => ({
      name,
      arguments: /^<parameter=/i.test(inner) ? tagged(inner, PARAMETER) : inner === "" ? "{}" : inner,
    })),
  (text) =>
    all(text.matchAll(KEYED), ([, name = "", inner = ""]) => ({ name, arguments: tagged(inner, KEY) })),
  (text) => all(text.matchAll(ADDRESSED), (match) => behind(text, match, match[1])),
  (text) => all(text.matchAll(BEGUN), (match) => behind(text, match, match[1])),
  (text) => all(text.matchAll(SEPARATED), (match) => behind(text, match, match[2] ?? match[1])),
];

function all(
  matches: Iterable<RegExpMatchArray>,
  read: (match: RegExpMatchArray) => WrittenCall | undefined,
): WrittenCall[] | undefined {
  const calls = [...matches].flatMap((match) => read(match) ?? []);
  return calls.length === 0 ? undefined : calls;
}

/** The call whose arguments follow a match. */
function behind(text: string, match: RegExpMatchArray, name = ""): WrittenCall | undefined {
  const rest = unfenced(text.slice((match.index ?? 0) + match[0].length).trimStart()).trimStart();
  const end = rest.startsWith("{") ? objectEnd(rest, 0) : undefined;
  return end === undefined ? undefined : { name, arguments: rest.slice(0, end) };
}

/** Arguments in tags; their values are texts, which the tool's schema converts to numbers and objects. */
function tagged(text: string, pattern: RegExp): string {
  const args: JsonObject = {};
  for (const [, key = "", value = ""] of text.matchAll(pattern)) if (key !== "__proto__") args[key] = value;
  return writeJson(args);
}

/** A call as Python writes it: `name(page=2, data={"a": True})`. */
const PYTHON_CALL = /^([A-Za-z_][\w.-]*)\(([\s\S]*)\)$/;
const KEYWORD = /^\s*([A-Za-z_]\w*)\s*=\s*([\s\S]+?)\s*$/;

/** Llama 3.2, Gemma and others: the whole text is one call or a list of calls in Python. */
export function pythonCalls(text: string): WrittenCall[] | undefined {
  const inner = /^\[([\s\S]*)\]$/.exec(text.trim())?.[1] ?? text.trim();
  const calls: WrittenCall[] = [];
  for (const part of topLevel(inner)) {
    const [, name, list] = PYTHON_CALL.exec(part.trim()) ?? [];
    if (name === undefined || list === undefined) return undefined;
    const args: JsonObject = {};
    for (const one of list.trim() === "" ? [] : topLevel(list)) {
      const [, key, value] = KEYWORD.exec(one) ?? [];
      const read = value === undefined ? undefined : pythonValue(value);
      if (key === undefined || read === undefined) return undefined;
      args[key] = read;
    }
    calls.push({ name, arguments: writeJson(args) });
  }
  return calls.length === 0 ? undefined : calls;
}

/** Splits a list at the commas outside of brackets and quotes. */
function topLevel(text: string): string[] {
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
    else if (char === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** Converts a Python literal to JSON; undefined if JSON has no such value. */
function pythonValue(text: string): JsonObject[string] | undefined {
  const json = text.replaceAll(
    /"(?:\\.|[^"\\])*"|'((?:\\.|[^'\\])*)'|\b(?:True|False|None)\b/g,
    (part, single) =>
      single !== undefined
        ? JSON.stringify(String(single).replaceAll("\\'", "'"))
        : part.startsWith('"')
          ? part
          : part === "None"
            ? "null"
            : part.toLowerCase(),
  );
  try {
    return JSON.parse(json) as JsonObject[string];
  } catch {
    return undefined;
  }
}
