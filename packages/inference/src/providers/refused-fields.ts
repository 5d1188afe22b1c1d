import { isJsonObject } from "@ape/core/lib/json";

/** Statuses that refuse the request itself. 404: from a router that finds no server for a field. */
const REFUSALS: ReadonlySet<number> = new Set([400, 404, 422]);

/** Words that refuse a field or its value. */
const REFUSES =
  /unsupported|unrecogni[sz]ed|unknown|unexpected|unavailable|unable to|not (?:be )?(?:support|permit|allow|recogni[sz]|accept|available|implemented|valid|enabled)|(?:n't|cannot) (?:be |currently )?(?:support|accept|permit|allow|use)|cannot find field|extra|invalid|deprecated|requires --|only (?:.{1,40}(?:allowed|supported|accepted)|supports?\b)|no endpoints found|mixed values|input should be|must (?:be (?:set|left|omitted|absent)|not)|forbidden|removed|disabled/i;

/** Words for a number out of range: then the configuration is wrong, not the field. */
const OUT_OF_RANGE =
  /at (?:most|least)|less than|greater than|too (?:large|high|big|long|many|small|low)|maximum|minimum|exceed|range|between|[<>]=|context (?:length|window)/i;

/** Levels of an answer that are read; errors are wrapped in errors, some of them as text. */
const DEEPEST = 8;
/** Bytes of an answer that are read. */
const LONGEST = 65_536;

/** What to change where a refusal is about a number of the configuration, or about what no field can change. */
const CURES: readonly (readonly [words: RegExp, cure: string])[] = [
  [
    /max_(?:completion_)?tokens.{0,200}(?:too (?:large|high|big)|at most|less than|maximum|exceed|<=)/is,
    "set `inference.maxCompletionTokens` to what the model supports",
  ],
  [
    /system (?:role|messages?|prompts?|instructions?) (?:is |are )?not (?:supported|allowed)|role ["'`]?system["'`]? (?:is )?not|developer instruction is not enabled/i,
    "agents need a model that takes system messages",
  ],
  [
    /(?:stream(?:ing)?["'`]? (?:is |mode is )?not (?:supported|available|enabled)|does not support streaming)/i,
    "agents need a model that streams its answers",
  ],
];

/** What to do about a refusal that no change of fields can avoid, in a few words; undefined where nothing is known. */
export function cureOf(refusal: string): string | undefined {
  const text = refusal.slice(0, LONGEST);
  // Prompts that are too long name the field too, and have a cure of their own.
  if (/context (?:length|window)/i.test(text)) return undefined;
  return CURES.find(([words]) => words.test(text))?.[1];
}

/** Required fields: they cannot be left out. */
const NEEDED: ReadonlySet<string> = new Set(["model", "messages", "stream", "tools"]);

const LIMITS: ReadonlySet<string> = new Set(["max_completion_tokens", "max_tokens"]);

/** Name for `strict` of functions among the fields that {@link refusedFields} returns. */
export const STRICT = "strict";

/**
 * Returns the sent fields that an answer refuses by name; `strict` for that of functions. Reads OpenAI's `param`,
 * Pydantic's `loc` (vLLM, Mistral), Google's and other texts. A number out of range is no refusal of its field.
 * @param sent names of the request's fields
 */
export function refusedFields(status: number, body: string, sent: ReadonlySet<string>): string[] {
  if (!REFUSALS.has(status) || body === "") return [];
  const text = body.slice(0, LONGEST);
  const found = new Set<string>();
  const droppable = [...sent].filter((name) => !NEEDED.has(name));
  if (sent.has("tools")) droppable.push(STRICT);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    inText(text, droppable, found);
    return [...found];
  }
  visit(json, droppable, found, 0);
  return [...found];
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

/** Field names in sentences that refuse something. */
function inText(text: string, names: readonly string[], found: Set<string>): void {
  for (const sentence of text.split(/\n|[.;!] (?=[A-Z])/)) {
    if (!REFUSES.test(sentence)) continue;
    // The recommended replacement is not what is refused.
    const said = sentence.replace(/\b(?:use|try|set|instead of)\b.{0,80}\binstead\b.*/i, "");
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
