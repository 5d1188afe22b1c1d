import { writeJson } from "@ape/core/lib/lossless-number";
import { objectEnd } from "./object-end.ts";
import type { IsTool, WrittenCall } from "./written-call.ts";

/** Text that may follow a call: brackets, marks of templates, the end of a fence. */
export const BEHIND = /^(?:[\s.;,)\]}`]|<\/?[\w|｜▁=:.-]+>)*(?:Observation:?\s*)?$/;

/** A longer text is not searched for elements: unclosed ones take quadratic time. */
const MAX_ELEMENTS = 8_192;
/** Agents of editors: `<name><key>value</key></name>`, the tags being called like the tool and its arguments. */
const ELEMENT = /<([A-Za-z_][\w.-]*)>\s*([\s\S]*?)\s*<\/\1>/g;

export function namedByTags(text: string, isTool: IsTool): WrittenCall[] | undefined {
  if (text.length > MAX_ELEMENTS) return undefined;
  const calls = [...text.matchAll(ELEMENT)].flatMap(([, name = "", inner = ""]): WrittenCall[] => {
    const parts = [...inner.matchAll(ELEMENT)].map(([, key = "", value = ""]) => [key, value] as const);
    if (isTool(name)) return [{ name, arguments: writeJson(Object.fromEntries(parts)) }];
    const [, named] = parts.find(([key]) => /^(?:tool_)?name$/.test(key)) ?? [];
    const [, args = "{}"] =
      parts.find(([key]) => /^(?:arguments|parameters|args|(?:tool_)?input)$/.test(key)) ?? [];
    return named === undefined ? [] : [{ name: named, arguments: args }];
  });
  return calls.length === 0 ? undefined : calls;
}

/** Words that announce a call. */
const ANNOUNCING =
  /^(?:tools?|calls?|calling|tool_calls?|functions?|function_calls?|actions?|name|json|use|using|invoke|invoking|the|arguments|args|parameters|with|input|recipient|to)$/i;
const MOST_ANNOUNCING = 8;

/** A tool's name, then its arguments: `createOrder {..}`, `**createOrder**` and a fence, `<tool_call name="createOrder">{..}`. */
export function nameBefore(text: string, isTool: IsTool): WrittenCall[] | undefined {
  const start = text.indexOf("{");
  const end = start < 0 ? undefined : objectEnd(text, start);
  if (end === undefined || !BEHIND.test(text.slice(end))) return undefined;
  const words = text.slice(0, start).match(/[A-Za-z_][\w.-]*/g) ?? [];
  if (words.length > MOST_ANNOUNCING) return undefined;
  const [name, ...others] = words.filter((word) => !ANNOUNCING.test(word));
  if (name === undefined || others.length > 0 || !isTool(name)) return undefined;
  return [{ name, arguments: text.slice(start, end) }];
}
