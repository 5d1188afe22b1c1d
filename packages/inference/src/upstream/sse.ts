import { Buffer } from "node:buffer";
import { isJsonObject } from "@ape/core/lib/json";

const NEWLINE = 10;
const OPEN_OBJECT = 123;
const BYTE_ORDER_MARK = 0xfeff;
const NOTHING = Buffer.alloc(0);

/** The form of an answer by its first bytes; undefined if they do not decide. */
export function answerForm(bytes: Buffer): "events" | "json" | undefined {
  const text = bytes.toString("utf8", 0, 64).replace(/^\uFEFF?\s*/, "");
  if (/^(?:(?:data|event|error|id|retry):|:)/.test(text)) return "events";
  return /^[{[]/.test(text) ? "json" : undefined;
}

/**
 * Reads server-sent events from bytes cut anywhere, and hands on each event's data.
 * Lines end in LF or CRLF (a lone CR, which the standard allows and no provider sends, does not end one);
 * comments and fields other than `data` are passed over, a byte order mark too; an event that the end of the stream cuts short
 * is handed on too, because servers forget the last blank line. A line `error: ...`, and one of JSON outside of an event, with
 * which some servers report that a stream failed, become an event of their own.
 * Text is decoded line-wise, so that a character split over two chunks stays whole.
 * Source: WHATWG HTML, section 9.2.6.
 */
export class SseReader {
  readonly #data: (data: string) => void;
  #rest: Buffer = NOTHING;
  #event: string | undefined;
  #begun = false;

  constructor(data: (data: string) => void) {
    this.#data = data;
  }

  /** Whether all bytes so far belong to complete events. */
  get atBoundary(): boolean {
    return this.#rest.length === 0 && this.#event === undefined;
  }

  push(chunk: Buffer): void {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last === -1) {
      this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
      return;
    }
    let text = chunk.toString("utf8", 0, last + 1);
    if (this.#rest.length > 0) {
      const first = chunk.indexOf(NEWLINE);
      text =
        Buffer.concat([this.#rest, chunk.subarray(0, first + 1)]).toString("utf8") +
        chunk.toString("utf8", first + 1, last + 1);
    }
    this.#rest = last + 1 === chunk.length ? NOTHING : chunk.subarray(last + 1);
    this.#lines(text);
  }

  end(): void {
    this.#lines(`${this.#rest.toString("utf8")}\n`);
    this.#rest = NOTHING;
    this.#flush();
  }

  #lines(text: string): void {
    let start = 0;
    if (!this.#begun) {
      this.#begun = true;
      if (text.charCodeAt(0) === BYTE_ORDER_MARK) start = 1;
    }
    for (let end = text.indexOf("\n", start); end !== -1; end = text.indexOf("\n", start)) {
      const stop = end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
      if (stop === start) this.#flush();
      else if (text.startsWith("data:", start)) {
        const value = text.slice(text.charCodeAt(start + 5) === 32 ? start + 6 : start + 5, stop);
        this.#event = this.#event === undefined ? value : `${this.#event}\n${value}`;
      } else if (text.startsWith("error:", start)) this.#fail(text.slice(start + 6, stop));
      else if (text.charCodeAt(start) === OPEN_OBJECT) this.#fail(text.slice(start, stop));
      start = end + 1;
    }
  }

  /** Returns a failure in the form of the answer that has one. */
  #fail(said: string): void {
    const text = said.trim();
    let error: unknown = { message: text };
    try {
      const json: unknown = JSON.parse(text);
      if (isJsonObject(json)) error = json.error ?? (json.choices === undefined ? json : undefined);
    } catch {
      // It is a text.
    }
    if (error !== undefined) this.#data(JSON.stringify({ error }));
  }

  #flush(): void {
    if (this.#event === undefined) return;
    const event = this.#event;
    this.#event = undefined;
    this.#data(event);
  }
}
