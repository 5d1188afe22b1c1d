import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { jsonOf } from "./json-text.ts";
import { BEHIND, nameBefore, namedByTags } from "./named-calls.ts";
import { objectEnd, unfenced } from "./object-end.ts";
import { pythonCalls, pythonValue } from "./python-calls.ts";
import { TEMPLATE_CALLS } from "./template-calls.ts";
import type { IsTool, WrittenCall } from "./written-call.ts";

/** Only the end of a longer text is searched: a call follows the reasoning. */
const MAX_TEXT = 65_536;
/** Number of object beginnings that are tried in prose. */
const MAX_STARTS = 20;
const MAX_CALLS = 8;

/** Reasoning that is not part of the answer. */
const REASONING = /<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/gi;
/** Hermes and Qwen: `<tool_call>{..}</tool_call>`; the end may be missing. */
const TAGGED =
  /<(tool_?calls?|function_calls?|tool_use|tools?|tool_code)>\s*([\s\S]*?)\s*(?:<\/\1>|(?=<(?:tool_?call|function_call|tool_use|tools?|tool_code)>)|$)/gi;
/** Hunyuan: a name, then fenced arguments. */
const NAME_FIRST = /^([\w.-]+)\s*(?:```\w*\s*)?(\{[\s\S]*)$/;
/** Marks that chat templates put around calls. */
const SPECIAL = /<[|｜][^<>|｜]*[|｜]>/g;
/** Mistral: `[TOOL_CALLS][{..}]`; Llama: `<|python_tag|>{..}`; others. */
const MARKER =
  /(?:\[TOOL_CALLS\]|<\|python_tag\|>|<\|tool_call\|>|<\|action_start\|>(?:<\|plugin\|>)?|<\|START_ACTION\|>)\s*/i;
const FENCED = /```[\w-]*\s*\n?([\s\S]*?)(?:```|$)/g;

/**
 * Finds tool calls that a model, or a server without a parser for its calls, wrote as text. Sources of the forms: the
 * chat templates of Hermes, Qwen, Llama, Mistral, gpt-oss, Kimi, GLM and DeepSeek.
 * @param isTool whether a name is, or can be repaired to, that of a tool: other objects are no calls
 */
export function callsInText(text: string, isTool: IsTool): WrittenCall[] {
  if (text.length > MAX_TEXT) text = text.slice(-MAX_TEXT);
  const plain = text
    .replace(/^[\s\S]*<\/think(?:ing)?>/i, "")
    .replaceAll(REASONING, " ")
    .trim();
  if (hasWordsBehind(plain)) return [];
  const found =
    templateCalls(plain) ??
    taggedCalls(plain, isTool) ??
    callsOf(plain, isTool) ??
    pythonCalls(plain) ??
    markedCalls(plain, isTool) ??
    unmarkedCalls(plain, isTool) ??
    fencedCalls(plain, isTool) ??
    graphqlCall(plain) ??
    callInProse(plain, isTool) ??
    namedByTags(plain, isTool) ??
    nameBefore(plain, isTool) ??
    [];
  // A model that writes one call twice means it once.
  return found
    .filter(
      (call, at) =>
        isTool(call.name) &&
        (call.name !== found[at - 1]?.name || call.arguments !== found[at - 1]?.arguments),
    )
    .slice(0, MAX_CALLS);
}

/** Whether words follow the last bracket of a text: then a call in it may be only an example or a thought. */
function hasWordsBehind(text: string): boolean {
  const end = Math.max(text.lastIndexOf("}"), text.lastIndexOf(")"), text.lastIndexOf("]"));
  const tail = text.slice(end + 1);
  return end >= 0 && !BEHIND.test(tail) && !/^\s*<\/(?:[^<>\s]*[:｜])?(?:parameter|arg_value)>/.test(tail);
}

function templateCalls(text: string): WrittenCall[] | undefined {
  for (const read of TEMPLATE_CALLS) {
    const calls = read(text);
    if (calls !== undefined) return calls;
  }
  return undefined;
}

/**
 * The calls that the arguments of a call of no tool hold: `multi_tool_use.parallel`, or a tool named `function`; undefined
 * where they hold none, or one of no tool.
 */
export function callsInArguments(args: string, isTool: IsTool): WrittenCall[] | undefined {
  const calls = callsOf(args, isTool);
  return calls?.every(({ name }) => isTool(name)) === true ? calls.slice(0, MAX_CALLS) : undefined;
}

function taggedCalls(text: string, isTool: IsTool): WrittenCall[] | undefined {
  const calls = [...text.matchAll(TAGGED)].flatMap(([, , inner = ""]) => {
    const plain = unfenced(inner);
    return callsOf(plain, isTool) ?? namedFirst(inner) ?? pythonCalls(plain) ?? [];
  });
  return calls.length === 0 ? undefined : calls;
}

function namedFirst(text: string): WrittenCall[] | undefined {
  const [, name, rest] = NAME_FIRST.exec(text.trim()) ?? [];
  const end = rest === undefined ? undefined : objectEnd(rest, 0);
  return name === undefined || rest === undefined || end === undefined
    ? undefined
    : [{ name, arguments: rest.slice(0, end) }];
}

/** The calls of a text without the marks of its chat template: LFM2, Llama 4 and others. */
function unmarkedCalls(text: string, isTool: IsTool): WrittenCall[] | undefined {
  const plain = text.replaceAll(SPECIAL, " ").trim();
  return plain === text ? undefined : (callsOf(plain, isTool) ?? pythonCalls(plain));
}

function markedCalls(text: string, isTool: IsTool): WrittenCall[] | undefined {
  const marker = MARKER.exec(text);
  if (marker === null) return undefined;
  const rest = text.slice(marker.index + marker[0].length);
  // Mistral's newer form: the name, then the arguments.
  const named = /^([\w.-]+)\s*(?:\[ARGS\])?\s*(\{[\s\S]*)$/.exec(rest);
  if (named !== null) {
    const end = objectEnd(named[2] as string, 0);
    if (end !== undefined)
      return [{ name: named[1] as string, arguments: (named[2] as string).slice(0, end) }];
  }
  const start = rest.search(/[[{]/);
  const end = start < 0 ? undefined : objectEnd(rest, start);
  return end === undefined ? undefined : callsOf(rest.slice(start, end), isTool);
}

function fencedCalls(text: string, isTool: IsTool): WrittenCall[] | undefined {
  for (const [, inner = ""] of text.matchAll(FENCED)) {
    const calls = callsOf(inner.trim(), isTool) ?? pythonCalls(inner);
    if (calls?.some(({ name }) => isTool(name)) === true) return calls;
  }
  return undefined;
}

const GRAPHQL_FENCE = /```graphql\s*\n([\s\S]*?)```/gi;
const JSON_FENCE = /```json\s*\n([\s\S]*?)```/i;

/** The one GraphQL operation that a text holds in a fence, with the variables of a fence of JSON behind it. */
function graphqlCall(text: string): WrittenCall[] | undefined {
  const [fence, ...others] = text.matchAll(GRAPHQL_FENCE);
  const query = fence?.[1]?.trim() ?? "";
  if (fence === undefined || others.length > 0 || !/^(?:query|mutation|\{)/.test(query)) return undefined;
  const variables = JSON_FENCE.exec(text.slice(fence.index + fence[0].length))?.[1]?.trim();
  if (variables === undefined) return [{ name: "graphql", arguments: writeJson({ query }) }];
  return /^\{[\s\S]*\}$/.test(variables)
    ? [{ name: "graphql", arguments: `{"query":${JSON.stringify(query)},"variables":${variables}}` }]
    : undefined;
}

/** Finds a call after other words. A call that is followed by words may be an example or a thought, and is ignored. */
function callInProse(text: string, isTool: IsTool): WrittenCall[] | undefined {
  let at = text.indexOf("{");
  for (let starts = 0; at >= 0 && starts < MAX_STARTS; starts += 1) {
    const end = objectEnd(text, at);
    const calls = end === undefined ? undefined : callsOf(text.slice(at, end), isTool);
    if (calls?.every(({ name }) => isTool(name)) === true && end !== undefined)
      return /^[\s.`;)\]]*$/.test(text.slice(end)) ? calls : undefined;
    at = text.indexOf("{", at + 1);
  }
  return undefined;
}

