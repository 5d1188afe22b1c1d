import { isJsonObject, type JsonObject } from "@ape/core/lib/json";
import { type DeltaKind, DeltaTemplate } from "./delta-template.ts";

const CHOICES = '"choices":';
/** Maximum number of forms: a provider has few, and a stream whose chunks all differ is parsed. */
const MOST_TEMPLATES = 8;
const MOST_CONSTANT = 32;
/** Number of text chunks in which a form is looked for; a provider that writes each differently is then parsed only. */
const MOST_TRIES = 64;
const LONGEST_CONSTANT = 400;
/** Marks of a chunk that does not recur and is not worth keeping. */
const ONE_OF_A_KIND = /"(?:id|usage|error)":(?!null)/;

/** The text that a chunk added. */
export interface AddedText {
  kind: DeltaKind;
  /** Index of the tool call, for `arguments`. */
  index: number;
  text: string;
}

/**
 * The forms of one provider's chunks. A chunk is a head (id, time, model: the same in all chunks of an answer) and a
 * tail, which begins with `"choices":`. Most tails are one of a few constant texts, or differ only in the delta's text,
 * so chunks of a known form need no JSON.parse: if a head and a tail were each part of valid chunks, both together are
 * valid.
 */
export class ChunkForms {
  readonly #constant = new Map<string, JsonObject>();
  readonly #templates: DeltaTemplate[] = [];
  #tries = 0;

  /** Returns the text that a tail of a known template adds. */
  addedText(tail: string): AddedText | undefined {
    for (const template of this.#templates) {
      const text = template.text(tail);
      if (text !== undefined) return { kind: template.kind, index: template.index, text };
    }
    return undefined;
  }

  /** Returns the parsed value of a known constant tail. */
  constant(tail: string): JsonObject | undefined {
    return this.#constant.size === 0 ? undefined : this.#constant.get(tail);
  }

  /**
   * Learns the form of a chunk that was parsed.
   * @param growth what it added, if it added one text
   * @returns its head, if chunks with the same head may be read by form
   */
  learn(data: string, growth: AddedText | undefined): string | undefined {
    const at = data.indexOf(CHOICES);
    if (at < 1) return undefined;
    const head = data.slice(0, at);
    if (head.includes('"usage":') || head.includes('"error":')) return undefined;
    const tail = data.slice(at);
    if (this.addedText(tail) !== undefined || this.constant(tail) !== undefined) return head;
    if (growth !== undefined) {
      if (this.#templates.length >= MOST_TEMPLATES || this.#tries >= MOST_TRIES) return undefined;
      this.#tries += 1;
      const template = DeltaTemplate.learn(tail, growth.kind, growth.index, growth.text);
      if (template === undefined) return undefined;
      this.#templates.push(template);
      return head;
    }
    if (tail.length > LONGEST_CONSTANT || this.#constant.size >= MOST_CONSTANT || ONE_OF_A_KIND.test(tail))
      return undefined;
    const read = parseTail(tail);
    if (read === undefined) return undefined;
    this.#constant.set(tail, read);
    return head;
  }
}

function parseTail(tail: string): JsonObject | undefined {
  try {
    const read: unknown = JSON.parse(`{${tail}`);
    return isJsonObject(read) ? read : undefined;
  } catch {
    return undefined;
  }
}
