import type { ServerResponse } from "node:http";

/** A reader with more than this much waiting is too slow: it gets everything again when it has caught up. */
const MOST_WAITING_BYTES = 1024 * 1024;
/** A reader that has heard nothing for longer than a few of these knows that its connection is dead. */
const BEAT_MS = 2_000;
/** Readers of one run at the same time. */
const MOST_READERS = 20;

/** What readers are sent; each text is one JSON document without line breaks. */
export interface LiveTexts {
  /** Everything so far. */
  whole(): string;
  /** What has changed since the last call; undefined if only everything can be sent. */
  increment(): string | undefined;
}

interface Reader {
  response: ServerResponse;
  /** Whether it has everything up to the last increment. */
  isCurrent: boolean;
}

/**
 * The readers of a live run, as streams of server-sent events: `whole` first, then an `increment` per second. A slow
 * reader misses increments and then gets `whole` again; nothing waits for it. Source: HTML, section 9.2.
 */
export class LiveReaders {
  readonly #texts: LiveTexts;
  readonly #readers = new Set<Reader>();
  /** Also while nothing changes, as when results are computed. */
  #beat: NodeJS.Timeout | undefined;

  constructor(texts: LiveTexts) {
    this.#texts = texts;
  }

  add(response: ServerResponse): void {
    if (this.#readers.size >= MOST_READERS) {
      response.writeHead(503, { "content-type": "application/json" });
      response.end(
        JSON.stringify({ error: `${MOST_READERS} pages of this run are open already: close one of them` }),
      );
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const reader: Reader = { response, isCurrent: false };
    this.#readers.add(reader);
    response.on("close", () => this.#remove(reader));
    this.#beat ??= setInterval(() => this.#beatAll(), BEAT_MS).unref();
    // The page shows something at once; the next increment is for readers that were there before.
    response.write(": connected\n\n");
  }

  #remove(reader: Reader): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    clearInterval(this.#beat);
    this.#beat = undefined;
  }

  #beatAll(): void {
    for (const { response } of this.#readers)
      if (response.writableLength === 0) response.write(": alive\n\n");
  }

  /** Sends the last second. Costs nothing without readers. */
  tick(): void {
    if (this.#readers.size === 0) return;
    const increment = this.#texts.increment();
    let whole: string | undefined;
    for (const reader of this.#readers) {
      if (reader.response.writableLength > MOST_WAITING_BYTES) {
        reader.isCurrent = false;
        continue;
      }
      if (reader.isCurrent && increment !== undefined) {
        send(reader.response, "increment", increment);
        continue;
      }
      whole ??= this.#texts.whole();
      send(reader.response, "whole", whole);
      reader.isCurrent = true;
    }
  }

  /** Sends the results and ends every stream; waits for slow readers at most this long. */
  async end(final: string | undefined, limitMs: number): Promise<void> {
    clearInterval(this.#beat);
    const ends = Array.from(
      this.#readers,
      ({ response }) =>
        new Promise<void>((resolve) => {
          response.on("close", resolve);
          if (final !== undefined) send(response, "final", final);
          response.end(resolve);
        }),
    );
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([Promise.all(ends), limit]);
    clearTimeout(timer);
  }
}

function send(response: ServerResponse, event: string, data: string): void {
  response.write(`event: ${event}\ndata: ${data}\n\n`);
}
