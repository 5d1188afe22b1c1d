import { STATUS_CODES } from "node:http";
import { isComposite, isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber, writeJson } from "@ape/core/lib/lossless-number";

/** Fields of error bodies whose values describe the exchange and not what is wrong (RFC 9457, Spring, ASP.NET, JSON:API). */
export const ENVELOPE =
  /^(?:time_?stamp|date|time|path|instance|url|href|links?|method|trace_?id|request_?id|correlation_?id|span_?id|ref|help|help_?url|docs|documentation_?url|more_?info|status|status_?code|http_?status(?:_?code)?|version|api_?version|success|ok)$/i;
const STATUS_FIELD = /^(?:http_?)?status(?:_?(?:code|text))?$/i;
/** What an envelope says of any failure. */
const ANY_FAILURE = /^(?:errors?|fail(?:ed|ure)?|ko|nok|\d{3})$/i;
/** Texts that say no more than that the request was refused. */
const NOTHING_SAID =
  /^(?:the |your |an? )?(?:invalid|malformed|bad|unprocessable|incorrect|wrong) (?:request|input|data|body|payload|parameters?|arguments?|call|entity|content)(?: (?:error|exception|received|given|provided|supplied))?$/;
/** Members that hold an address: of the request, or a place within it. */
const ADDRESS = /^(?:path|instance|url|href)$/i;
const LINK = /\bhttps?:\/\/[^\s"<>]+/g;
const MAX_DEPTH = 6;

/**
 * What the JSON of a refusal says of the refusal itself: without the members of its envelope, links, the phrase of its own
 * status, texts that only say that it is one, and a repetition of the whole request.
 * @param request the body of the refused request, and its path
 */
export function saidOfRefusal(
  json: Json,
  status: number,
  { sent, path }: { sent?: Json | undefined; path?: string | undefined },
): Json {
  const phrase = plain(STATUS_CODES[status] ?? "");
  const told = (value: Json, name: string, depth: number): Json | undefined => {
    if (typeof value === "string") return toldByText(value, name, phrase);
    if (depth > MAX_DEPTH || !isComposite(value)) return value;
    if (Array.isArray(value)) return value.flatMap((item) => told(item, "", depth + 1) ?? []);
    if (!isJsonObject(value) || repeats(value, sent)) return undefined;
    const kept: Record<string, Json> = {};
    for (const key in value) {
      const one = value[key] ?? null;
      const isStatus = STATUS_FIELD.test(key);
      if (isStatus && (isNumber(one) || typeof one === "boolean")) continue;
      if (!isStatus && ENVELOPE.test(key) && !(ADDRESS.test(key) && isPlace(one, path))) continue;
      if (isStatus && typeof one === "string" && (ANY_FAILURE.test(one) || plain(one) === phrase)) continue;
      const said = told(one, key, depth + 1);
      if (said !== undefined) kept[key] = said;
    }
    return kept;
  };
  return told(json, "", 0) ?? null;
}

/** Whether an address is a place within the request, `items[0].name` or `/days`, and none of a resource. */
function isPlace(value: Json, path: string | undefined): boolean {
  if (typeof value !== "string") return true;
  if (/^https?:/i.test(value) || value.includes("?")) return false;
  const own = path?.split("?", 1)[0];
  return own === undefined || !(value.endsWith(own) || (value.startsWith("/") && own.endsWith(value)));
}

function toldByText(text: string, name: string, phrase: string): string | undefined {
  // The type of a problem (RFC 9457, section 3.1.1) is an address that names it; `about:blank` names none.
  if (/^about:blank$/i.test(text)) return undefined;
  const words = text.replaceAll(LINK, (link) =>
    name === "type" || name === "code" ? link.replace(/^https?:\/\/[^/]*/, "") : " ",
  );
  const whole = plain(words);
  if (whole === "" && words !== text) return undefined;
  // A phrase of one word, such as Locked, can be a state.
  return (whole === phrase && whole.includes(" ")) || NOTHING_SAID.test(whole) ? undefined : words;
}

/** A text in lower case as single words, without the number of a status. */
const plain = (text: string): string =>
  text
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && !/^[45]\d\d$/.test(word))
    .join(" ");

/** The JSON of an answer without the objects that repeat the request's whole body, of at least two members. */
export function withoutRepetition(json: Json, sent: Json | undefined, depth = 0): Json {
  if (depth > MAX_DEPTH) return json;
  if (Array.isArray(json)) return json.map((item) => withoutRepetition(item, sent, depth + 1));
  if (!isJsonObject(json)) return json;
  if (repeats(json, sent)) return {};
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, withoutRepetition(value, sent, depth + 1)]),
  );
}

/** Whether an object holds every member of a request's body, of at least two, with the very values. */
function repeats(value: Record<string, Json>, sent: Json | undefined): boolean {
  if (!isJsonObject(sent)) return false;
  const names = Object.keys(sent);
  return (
    names.length > 1 &&
    names.every(
      (name) =>
        Object.hasOwn(value, name) && writeJson(value[name] ?? null) === writeJson(sent[name] ?? null),
    )
  );
}
