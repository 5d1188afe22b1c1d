import type { Json } from "@ape/core/lib/json";
import {
  type ApiAuth,
  type ApiDescription,
  type ApiField,
  type ApiOperation,
  DITTO,
  KIND_INSTRUCTIONS,
  NUMBER_TRAITS,
  RANGE_TRAITS,
  type TargetKind,
} from "@ape/core/protocol/api";
import { VERBS, type Verb } from "@ape/core/protocol/operation";

const KINDS = new Map(
  Object.entries(KIND_INSTRUCTIONS).map(([kind, line]) => [line, kind as TargetKind] as const),
);
const leafOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

const HEAD = /^## API ([\w-]+): ?(.*)$/;
const AUTH = /^auth: (bearer|cookie|header|query)(?: (\S+))?$/;
const OPERATION = new RegExp(`^- (${VERBS.join("|")}) (\\S+)( \\(auth\\))?( \\(reads\\))?(?: (.*))?$`);
const SIGNATURE = /^ {2}signature (.+)$/;
const FIELD = /^ {2}(path|query|header|cookie|body|argument|answer) (.+?) <(.*?)>(?= |$)(?: (.*))?$/;
const TEXT_FIELD = /^ {2}(path|query|header|cookie|body|argument|answer) (\S+)(?: ([^<]*))?$/;
const SAME = /^ {2}answer as (\S+ \S+)$/;

interface Draft extends ApiDescription {
  auth: ApiAuth[];
  operations: (ApiOperation & { fields: ApiField[] })[];
}

/** Reads every description of a prompt (`renderApi` of `@ape/core/api`), other lines passed over. */
export function parseApi(text: string): ApiDescription[] {
  const found: Draft[] = [];
  let told = new Map<string, string>();
  for (const line of text.split("\n")) {
    const head = HEAD.exec(line);
    const api = found.at(-1);
    if (head !== null) {
      told = new Map();
      found.push({ target: head[1] ?? "", title: head[2] ?? "", documented: true, auth: [], operations: [] });
    } else if (api !== undefined) readLine(api, line, told);
  }
  return found;
}

function readLine(api: Draft, line: string, told: Map<string, string>): void {
  if (line.startsWith("Not documented:")) api.documented = false;
  const kind = KINDS.get(line);
  if (kind !== undefined) {
    api.kind = kind;
    if (kind === "web") api.documented = false;
  }
  const auth = AUTH.exec(line);
  if (auth !== null) {
    const type = auth[1] as ApiAuth["type"];
    api.auth.push(type === "bearer" ? { type } : { type, name: auth[2] ?? "" });
    return;
  }
  const operation = OPERATION.exec(line);
  if (operation !== null) {
    api.operations.push({
      method: operation[1] as Verb,
      path: operation[2] ?? "/",
      secured: operation[3] !== undefined,
      ...(operation[4] === undefined ? {} : { reads: true }),
      summary: operation[5] ?? "",
      fields: [],
    });
    return;
  }
  const signature = SIGNATURE.exec(line);
  const last = api.operations.at(-1);
  if (signature !== null && last !== undefined) last.signature = signature[1] ?? "";
  const same = SAME.exec(line);
  if (same !== null) {
    const like = api.operations.find(({ method, path }) => `${method} ${path}` === same[1]);
    last?.fields.push(...(like?.fields.filter((field) => field.in === "answer") ?? []));
    return;
  }
  const field = FIELD.exec(line);
  const textField = field === null ? TEXT_FIELD.exec(line) : null;
  if (field !== null) last?.fields.push(readField(field[1], field[2], field[3], field[4], told));
  else if (textField !== null)
    last?.fields.push(readField(textField[1], textField[2], "string", textField[3], told));
}

function readField(where = "", name = "", kind = "", words = "", told: Map<string, string>): ApiField {
  const leaf = leafOf(name);
  const description = words === DITTO ? (told.get(leaf) ?? "") : words;
  if (description !== "") told.set(leaf, description);
  const [sort = "string", ...traits] = splitTraits(kind);
  const needed = sort.endsWith("!");
  const field: ApiField = {
    in: where === "argument" ? "body" : (where as ApiField["in"]),
    name,
    type: needed ? sort.slice(0, -1) : sort,
    required: needed || where === "path",
    description,
  };
  for (const trait of traits) {
    if (trait.startsWith("format ")) field.format = JSON.parse(trait.slice(7)) as string;
    else if (trait === "unique") field.uniqueItems = true;
    else if (trait === "or null") field.nullable = true;
    else if (trait.startsWith("pattern ")) field.pattern = JSON.parse(trait.slice(8)) as string;
    else if (trait.startsWith("one of ")) field.enum = JSON.parse(trait.slice(7)) as Json[];
    else if (trait.startsWith("e.g. ")) field.example = JSON.parse(trait.slice(5)) as Json;
    else readBound(field, trait);
  }
  return field;
}

function readBound(field: ApiField, trait: string): void {
  for (const [key, word] of NUMBER_TRAITS)
    if (trait.startsWith(`${word} `)) field[key] = Number(trait.slice(word.length + 1));
  for (const [low, high, word] of RANGE_TRAITS) {
    if (!trait.startsWith(`${word} `)) continue;
    const [least = "", most = ""] = trait.slice(word.length + 1).split("..");
    if (least !== "") field[low] = Number(least);
    if (most !== "") field[high] = Number(most);
  }
}

/** Splits at `; ` outside of JSON strings. */
function splitTraits(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === "\\" && quoted) i += 1;
    else if (text[i] === '"') quoted = !quoted;
    else if (text[i] === ";" && !quoted) {
      parts.push(text.slice(start, i));
      start = i + 2;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
