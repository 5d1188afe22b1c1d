import { Buffer } from "node:buffer";

const NEWLINE = 10;
const NOTHING = Buffer.alloc(0);

/**
 * Reads server-sent events from bytes cut anywhere, and hands on each event's data.
 * Lines end in LF or CRLF (a lone CR, which the standard allows and no provider sends, does not end one);
 * comments and fields other than `data` are passed over; an event that the end of the stream cuts short
 * is handed on too, because servers forget the last blank line.
 * Text is decoded line-wise, so that a character split over two chunks stays whole.
 * Source: WHATWG HTML, section 9.2.6.
 */
export class SseReader {
  readonly #data: (data: string) => void;
  #rest: Buffer = NOTHING;
  #event: string | undefined;

  constructor(data: (data: string) => void) {
    this.#data = data;
  }

  /** Whether all bytes so far belong to finished events. */
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
        (first === last ? "" : chunk.toString("utf8", first + 1, last + 1));
    }
    this.#rest = last + 1 === chunk.length ? NOTHING : chunk.subarray(last + 1);
    this.#lines(text);
  }

  end(): void {
    if (this.#rest.length > 0) this.#lines(`${this.#rest.toString("utf8")}\n`);
    this.#rest = NOTHING;
    this.#flush();
  }

  #lines(text: string): void {
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      const stop = end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
      if (stop === start) this.#flush();
      else if (text.startsWith("data:", start)) {
        const value = text.slice(text.charCodeAt(start + 5) === 32 ? start + 6 : start + 5, stop);
        this.#event = this.#event === undefined ? value : `${this.#event}\n${value}`;
      }
      start = end + 1;
    }
  }

  #flush(): void {
    if (this.#event === undefined) return;
    const event = this.#event;
    this.#event = undefined;
    this.#data(event);
  }
}
