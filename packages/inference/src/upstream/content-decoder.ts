import { Buffer } from "node:buffer";
import type { Transform } from "node:stream";
import {
  brotliDecompressSync,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  gunzipSync,
  inflateRawSync,
  inflateSync,
} from "node:zlib";
import { MAX_ANSWER_BYTES } from "./upstream.ts";

/** Codings of RFC 9110, section 8.4.1, and Brotli (RFC 7932). */
const CODINGS: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "br"]);

/** The coding of an answer; undefined if it has none, or one that is not supported. */
export function codingOf(header: string | string[] | undefined): string | undefined {
  const coding = String(header ?? "")
    .trim()
    .toLowerCase();
  return CODINGS.has(coding) ? coding : undefined;
}

/** Some servers send `deflate` without the wrapper of zlib (RFC 9110, section 8.4.1.2). */
const isWrapped = (bytes: Uint8Array): boolean => ((bytes[0] ?? 8) & 0x0f) === 8;

/**
 * Decodes a whole answer.
 * @throws Error if it is not of this coding, or is too long
 */
export function decodeWhole(coding: string, bytes: Buffer): Buffer {
  const options = { maxOutputLength: MAX_ANSWER_BYTES };
  if (bytes.length === 0) return bytes;
  if (coding === "br") return brotliDecompressSync(bytes, options);
  if (coding === "deflate")
    return isWrapped(bytes) ? inflateSync(bytes, options) : inflateRawSync(bytes, options);
  return gunzipSync(bytes, options);
}

/** Decodes an answer in parts. */
export class ContentDecoder {
  readonly #coding: string;
  readonly #events: { data(chunk: Buffer): void; end(): void; fail(thrown: Error): void };
  #stream: Transform | undefined;

  constructor(coding: string, events: { data(chunk: Buffer): void; end(): void; fail(thrown: Error): void }) {
    this.#coding = coding;
    this.#events = events;
  }

  push(chunk: Buffer): void {
    this.#stream ??= this.#open(chunk);
    // The connection reuses these bytes.
    this.#stream.write(Buffer.from(chunk));
  }

  end(): void {
    if (this.#stream === undefined) this.#events.end();
    else this.#stream.end();
  }

  close(): void {
    this.#stream?.destroy();
  }

  #open(first: Buffer): Transform {
    const stream =
      this.#coding === "br"
        ? createBrotliDecompress()
        : this.#coding !== "deflate"
          ? createGunzip()
          : isWrapped(first)
            ? createInflate()
            : createInflateRaw();
    stream.on("data", (chunk: Buffer) => this.#events.data(chunk));
    stream.once("end", () => this.#events.end());
    stream.once("error", (thrown) => this.#events.fail(thrown));
    return stream;
  }
}
