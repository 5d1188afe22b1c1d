import { Buffer } from "node:buffer";
import { errors } from "undici";
import type { Fields } from "./field.ts";
import {
  BODY_CHUNKED,
  BODY_UNTIL_CLOSE,
  broken,
  parseFields,
  parseResponseHead,
  type ResponseHead,
} from "./response-head.ts";

/** The parts of an answer, in order. */
export interface ResponseListener {
  /** Of the final answer; interim ones (1xx) are passed over. */
  head(head: ResponseHead): void;
  /** The buffer is reused for the next read: a listener that keeps the bytes must copy them. */
  content(bytes: Buffer): void;
  end(trailers: Fields): void;
}

/** Longest head or trailer section, in bytes, whatever the sizes of the reads in which it arrives. */
export const MAX_HEAD_BYTES = 64 * 1024;
/** Room for the first part of a head that arrives in pieces; most heads are far shorter than the limit. */
const FIRST_PART_BYTES = 4 * 1024;
const MAX_EXTENSION_BYTES = 4_096;
const CR = 13;
const LF = 10;
const TAB = 9;
const SPACE = 32;
const SEMICOLON = 59;
const VERSION = Buffer.from("HTTP/1.");
const NO_TRAILERS: Fields = {};

const IDLE = 0;
const HEAD = 1;
const COUNTED = 2;
const OPEN = 3;
const CHUNK_SIZE = 4;
const CHUNK_EXTENSION = 5;
const CHUNK_SIZE_LF = 6;
const CHUNK = 7;
const CHUNK_CR = 8;
const CHUNK_LF = 9;
const TRAILERS = 10;
const CHUNK_BLANK = 11;

/**
 * Reads the answers of one connection, one at a time, from bytes cut anywhere (RFC 9112). Keeps nothing but a head that
 * has not come whole, and no more of that than {@link MAX_HEAD_BYTES}.
 */
export class ResponseReader {
  /** Set by a listener that wants no more for now: {@link read} then returns before it has read everything. */
  held = false;
  readonly #listener: ResponseListener;
  #state = IDLE;
  #toHead = false;
  /** Whether an interim answer (1xx) has come. */
  #interim = false;
  /** Bytes of content, or of the chunk, that are still to come; in a chunk's first line, what was read of its size. */
  #left = 0;
  #digits = 0;
  #extension = 0;
  #partial: Buffer | undefined;
  #partialBytes = 0;
  /** Where the last, incomplete line of the partial head begins. */
  #lineStart = 0;

  constructor(listener: ResponseListener) {
    this.#listener = listener;
  }

  /** Whether an answer is awaited or under way. */
  get reading(): boolean {
    return this.#state !== IDLE;
  }

  /** Whether the head of the final answer is still to come. */
  get awaitsHead(): boolean {
    return this.#state === HEAD;
  }

  /** Whether an answer is awaited of which no byte has come. */
  get untouched(): boolean {
    return this.#state === HEAD && this.#partialBytes === 0 && !this.#interim;
  }

  /** A request was sent: its answer comes next. */
  expect(toHead: boolean): void {
    this.#toHead = toHead;
    this.#interim = false;
    this.#state = HEAD;
  }

  /**
   * Continues reading; stops at the end of the answer, or if it is {@link held}.
   * @returns the position reached
   * @throws undici's HTTPParserError, HeadersOverflowError, and errors of the listener
   */
  read(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to && this.#state !== IDLE && !this.held)
      switch (this.#state) {
        case HEAD:
        case TRAILERS:
          at = this.#lines(bytes, at, to);
          break;
        case COUNTED:
        case CHUNK:
          at = this.#counted(bytes, at, to);
          break;
        case OPEN:
          this.#listener.content(bytes.subarray(at, to));
          at = to;
          break;
        default:
          this.#framing(bytes[at] as number);
          at += 1;
      }
    return at;
  }

