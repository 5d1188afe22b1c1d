import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { parseJson, writeJson } from "@ape/core/lib/lossless-number";

/** A call as a model wrote it: `arguments` is JSON as text. */
export interface WrittenCall {
  name: string;
  arguments: string;
}

/** Marks of turns and calls that servers leave in the text where they do not parse calls. */
const MARKS = /<\|(?:eot_id|eom_id|im_end|end|end_of_text|python_tag|tool_call)\|>|<\/s>|\[TOOL_CALLS\]/g;
const REASONING = /<think>[\s\S]*?<\/think>/g;
/** Hermes and Qwen; the end is missing where the answer's end is. */
const TAGGED = /<tool_call>([\s\S]*?)(?:<\/tool_call>|$)/g;
/** Llama 3.1's own form of a function. */
const FUNCTION = /<function=([^>\s]+)>([\s\S]*?)<\/function>/g;
const FENCED = /```[\w-]*\s([\s\S]*?)```/g;

/**
 * The calls that a text holds in place of tool calls: tagged, fenced, or as JSON that the text ends with.
 * @returns nothing where any part that looks like a call cannot be read as one, or where more text follows a bare call
 */
export function readTextCalls(content: string): WrittenCall[] {
  const text = content.replaceAll(REASONING, "").replaceAll(MARKS, " ").trim();
  const tagged = Array.from(text.matchAll(TAGGED), (match) => readParts(match[1] ?? ""));
  if (tagged.length > 0) return joined(tagged);
  const functions = Array.from(text.matchAll(FUNCTION), ([, name = "", body = ""]) =>
    isText(body) ? [{ name, arguments: body.trim() === "" ? "{}" : body.trim() }] : undefined,
  );
  if (functions.length > 0) return joined(functions);
  const fenced = Array.from(text.matchAll(FENCED), (match) => readParts(match[1] ?? ""));
  if (fenced.length > 0) return joined(fenced);
  const start = text.search(/[[{]/);
  return start < 0 ? [] : (readParts(text.slice(start)) ?? []);
}

function joined(parts: readonly (WrittenCall[] | undefined)[]): WrittenCall[] {
  const calls: WrittenCall[] = [];
  for (const part of parts) {
    if (part === undefined) return [];
    calls.push(...part);
  }
  return calls;
}

/** Calls as JSON values one after another, with nothing else but separators between and after them. */
function readParts(text: string): WrittenCall[] | undefined {
  const calls: WrittenCall[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const end = valueEnd(rest);
    const found = end === undefined ? undefined : callsOf(parsed(rest.slice(0, end)));
    if (end === undefined || found === undefined) return undefined;
    calls.push(...found);
    rest = rest.slice(end).replace(/^[\s;,]+/, "");
  }
  return calls;
}

/** Where the object or list that a text begins with ends. */
function valueEnd(text: string): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (quoted) {
      if (char === "\\") i += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") depth -= 1;
    if (depth === 0 && !quoted) return char === "}" || char === "]" ? i + 1 : undefined;
  }
  return undefined;
}

function parsed(text: string): Json | undefined {
  try {
    return parseJson(text) as Json;
  } catch {
    return undefined;
  }
}

const isText = (text: string): boolean => text.trim() === "" || isJsonObject(parsed(text));

const NAMES = ["name", "tool", "tool_name", "function"] as const;
const ARGUMENTS = ["arguments", "parameters", "args", "input", "tool_input"] as const;
/** What servers put beside a call. */
const BESIDE = new Set(["id", "type", "index"]);

/**
 * The calls that a value holds: `{name, arguments}` of most models, `{name, parameters}` of Llama's, `{tool, arguments}`,
 * a whole message with `tool_calls` or `function_call`, or a list of those.
 */
export function callsOf(value: Json | undefined): WrittenCall[] | undefined {
  if (Array.isArray(value)) {
    const all = value.map(callsOf);
    return value.length > 0 && all.every((calls) => calls !== undefined) ? all.flat() : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  for (const key of ["tool_calls", "function_call", "function"])
    if (typeof value[key] === "object") return callsOf(value[key]);
  const named = NAMES.find((key) => typeof value[key] === "string");
  if (named === undefined) return undefined;
  const name = value[named] as string;
  const given = ARGUMENTS.find((key) => isArguments(value[key]));
  return [{ name, arguments: given === undefined ? rest(value, named) : written(value[given]) }];
}

const isArguments = (value: Json | undefined): boolean => isJsonObject(value) || typeof value === "string";

const written = (value: Json | undefined): string => (typeof value === "string" ? value : writeJson(value));

/** Arguments that stand beside the name itself. */
function rest(value: JsonObject, named: string): string {
  return writeJson(
    Object.fromEntries(Object.entries(value).filter(([key]) => key !== named && !BESIDE.has(key))),
  );
}