/** The calls of a text that is JSON as a whole; undefined where it is no call. */
function callsOf(text: string, isTool: IsTool): WrittenCall[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const values: Json[] = [];
  for (let rest = text.trim(); rest !== ""; ) {
    const end = objectEnd(rest, 0);
    if (end === undefined) return undefined;
    const value = jsonOf(rest.slice(0, end)) ?? pythonValue(rest.slice(0, end));
    if (value === undefined) return undefined;
    values.push(value);
    // Llama writes several calls one after another.
    rest = rest.slice(end).replace(/^[\s;,]+/, "");
    if (rest !== "" && !rest.startsWith("{")) return undefined;
  }
  return callsIn(values, isTool);
}

function callsIn(value: Json, isTool: IsTool): WrittenCall[] | undefined {
  if (Array.isArray(value)) {
    const calls = value.map((item) => callsIn(item, isTool));
    return calls.length === 0 || calls.includes(undefined)
      ? undefined
      : calls.flatMap((call) => call as WrittenCall[]);
  }
  if (!isJsonObject(value)) return undefined;
  // What OpenAI's models write for several calls at once: `multi_tool_use.parallel`.
  if (Array.isArray(value.tool_uses)) return callsIn(value.tool_uses, isTool);
  if (value.tool_calls !== undefined) return callsIn(value.tool_calls, isTool);
  if (isJsonObject(value.function)) return callsIn(value.function, isTool);
  if (isJsonObject(value.function_call)) return callsIn(value.function_call, isTool);
  const name =
    value.name ?? value.tool ?? value.tool_name ?? value.recipient_name ?? value.function ?? value.action;
  if (typeof name !== "string") return callByKey(value, isTool);
  const args =
    value.arguments ??
    value.parameters ??
    value.args ??
    value.input ??
    value.action_input ??
    value.tool_input;
  if (args === undefined) return hasOtherFields(value) ? undefined : [{ name, arguments: "{}" }];
  return [{ name, arguments: typeof args === "string" ? args : writeJson(args) }];
}

/** An object whose only key is the name of a tool, and whose value is the arguments. */
function callByKey(value: JsonObject, isTool: IsTool): WrittenCall[] | undefined {
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) return undefined;
  const [name, args] = entry;
  return isJsonObject(args) && isTool(name) ? [{ name, arguments: writeJson(args) }] : undefined;
}

const hasOtherFields = (value: JsonObject): boolean =>
  Object.keys(value).some((key) => !/^(?:name|tool|tool_name|function|action|type|id)$/.test(key));
