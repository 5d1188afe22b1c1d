import type { Json } from "@ape/core/lib/json";
import type { RequestEdits } from "./dialect.ts";
import { STRICT } from "./refused-fields.ts";
import { SYSTEM_ROLE, TOOL_SCHEMAS } from "./refused-form.ts";

/** What was learned from a refusal, in the words of the run's notices. */
export interface LearnedField {
  /** What is refused: a field, or a form of the request. */
  what: string;
  /** How it is sent from now on. */
  change: string;
}

const ofField = (name: string, change: string): LearnedField => ({ what: `the field \`${name}\``, change });

const LIMITS: readonly string[] = ["max_completion_tokens", "max_tokens"];
/** Fields that only improve an answer: without them the same model answers the same question. */
const OPTIONAL: readonly string[] = [
  "response_format",
  "tool_choice",
  "parallel_tool_calls",
  "stream_options",
  "temperature",
  "seed",
];

/**
 * How agents' requests for one model are written: its dialect, the configuration's changes, and what the provider's
 * refusals have shown. Refusals change a field at most three times, so that learning ends.
 */
export class ModelDialect {
  #edits: RequestEdits;
  /** The trials of the simplest request, with tools and without, pending or done. */
  readonly trials = new Map<boolean, Promise<unknown>>();
  /** Names of the length limit that were refused. */
  readonly #refusedLimits = new Set<string>();
  /** Fields that the configuration itself adds: their refusal is reported to the user. */
  readonly #wanted: ReadonlySet<string>;

  constructor(edits: RequestEdits, omit: readonly string[], add: Readonly<Record<string, Json>>) {
    this.#wanted = new Set(Object.keys(add));
    this.#edits = configured(edits, omit, add);
  }

  /** The changes of the next request; the same object as long as nothing was learned. */
  get edits(): RequestEdits {
    return this.#edits;
  }

  /**
   * Learns from a refusal of a field.
   * @param sent its name as it was sent
   * @returns what is changed; undefined if nothing can be
   */
  learn(sent: string): LearnedField | undefined {
    if (this.#wanted.has(sent)) return undefined;
    if (sent === STRICT) {
      if (this.#edits.plainTools) return undefined;
      this.#edits = { ...this.#edits, plainTools: true };
      return ofField(STRICT, "functions are sent without it");
    }
    if (sent === SYSTEM_ROLE) {
      if (this.#edits.mergedSystem) return undefined;
      this.#edits = { ...this.#edits, mergedSystem: true };
      return { what: "a system message", change: "its text is sent as the beginning of the user's message" };
    }
    if (sent === TOOL_SCHEMAS) return this.#learnSchemas();
    if (sent === "stream") {
      if (this.#edits.names.get(sent) === null) return undefined;
      this.#rename("stream_options", null);
      this.#rename(sent, null);
      return ofField(sent, "answers are asked for as a whole");
    }
    if (LIMITS.includes(sent)) return this.#learnLimit(sent);
    if (sent === "tool_choice" && this.#edits.toolChoice !== "auto") {
      this.#edits = { ...this.#edits, toolChoice: "auto" };
      return ofField(sent, "it is sent as `auto`");
    }
    if (sent === "response_format" && !this.#edits.jsonObject) {
      this.#edits = { ...this.#edits, jsonObject: true };
      return ofField(sent, "any JSON object is asked for in place of JSON of a schema");
    }
    const field = this.#originOf(sent);
    if (this.#edits.names.get(field) === null) return undefined;
    this.#rename(field, null);
    return ofField(sent, "it is left out");
  }

  /**
   * The simplest request: without the fields that only improve an answer, for a refusal that names nothing.
   * @returns undefined if a request is that simple already
   */
  simplest(): RequestEdits | undefined {
    const names = new Map(this.#edits.names);
    for (const name of OPTIONAL) if (!this.#wanted.has(name)) names.set(name, null);
    const isSimple =
      this.#edits.plainTools && [...names].every(([name, to]) => this.#edits.names.get(name) === to);
    return isSimple ? undefined : { ...this.#edits, names, plainTools: true };
  }

  /** Keeps changes that were accepted where the ones before were refused. */
  adopt(edits: RequestEdits): void {
    this.#edits = edits;
  }

  /** The schemas first, then what makes a server build a grammar of them: a required call. */
  #learnSchemas(): LearnedField | undefined {
    const edits = this.#edits;
    if (!edits.plainSchemas) {
      this.#edits = { ...edits, plainTools: true, plainSchemas: true, unions: "described" };
      return { what: "the schemas of tools", change: "they are sent in a simpler form" };
    }
    if (edits.toolChoice === "auto" || edits.names.get("tool_choice") === null) return undefined;
    this.#edits = { ...edits, toolChoice: "auto" };
    return { what: "the schemas of required calls", change: "a call is asked for and not required" };
  }

  #learnLimit(sent: string): LearnedField | undefined {
    this.#refusedLimits.add(sent);
    const other = LIMITS.find((name) => !this.#refusedLimits.has(name) && !this.#wanted.has(name));
    const before = this.#edits.names.get("max_completion_tokens");
    if (before === null) return undefined;
    const next = other === undefined ? null : other;
    if ((before ?? "max_completion_tokens") === next) return undefined;
    this.#rename("max_completion_tokens", next);
    return ofField(sent, next === null ? "it is left out" : `\`${next}\` is sent in its place`);
  }

  /** The agents' name of a field that was sent under another. */
  #originOf(sent: string): string {
    for (const [from, to] of this.#edits.names) if (to === sent) return from;
    return sent;
  }

  #rename(field: string, to: string | null): void {
    const names = new Map(this.#edits.names);
    if (to === field) names.delete(field);
    else names.set(field, to);
    this.#edits = { ...this.#edits, names };
  }
}

/** Changes, overridden by those of the configuration. */
export function configured(
  edits: RequestEdits,
  omit: readonly string[],
  add: Readonly<Record<string, Json>>,
): RequestEdits {
  const names = new Map(edits.names);
  for (const name of omit) {
    // A field is named as agents send it, or as the provider calls it.
    for (const [from, to] of names) if (to === name) names.set(from, null);
    names.set(name, null);
  }
  const added = Object.keys(add);
  // The limit under another name would duplicate the one that is added.
  if (added.some((name) => LIMITS.includes(name)))
    for (const name of LIMITS) if (!added.includes(name)) names.set(name, null);
  for (const name of added) names.delete(name);
  return { ...edits, names, add };
}
