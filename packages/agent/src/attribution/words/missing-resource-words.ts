import { isJsonObject, type Json } from "@ape/core/lib/json";
import type { Body } from "@ape/core/protocol/tool-call";
import { isSameKind, kindOf } from "../resource-kind.ts";
import { ENVELOPE } from "./said-of-refusal.ts";

/** What a "not found" is about: one value of the request. */
export interface MissingSubject {
  value: string;
  /** Kinds of resource that the value's field refers to, and the field's name. */
  names: readonly string[];
  /** Path of the request: many servers repeat it. */
  path: string;
}

/**
 * `named`: the answer says that the subject was not found, and nothing else. `silent`: it names nothing at all.
 * `other`: it has a word that could name a state, a part of the resource, a right or another resource.
 */
export type MissingWords = "named" | "silent" | "other";

const MAX_TEXTS = 60;
const MAX_DEPTH = 4;
/** Names of fields that do not describe what is missing. */
const PLAIN_FIELD =
  /^(?:errors?|messages?|msg|details?|title|description|reason|fault|exception|type|kind|name|code|error_?code|error_?type|error_?message|error_?description|user_?message|developer_?message|status_?text|data|result|response|meta|body|content|payload|text|value|id)$/i;
/** Fields that hold a code for programs. A message for people beside it has priority over it. */
const CODE_FIELD = /^(?:error|code|error_?code|type|error_?type|reason|key|name|title)$/i;
/** Words of a plain "not found". Any other word means that the answer says more. */
const PLAIN = new Set(
  (
    "not found notfound no such does doesn t exist exists existing unknown missing nonexistent could cannot couldn can be was were is are " +
    "the a an this that with for of by to in at here there it its any nothing none and or " +
    "id ids identifier uuid key error errors err exception http api status code message resource resources " +
    "object item entity record entry element requested request url uri 404 410 gone unable failed find get fetch " +
    "load locate located retrieve lookup matching match matches given specified provided supplied sorry we you your " +
    "please check null undefined on from our have has been"
  ).split(" "),
);
const STATE_OR_RULE =
  /\b(?:active|inactive|archived?|deleted|trashed|draft|published|open|closed|locked|expired|pending|available|anymore|longer|yet|already|only|must|own(?:er|ed|s)?|access|permission|permitted|allowed|authori[sz]ed|visible|enabled|disabled)\b/i;

/** Returns what the words of a 404 or 410 say beyond "not found". */
export function missingWords(body: Body, subject: MissingSubject): MissingWords {
  if (body.kind === "page") return judge(`${body.page.title} ${body.page.text}`, subject);
  if (body.kind === "text") return judge(body.text, subject);
  if (body.kind !== "json") return "silent";
  const texts: { field: string; text: string }[] = [];
  collect(body.json, "", texts, 0);
  const named = texts.some(
    ({ field, text }) =>
      CODE_FIELD.test(field) && /^[\w.:/-]{3,80}$/.test(text) && judge(text, subject) === "named",
  );
  if (named && !texts.some(({ text }) => STATE_OR_RULE.test(text))) return "named";
  let said: MissingWords = "silent";
  for (const { field, text } of texts) {
    const one = judge(PLAIN_FIELD.test(field) || field === "" ? text : `${field} ${text}`, subject);
    if (one === "other") return "other";
    if (one === "named") said = "named";
  }
  return said;
}

function collect(json: Json, field: string, into: { field: string; text: string }[], depth: number): void {
  if (into.length >= MAX_TEXTS || depth > MAX_DEPTH) {
    // Text beyond the bound is not read and could say anything.
    into.push({ field: "", text: "unread" });
    return;
  }
  if (typeof json === "string") into.push({ field, text: json });
  else if (Array.isArray(json)) for (const item of json) collect(item, field, into, depth + 1);
  else if (isJsonObject(json)) {
    for (const key in json) if (!ENVELOPE.test(key)) collect(json[key] ?? null, key, into, depth + 1);
  } else if (!PLAIN_FIELD.test(field)) into.push({ field, text: "" });
}

function judge(text: string, { value, names, path }: MissingSubject): MissingWords {
  let rest = ` ${text.slice(0, 2_000)} `;
  const before = rest;
  // The path is removed first: it contains the value.
  for (const known of [path, value]) rest = removeWhole(rest, known);
  let named = rest !== before && removeWhole(before, value) !== before;
  const words = rest
    .replaceAll(/https?:\/\/\S+/g, " ")
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  const kinds = names.map(kindOf);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    const pair = kindOf(word + (words[at + 1] ?? ""));
    if (at + 1 < words.length && kinds.includes(pair)) {
      named = true;
      at += 1;
    } else if (kinds.some((kind) => isSameKind(kind, kindOf(word)))) named = true;
    else if (!PLAIN.has(word)) return "other";
  }
  return named ? "named" : "silent";
}

/** Returns a text without the places where a value stands as a whole word. */
function removeWhole(text: string, value: string): string {
  if (value.length < 2) return text;
  const lower = text.toLowerCase();
  const wanted = value.toLowerCase();
  let kept = "";
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length)) {
    const whole = !isWord(lower[at - 1]) && !isWord(lower[at + wanted.length]);
    kept += `${text.slice(from, at)}${whole ? " " : text.slice(at, at + wanted.length)}`;
    from = at + wanted.length;
  }
  return kept + text.slice(from);
}

const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}]/u.test(char);