  /**
   * The server has closed its side.
   * @returns whether the answer was whole with that
   */
  close(): boolean {
    if (this.#state !== OPEN) return false;
    this.#end(NO_TRAILERS);
    return true;
  }

  /** A head, or trailers, which may have come in part before. */
  #lines(bytes: Buffer, given: number, to: number): number {
    const before = this.#partialBytes;
    let from = given;
    if (before === 0) {
      // An empty line before the status line is left over from the answer before.
      while (this.#state === HEAD && from < to && (bytes[from] === CR || bytes[from] === LF)) from += 1;
      if (from === to) return to;
      const end = this.#linesEnd(bytes, from, to);
      if (end !== -1) {
        if (end - from > MAX_HEAD_BYTES) throw new errors.HeadersOverflowError();
        this.#understand(bytes, from, end);
        return end;
      }
    }
    const copied = Math.min(to - from, MAX_HEAD_BYTES - before);
    const partial = this.#roomFor(before + copied);
    bytes.copy(partial, before, from, from + copied);
    const filled = before + copied;
    const end = this.#linesEnd(partial, before === 0 ? 0 : this.#lineStart, filled);
    if (end === -1) {
      if (this.#state === HEAD && !begins(partial, filled)) throw broken("no status line");
      if (filled === MAX_HEAD_BYTES) throw new errors.HeadersOverflowError();
      this.#partialBytes = filled;
      return to;
    }
    this.#partialBytes = 0;
    this.#partial = undefined;
    this.#understand(partial, 0, end);
    return from + end - before;
  }

  /** The buffer of an incomplete head, enlarged if it is too small. */
  #roomFor(bytes: number): Buffer {
    let partial = this.#partial;
    if (partial === undefined || partial.length < bytes) {
      let size = partial?.length ?? FIRST_PART_BYTES;
      while (size < bytes) size *= 2;
      const grown = Buffer.allocUnsafeSlow(Math.min(size, MAX_HEAD_BYTES));
      partial?.copy(grown, 0, 0, this.#partialBytes);
      partial = grown;
      this.#partial = grown;
    }
    return partial;
  }

  /**
   * Finds the empty line that ends a head or trailers; a line may end with LF alone (RFC 9112, section 2.2).
   * @param line where the first line to look at begins
   * @returns the position after it, or -1, with the start of the incomplete line in `#lineStart`
   */
  #linesEnd(bytes: Buffer, line: number, to: number): number {
    let start = line;
    for (;;) {
      const lf = bytes.indexOf(LF, start);
      if (lf === -1 || lf >= to) break;
      if (lf === start || (lf === start + 1 && bytes[start] === CR)) return lf + 1;
      start = lf + 1;
    }
    this.#lineStart = start;
    return -1;
  }

  #understand(bytes: Buffer, from: number, end: number): void {
    if (this.#state === TRAILERS) {
      this.#end(end - from <= 2 ? NO_TRAILERS : parseFields(bytes.toString("latin1", from, end), 0));
      return;
    }
    const head = parseResponseHead(bytes.toString("latin1", from, end), this.#toHead);
    const { status, length } = head;
    if (status === 101) throw broken("101, a change of the protocol that was not asked for");
    if (status < 200) {
      this.#interim = true;
      return;
    }
    this.#left = length;
    this.#state = length === BODY_CHUNKED ? CHUNK_SIZE : length === BODY_UNTIL_CLOSE ? OPEN : COUNTED;
    if (length === BODY_CHUNKED) this.#beginChunk();
    this.#listener.head(head);
    if (length === 0) this.#end(NO_TRAILERS);
  }

  #counted(bytes: Buffer, from: number, to: number): number {
    const end = Math.min(to, from + this.#left);
    this.#left -= end - from;
    this.#listener.content(bytes.subarray(from, end));
    if (this.#left > 0) return end;
    if (this.#state === CHUNK) this.#state = CHUNK_CR;
    else this.#end(NO_TRAILERS);
    return end;
  }

  #beginChunk(): void {
    this.#state = CHUNK_SIZE;
    this.#left = 0;
    this.#digits = 0;
    this.#extension = 0;
  }

  /**
   * One byte around a chunk (RFC 9112, section 7.1). Blanks around a semicolon are "bad whitespace", which a recipient must
   * accept (RFC 9110, section 5.6.3); so are blanks before the line's end, and LF alone ends a line, as it does elsewhere.
   */
  #framing(byte: number): void {
    switch (this.#state) {
      case CHUNK_SIZE:
        this.#size(byte);
        return;
      case CHUNK_BLANK:
        this.#sizeEnd(byte);
        return;
      case CHUNK_EXTENSION:
        this.#extension += 1;
        if (byte === CR) this.#state = CHUNK_SIZE_LF;
        else if (byte === LF) this.#sized();
        else if ((byte < 32 && byte !== TAB) || byte === 127 || this.#extension > MAX_EXTENSION_BYTES)
          throw broken("an invalid chunk extension");
        return;
      case CHUNK_SIZE_LF:
        if (byte !== LF) throw broken("a chunk's size without an end");
        this.#sized();
        return;
      case CHUNK_CR:
        if (byte === LF) this.#beginChunk();
        else if (byte === CR) this.#state = CHUNK_LF;
        else throw broken("a chunk longer than it said");
        return;
      default:
        if (byte !== LF) throw broken("a chunk without an end");
        this.#beginChunk();
    }
  }

  /** The line with a chunk's size has ended. */
  #sized(): void {
    this.#state = this.#left === 0 ? TRAILERS : CHUNK;
  }

  #size(byte: number): void {
    const digit = hexDigit(byte);
    if (digit !== -1) {
      this.#digits += 1;
      this.#left = this.#left * 16 + digit;
      if (this.#left > Number.MAX_SAFE_INTEGER) throw broken("a chunk's size beyond all bounds");
    } else if (this.#digits > 0) this.#sizeEnd(byte);
    else throw broken("an invalid chunk size");
  }

  /** What follows a chunk's size: blanks, an extension, or the line's end. */
  #sizeEnd(byte: number): void {
    this.#extension += 1;
    if (byte === CR) this.#state = CHUNK_SIZE_LF;
    else if (byte === LF) this.#sized();
    else if (byte === SEMICOLON) this.#state = CHUNK_EXTENSION;
    else if ((byte === SPACE || byte === TAB) && this.#extension <= MAX_EXTENSION_BYTES)
      this.#state = CHUNK_BLANK;
    else throw broken("an invalid chunk size");
  }

  #end(trailers: Fields): void {
    this.#state = IDLE;
    this.#listener.end(trailers);
  }
}

/** Whether the bytes may become a status line: of what is none, an empty line need not be awaited. */
function begins(bytes: Buffer, length: number): boolean {
  const compared = Math.min(length, VERSION.length);
  return bytes.compare(VERSION, 0, compared, 0, compared) === 0;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
