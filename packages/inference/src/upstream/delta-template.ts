import { isJsonObject, type Json } from "@ape/core/lib/json";

/** Placeholder for a delta's text, which proves that a template is cut at the right place. */
const PROBE = "\u2022probe\u2022";

export type DeltaKind = "content" | "arguments";

/**
 * A chunk from `"choices":` on, without the delta's text: the text before and after that string. A tail with the same
 * beginning and end has the same meaning with another text, because it is the same JSON around a valid string.
 */
export class DeltaTemplate {
  readonly kind: DeltaKind;
  /** Index of the tool call, for `arguments`. */
  readonly index: number;
  readonly #before: string;
  readonly #after: string;

  private constructor(kind: DeltaKind, index: number, before: string, after: string) {
    this.kind = kind;
    this.index = index;
    this.#before = before;
    this.#after = after;
  }

  /** Learns from a tail that adds only one text; undefined if it adds more, or is written in an unusual way. */
  static learn(data: string, kind: DeltaKind, index: number, text: string): DeltaTemplate | undefined {
    const literal = `"${kind}":${JSON.stringify(text)}`;
    const at = data.indexOf(literal);
    if (at === -1) return undefined;
    const before = data.slice(0, at + kind.length + 4);
    // An id identifies a call: a form with an id belongs to one call.
    if (CALL_ID.test(before)) return undefined;
    const after = data.slice(at + literal.length - 1);
    const proof: unknown = parse(`{${before}${PROBE}${after}`);
    return deltaText(proof, kind) === PROBE ? new DeltaTemplate(kind, index, before, after) : undefined;
  }

  /** The delta's text of a chunk of this form; undefined if the chunk has another form. */
  text(data: string): string | undefined {
    const length = data.length - this.#before.length - this.#after.length;
    if (length < 0) return undefined;
    const end = this.#before.length + length;
    // Comparing slices is several times cheaper than startsWith and endsWith, which go character by character.
    if (data.slice(0, this.#before.length) !== this.#before || data.slice(end) !== this.#after)
      return undefined;
    const raw = data.slice(this.#before.length, end);
    if (!NEEDS_PARSE.test(raw)) return raw;
    const value = parse(`"${raw}"`);
    return typeof value === "string" ? value : undefined;
  }
}

const CALL_ID = /"id"\s*:\s*"[^"]/;

/** Quotes, escapes and control characters: what a JSON string must escape. */
const NEEDS_PARSE = /["\\\p{Cc}]/u;

const isSet = (value: Json | undefined): boolean => value !== undefined && value !== null;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The text of a chunk that has one choice with one delta with one text of this kind, and nothing else: no finish, no
 * usage.
 */
function deltaText(chunk: unknown, kind: DeltaKind): Json | undefined {
  if (!isJsonObject(chunk) || !Array.isArray(chunk.choices) || chunk.choices.length !== 1) return undefined;
  if (isSet(chunk.usage) || isSet(chunk.error)) return undefined;
  const [choice] = chunk.choices;
  if (!isJsonObject(choice) || !isJsonObject(choice.delta)) return undefined;
  if (isSet(choice.finish_reason) || (choice.index !== undefined && choice.index !== 0)) return undefined;
  const { content, tool_calls: calls } = choice.delta;
  if (kind === "content") return calls === undefined || calls === null ? content : undefined;
  if (typeof content === "string" && content !== "") return undefined;
  if (!Array.isArray(calls) || calls.length !== 1) return undefined;
  const [call] = calls;
  if (!isJsonObject(call) || !isJsonObject(call.function)) return undefined;
  return typeof call.function.name === "string" && call.function.name !== ""
    ? undefined
    : call.function.arguments;
}
