import { isJsonObject, type JsonObject } from "@ape/core/lib/json";
import { type DeltaKind, DeltaTemplate } from "./delta-template.ts";

const CHOICES = '"choices":';
/** Forms that are kept: a provider's are few, and a stream whose every chunk is another is parsed. */
const MOST_TEMPLATES = 8;
const MOST_CONSTANT = 32;
/** Chunks of text that a form is looked for in: a provider that writes each in another way is not tried for ever. */
const MOST_TRIES = 64;
const LONGEST_CONSTANT = 400;
/** What makes a chunk one of a kind: not worth keeping. */
const ONE_OF_A_KIND = /"(?:id|usage|error)":(?!null)/;

/** The text that a chunk added. */
export interface AddedText {
  kind: DeltaKind;
  /** Of the tool call, for `arguments`. */
  index: number;
  text: string;
}

/**
 * The forms of one provider's chunks. A chunk is a head (id, time, model: the same in all chunks of an answer) and a tail, which
 * begins with `"choices":`. Most tails are one of a few constant texts, or differ in the delta's text alone, so once a form
 * is known its chunks need no JSON.parse: where a head and a tail were each seen in valid chunks, both together are one.
 */
export class ChunkForms {
  readonly #constant = new Map<string, JsonObject>();
  readonly #templates: DeltaTemplate[] = [];
  #tries = 0;

  /** The template that a tail belongs to, and the text in its place. */
  addedText(tail: string): AddedText | undefined {
    for (const template of this.#templates) {
      const text = template.text(tail);
      if (text !== undefined) return { kind: template.kind, index: template.index, text };
    }
    return undefined;
  }

  /** A tail that is known as it is, read. */
  constant(tail: string): JsonObject | undefined {
    return this.#constant.size === 0 ? undefined : this.#constant.get(tail);
  }

  /**
   * Learns the form of a chunk that was parsed.
   * @param growth what it added, where it added one text
   * @returns its head, where chunks with the same head may be read by form
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
