import { isJsonObject } from "@ape/core/lib/json";
import { refusedForm } from "./refused-form.ts";

/** Statuses that refuse the request itself. 404: from a router that finds no server for a field; 500, 501: llama.cpp, Python. */
const REFUSALS: ReadonlySet<number> = new Set([400, 404, 405, 422, 500, 501]);

/** Words that refuse a field or its value. */
const REFUSES =
  /unsupported|unrecogni[sz]ed|unknown|unexpected|unavailable|unable to|not (?:an? )?(?:currently |yet )?(?:be )?(?:support|permit|allow|recogni[sz]|accept|available|implemented|valid|enabled)|(?:n't|cannot) (?:be |currently )?(?:support|accept|permit|allow|use)|cannot find field|extra|invalid|deprecated|requires --|only (?:.{1,40}(?:allowed|supported|accepted)|supports?\b)|no endpoints found|mixed values|input should be|must (?:be (?:set|left|omitted|absent)|not)|forbidden|removed|disabled/i;

/** Words for a number out of range: then the configuration is wrong, not the field. */
const OUT_OF_RANGE =
  /at (?:most|least)|less than|greater than|too (?:large|high|big|long|many|small|low)|maximum|minimum|exceed|range|between|[<>]=|context (?:length|window)/i;

/** Levels of an answer that are read; errors are wrapped in errors, some of them as text. */
const DEEPEST = 8;
/** Bytes of an answer that are read. */
const LONGEST = 65_536;

/** Required fields: they cannot be left out. `stream` is found by {@link refusedForm} only. */
const NEEDED: ReadonlySet<string> = new Set(["model", "messages", "stream", "tools"]);

const LIMITS: ReadonlySet<string> = new Set(["max_completion_tokens", "max_tokens"]);

/** Name for `strict` of functions among the fields that {@link refusedFields} returns. */
export const STRICT = "strict";

/**
 * Returns the sent fields that an answer refuses by name; `strict` for that of functions. If it names none, the form
 * of the request that its words are about, see {@link refusedForm}. Reads OpenAI's `param`,
 * Pydantic's `loc` (vLLM, Mistral), Google's and other texts. A number out of range is no refusal of its field.
 * @param sent names of the request's fields
 */
export function refusedFields(status: number, body: string, sent: ReadonlySet<string>): string[] {
  if (!REFUSALS.has(status) || body === "") return [];
  const text = body.slice(0, LONGEST);
  const found = new Set<string>();
  const droppable = [...sent].filter((name) => !NEEDED.has(name));
  if (sent.has("tools")) droppable.push(STRICT);
  const json = parsed(text);
  if (json === undefined) inText(text, droppable, found);
  else visit(json, droppable, found, 0);
  if (found.size > 0) return [...found];
  const form = refusedForm(text, sent);
  return form === undefined ? [] : [form];
}

function visit(value: unknown, names: readonly string[], found: Set<string>, depth: number): void {
  if (depth > DEEPEST) return;
  if (typeof value === "string") {
    const inner = /^\s*[[{]/.test(value) ? parsed(value) : undefined;
    if (inner === undefined) inText(value, names, found);
    else visit(inner, names, found, depth + 1);
  } else if (Array.isArray(value)) for (const one of value) visit(one, names, found, depth + 1);
  else if (isJsonObject(value)) {
    const what = [value.message, value.msg, value.code, value.type, value.description]
      .filter((one) => typeof one === "string")
      .join(" ");
    if (Array.isArray(value.loc)) {
      const path = value.loc.filter((part) => part !== "body");
      if (REFUSES.test(`${what} ${String(value.type)}`)) add(path.join("."), what, names, found);
      return;
    }
    if (typeof value.param === "string" && REFUSES.test(what)) add(value.param, what, names, found);
    // `input` quotes what was sent.
    for (const [key, inner] of Object.entries(value))
      if (key !== "param" && key !== "input" && key !== "ctx") visit(inner, names, found, depth + 1);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param path such as `body.seed`, `stream_options.include_usage` or `tools[0].function.strict` */
function add(path: string, what: string, names: readonly string[], found: Set<string>): void {
  const parts = path.split(/[.[\]]+/).filter((part) => part !== "" && part !== "body");
  const [top = ""] = parts;
  const name = top === "tools" || top === "functions" ? (parts.includes(STRICT) ? STRICT : "") : top;
  if (!names.includes(name)) return;
  if (LIMITS.has(name) && OUT_OF_RANGE.test(what)) return;
  found.add(name);
}

/** The fields or values that a server would take, which it lists behind the one that it refuses (serde, Pydantic, Groq). */
const ACCEPTED_LIST =
  /\bexpected (?:one of|any of|`)[\s\S]*|\bmust be one of\b[\s\S]*|(?<!\b(?:not|un)[\s-]?)\b(?:supported|allowed|accepted|valid|permitted|available|known) (?:parameters?|fields?|arguments?|properties|options|keys|values?)(?: are| include|:)[\s\S]*/i;

/** Each fault of a Pydantic error as text: the path of a field in a line, and what is wrong with it in the next. */
const PYDANTIC_FAULT = /^(\S.*)\n[ \t]+(\S.*)$/gm;

/** Field names in sentences that refuse something. */
function inText(text: string, names: readonly string[], found: Set<string>): void {
  if (/\bvalidation errors? for\b/.test(text)) {
    for (const [, path = "", fault = ""] of text.matchAll(PYDANTIC_FAULT)) {
      // What was sent is quoted after the fault.
      const what = fault.replace(/,? input_value=.*/, "");
      if (REFUSES.test(what)) add(path.replaceAll(" -> ", "."), what, names, found);
    }
    if (found.size > 0) return;
  }
  for (const sentence of text.split(/\n|[.;!] (?=[A-Z])/)) {
    if (!REFUSES.test(sentence)) continue;
    // The recommended replacement is not what is refused.
    const said = sentence
      .replace(/\b(?:use|try|set|instead of)\b.{0,80}\binstead\b.*/i, "")
      .replace(ACCEPTED_LIST, "");
    for (const name of names) {
      if (!mentions(said, name) || (LIMITS.has(name) && OUT_OF_RANGE.test(sentence))) continue;
      found.add(name);
    }
  }
}

/** Whether a sentence mentions a field: in quotes, as a path, or, if its name is no plain word, as it is. */
function mentions(sentence: string, name: string): boolean {
  const spelled = name.replace(/_/g, "[_ ]");
  if (name === STRICT && /function['"\]]*\.strict\b/i.test(sentence)) return true;
  if (new RegExp(`["'\`](?:body\\.)?${name}(?:\\.\\w+)*["'\`]`, "i").test(sentence)) return true;
  if (!name.includes("_") && name !== "temperature" && name !== "seed")
    return new RegExp(`body\\.${name}\\b`, "i").test(sentence);
  return new RegExp(`(?<![\\w-]|(?<!\\bbody)\\.)${spelled}(?![\\w-])`, "i").test(sentence);
}
