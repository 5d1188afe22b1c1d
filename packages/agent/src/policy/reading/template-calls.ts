import type { JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { jsonOf } from "./json-text.ts";
import { objectEnd, unfenced } from "./object-end.ts";
import type { WrittenCall } from "./written-call.ts";

/** Reads the calls of a text in one form; undefined where there is none. */
type CallReader = (text: string) => WrittenCall[] | undefined;

/** Llama: `<function=name>{..}</function>`, `<function(name)>{..}`; Qwen3-Coder: parameters in tags within. */
const NAMED = /<function[=(]"?([^>)"\s]+)"?\)?>\s*([\s\S]*?)\s*(?:<\/function>|$)/gi;
const PARAMETER = /<parameter=([^>\s]+)>\s*([\s\S]*?)\s*(?:<\/parameter>|(?=<parameter=)|$)/gi;
/**
 * MiniMax and others: `<invoke name="name"><parameter name="k">v</parameter></invoke>`; DeepSeek and Step put their own
 * prefix before the tags' names. DeepSeek marks with `string="false"` what is JSON.
 */
const INVOKED =
  /<(?:[^<>\s"/]*[:｜|])?invoke name="([^"<>]+)"\s*>\s*([\s\S]*?)\s*(?:<\/(?:[^<>\s"/]*[:｜|])?invoke>|$)/gi;
const NAMED_PARAMETER =
  /<(?:[^<>\s"/]*[:｜|])?parameter name="([^"<>]+)"(?:\s+string="(true|false)")?\s*>\s*([\s\S]*?)\s*(?:<\/(?:[^<>\s"/]*[:｜|])?parameter>|$)/gi;
/** Agents that reason in steps: `Action: name`, then `Action Input: {..}`. */
const ACTION = /^[ \t]*Action:[ \t]*`?([\w.-]+)`?[ \t]*\n\s*Action Input:\s*/gim;
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
    all(text.matchAll(INVOKED), ([, name = "", inner = ""]) => ({ name, arguments: parametersOf(inner) })),
  (text) => all(text.matchAll(ACTION), (match) => behind(text, match, match[1])),
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

/** Arguments in tags that have their names as an attribute. */
function parametersOf(text: string): string {
  const args: JsonObject = {};
  for (const [, key = "", isText, value = ""] of text.matchAll(NAMED_PARAMETER))
    if (key !== "__proto__") args[key] = isText === "false" ? (jsonOf(value) ?? value) : value;
  return writeJson(args);
}
