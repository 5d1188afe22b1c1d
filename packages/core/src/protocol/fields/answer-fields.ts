import type { Json } from "../../lib/json.ts";
import type { ApiField } from "./api-field.ts";
import { elaborates, isGeneric, isSpeaking, namesKind, saysNoMore, shorten } from "./field-text.ts";
import { type FieldNode, fieldTree } from "./field-tree.ts";

/** Fields of an answer that are shown, apart from the lists and objects that they are in. */
const MAX_SHOWN = 12;
const MAX_DESCRIPTION = 50;
/** Share of described names with a word of their description, from which an API's names are taken to be clear. */
const SPEAKING_SHARE = 0.15;
/** Longer lists of choices say little about an answer. */
const MAX_CHOICES = 10;

/** Instructions for a model to read what {@link AnswerWriter} writes. */
export const ANSWER_NOTATION =
  "After -> is a tool's answer: items[]{id, price:num} is a list of objects; no type: text.";

/** Writes the answers of an API's operations, one per line, without repetition. */
export class AnswerWriter {
  /** What was said of each name already. */
  readonly #described = new Map<string, string>();
  /** The operation that each list of fields was shown with. */
  readonly #shown = new Map<string, string>();
  /** Names that inputs of the API's operations have. */
  readonly #inputs: ReadonlySet<string>;
  /** Whether the API's names are meaningful: then their descriptions are left out. */
  readonly #speaking: boolean;

  constructor(operations: readonly { fields: readonly ApiField[] }[]) {
    this.#inputs = new Set(
      operations.flatMap(({ fields }) =>
        fields.filter((field) => field.in !== "answer").map(({ name }) => leafOf(name).toLowerCase()),
      ),
    );
    const answers = operations.flatMap(({ fields }) => fields.filter(({ in: place }) => place === "answer"));
    const described = answers.filter(({ description }) => description !== "");
    const speaking = described.filter(({ name, description }) => elaborates(description, leafOf(name)));
    this.#speaking = speaking.length >= SPEAKING_SHARE * described.length;
  }

  /** ` -> id, state="open"|"paid"`, ` -> as NAME` for the fields of an earlier answer, or nothing without fields. */
  write(name: string, fields: readonly ApiField[]): string {
    const answers = fields.filter((field) => field.in === "answer");
    if (answers.length === 0) return "";
    const whole = JSON.stringify(answers);
    const same = this.#shown.get(whole);
    if (same !== undefined) return ` -> as ${same}`;
    if (answers.length > 1) this.#shown.set(whole, name);
    return ` -> ${this.#level(fieldTree(this.#important(answers)))}`;
  }

  /** The fields that matter most in their order, with the lists and objects that they are in. */
  #important(fields: readonly ApiField[]): readonly ApiField[] {
    const plain = fields.filter(({ type }) => type !== "object" && type !== "array");
    if (plain.length <= MAX_SHOWN) return fields;
    const kept = new Set(
      plain
        .map((field, index) => ({ field, index, weight: this.#weight(field) }))
        .sort((one, two) => two.weight - one.weight || one.index - two.index)
        .slice(0, MAX_SHOWN)
        .map(({ field }) => field),
    );
    return fields.filter(
      (field) =>
        kept.has(field) ||
        [...kept].some(({ name }) => name.startsWith(`${field.name}.`) || name.startsWith(`${field.name}[]`)),
    );
  }

  /** Ids, states and what other operations take first, then amounts, names and dates; outer fields before inner ones. */
  #weight({ name, type, enum: choices, format }: ApiField): number {
    const leaf = leafOf(name);
    const depth = name.split(/\.|\[\]/).filter((part) => part !== "").length;
    let weight = -depth;
    if (IDENTIFIES.test(leaf) || choices !== undefined || format === "uuid") weight += 4;
    else if (NAMES.test(leaf) || type === "number" || type === "integer" || type === "boolean") weight += 2;
    else if (format === "date" || format === "date-time") weight += 1;
    if (this.#inputs.has(leaf.toLowerCase())) weight += 2;
    return weight;
  }

  #level({ properties, items }: FieldNode): string {
    if (items !== undefined) return `[]${this.#inner(items)}`;
    return [...properties].map(([name, child]) => this.#item(name, child)).join(", ");
  }

  #inner(node: FieldNode): string {
    if (node.items !== undefined) return `[]${this.#inner(node.items)}`;
    return node.properties.size === 0 ? "" : `{${this.#level(node)}}`;
  }

  #item(name: string, node: FieldNode): string {
    const { field } = node;
    const written = PLAIN_NAME.test(name) ? name : JSON.stringify(name);
    const inner = this.#inner(node);
    if (field === undefined) return `${written}${inner}`;
    const holder = field.type === "object" ? "{}" : field.type === "array" ? "[]" : "";
    const kind = inner !== "" ? "" : holder !== "" ? holder : typeText(field);
    return `${written}${inner === "" ? kind + this.#words(field) : inner}`;
  }

  #words({ name, description }: ApiField): string {
    const leaf = leafOf(name);
    const short = shorten(description, MAX_DESCRIPTION)
      .replaceAll(/[(){}[\]]/g, "")
      .replaceAll(/\b(?:the|an?) (?=[a-z])/gi, "")
      .replace(/[.;,:]$/, "");
    const plain =
      saysNoMore(short, name) ||
      (COUNTS.test(leaf) && COUNTED.test(short)) ||
      elaborates(short, leaf) ||
      isSpeaking(leaf) ||
      (this.#speaking && !isGeneric(leaf) && !namesKind(short, leaf));
    const words = plain ? "" : short;
    const before = this.#described.get(leaf) ?? "";
    if (before === words) return "";
    this.#described.set(leaf, words);
    return ` (${words})`;
  }
}

const leafOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1);
const PLAIN_NAME = /^[^\s,{}()[\]":=]+$/;
const IDENTIFIES =
  /(?:^|[_-])(?:id|ids|uuid|guid|key|slug|code|ref|reference|token|cursor|etag|version|number|no|sku|state|status)$|(?:Id|Ids|Uuid|Guid|Key|Slug|Code|Ref|Reference|Token|Cursor|Version|Number|State|Status)$/;
/** Names of numbers that need no description (a `count` does: of a page, or of all), and how such descriptions begin. */
const COUNTS = /(?:^|_)(?:total|quantity|qty)$|(?:Total|Quantity|Qty)$/;
const COUNTED = /^(?:how many|(?:total )?(?:number|count|quantity|amount) of)\b/i;
const NAMES = /(?:name|title|label|email|type|kind)$/i;
const JSON_TYPES: ReadonlySet<string> = new Set(["number", "integer", "boolean", "null", "string"]);
/** Types that stand in most answers. */
const SHORT_TYPES: Readonly<Record<string, string>> = { number: "num", integer: "int", boolean: "bool" };
const FULL_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(SHORT_TYPES).map(([full, short]) => [short, full]),
);
const isType = (name: string): boolean => JSON_TYPES.has(name) || FULL_TYPES.has(name);

function typeText({ type, enum: choices, format }: ApiField): string {
  const short = SHORT_TYPES[type] ?? type;
  if (choices !== undefined && choices.length <= MAX_CHOICES)
    return `${type === "string" ? "" : `:${short}`}=${choices.map((choice) => JSON.stringify(choice)).join("|")}`;
  if (type !== "string") return `:${short}`;
  return format !== undefined && /^[a-z][a-z-]*$/.test(format) && !isType(format) ? `:${format}` : "";
}

/** Reads what {@link AnswerWriter} wrote after `->`; what cannot be read ends the list. */
export class AnswerReader {
  readonly #described = new Map<string, string>();

  read(text: string): ApiField[] {
    const fields: ApiField[] = [];
    this.#level({ text, at: 0 }, "", fields);
    return fields;
  }

  #level(from: Cursor, prefix: string, fields: ApiField[]): void {
    if (take(from, "[]")) {
      this.#inner(from, `${prefix}[]`, fields);
      return;
    }
    do {
      const name = nameAt(from);
      if (name === undefined) return;
      this.#item(from, prefix === "" ? name : `${prefix}.${name}`, fields);
    } while (take(from, ", "));
  }

  #inner(from: Cursor, prefix: string, fields: ApiField[]): void {
    if (take(from, "[]")) this.#inner(from, `${prefix}[]`, fields);
    else if (take(from, "{")) {
      this.#level(from, prefix, fields);
      take(from, "}");
    }
  }

  #item(from: Cursor, name: string, fields: ApiField[]): void {
    const field: ApiField = { in: "answer", name, type: "string", required: false, description: "" };
    fields.push(field);
    const type = match(from, /:([a-z-]+)/y);
    if (type !== undefined && isType(type)) field.type = FULL_TYPES.get(type) ?? type;
    else if (type !== undefined) field.format = type;
    const choices = choicesAt(from);
    if (choices !== undefined) field.enum = choices;
    if (take(from, "{}")) field.type = "object";
    const empty = match(from, /(\[\])(?=,|\}|\)| \(|$)/y);
    if (empty !== undefined) field.type = "array";
    const leaf = leafOf(name);
    const words = match(from, / \(([^()]*)\)/y);
    if (words !== undefined) this.#described.set(leaf, words);
    field.description = this.#described.get(leaf) ?? "";
    if (from.text.startsWith("[]", from.at)) field.type = "array";
    else if (from.text[from.at] === "{") field.type = "object";
    this.#inner(from, name, fields);
  }
}

interface Cursor {
  text: string;
  at: number;
}

function take(from: Cursor, text: string): boolean {
  if (!from.text.startsWith(text, from.at)) return false;
  from.at += text.length;
  return true;
}

function match(from: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = from.at;
  const found = pattern.exec(from.text);
  if (found === null) return undefined;
  from.at += found[0].length;
  return found[1];
}

function nameAt(from: Cursor): string | undefined {
  const quoted = match(from, /("(?:[^"\\]|\\.)*")/y);
  if (quoted !== undefined) return JSON.parse(quoted) as string;
  return match(from, /([^\s,{}()[\]":=]+)/y);
}

function choicesAt(from: Cursor): Json[] | undefined {
  if (!take(from, "=")) return undefined;
  const choices: Json[] = [];
  do {
    const value = match(from, /("(?:[^"\\]|\\.)*"|-?[\d.]+(?:[eE][+-]?\d+)?|true|false|null)/y);
    if (value === undefined) break;
    choices.push(JSON.parse(value) as Json);
  } while (take(from, "|"));
  return choices;
}
