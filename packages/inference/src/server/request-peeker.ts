/** What the proxy needs to know of a request before it passes it on. */
export interface PeekedRequest {
  model: string;
  streamed: boolean;
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
/** Longest part that is kept for comparison, in bytes. */
const LONGEST_KNOWN = 256 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * Reads the top level of requests and skips over messages and tools, which are most of them and which the proxy only passes on:
 * a whole JSON.parse would be its costliest step, and even their text is never needed. Clients send the same first message
 * (the instructions) and the same tools with every call, so those of the last request are compared, which is much cheaper
 * than to look for their ends again.
 */
export class RequestPeeker {
  /** `[` and the first message of the last request. */
  #first: Buffer = NOTHING;
  /** All tools of the last request. */
  #tools: Buffer = NOTHING;

  /**
   * @param body JSON in UTF-8, in which no byte of a longer character looks like punctuation
   * @returns undefined for anything that is not plainly a request: JSON.parse and a full check then explain why
   */
  head(body: Buffer): PeekedRequest | undefined {
    const head: PeekedRequest = { model: "", streamed: false };
    let messages = false;
    let at = blank(body, 0);
    if (body[at] !== OPEN_OBJECT) return undefined;
    do {
      at = blank(body, at + 1);
      const keyEnd = stringEnd(body, at);
      if (keyEnd === -1) return undefined;
      const key = body.toString("latin1", at + 1, keyEnd - 1);
      at = blank(body, keyEnd);
      if (body[at] !== COLON) return undefined;
      at = blank(body, at + 1);
      if (key === "messages" || key === "tools") {
        if (body[at] !== OPEN_LIST) return undefined;
        at = key === "tools" ? this.#toolsEnd(body, at) : this.#messagesEnd(body, at);
        if (at === -1) return undefined;
        messages ||= key === "messages";
      } else {
        const end = valueEnd(body, at);
        if (end === -1 || key.includes("\\") || !read(key, body, at, end, head)) return undefined;
        at = end;
      }
      at = blank(body, at);
    } while (body[at] === COMMA);
    if (body[at] !== CLOSE_OBJECT || blank(body, at + 1) !== body.length) return undefined;
    return messages && head.model !== "" ? head : undefined;
  }

  #messagesEnd(body: Buffer, from: number): number {
    if (hasAt(body, from, this.#first)) return valueEnd(body, from, from + this.#first.length, 1);
    const first = valueEnd(body, from + 1);
    if (first === -1) return valueEnd(body, from);
    if (first - from <= LONGEST_KNOWN) this.#first = Buffer.from(body.subarray(from, first));
    return valueEnd(body, from, first, 1);
  }

  #toolsEnd(body: Buffer, from: number): number {
    if (hasAt(body, from, this.#tools)) return from + this.#tools.length;
    const end = valueEnd(body, from);
    if (end !== -1 && end - from <= LONGEST_KNOWN) this.#tools = Buffer.from(body.subarray(from, end));
    return end;
  }
}

function hasAt(body: Buffer, from: number, known: Buffer): boolean {
  const end = from + known.length;
  return known.length > 0 && end <= body.length && body.compare(known, 0, known.length, from, end) === 0;
}

/** Records a member of a request. @returns false if its value is not plainly valid */
function read(key: string, body: Buffer, from: number, end: number, head: PeekedRequest): boolean {
  if (key === "model") {
    const value = body.toString("utf8", from, end);
    if (!/^"[^"\\]+"$/.test(value)) return false;
    head.model = value.slice(1, -1);
  } else if (key === "stream") {
    const value = body.toString("latin1", from, end);
    if (value !== "true" && value !== "false" && value !== "null") return false;
    head.streamed = value === "true";
  }
  return true;
}

const isBlank = (byte: number | undefined): boolean =>
  byte === 32 || byte === 10 || byte === 13 || byte === 9;

function blank(body: Buffer, from: number): number {
  let at = from;
  while (isBlank(body[at])) at += 1;
  return at;
}

/** Index after the string that begins at `from`; -1 if none does. */
function stringEnd(body: Buffer, from: number): number {
  if (body[from] !== QUOTE) return -1;
  for (let at = from + 1; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at += 1;
  }
  return -1;
}

/** Position of a member of an object, in bytes. */
export interface MemberPlace {
  /** After the `{` or `,` before it. */
  start: number;
  key: string;
  keyStart: number;
  keyEnd: number;
  valueStart: number;
  valueEnd: number;
  /** At the `,` or `}` after it. */
  end: number;
}

/** The members of the object that a body holds; undefined if it is not plainly one. */
export function membersOf(body: Buffer): MemberPlace[] | undefined {
  const members: MemberPlace[] = [];
  let at = blank(body, 0);
  if (body[at] !== OPEN_OBJECT) return undefined;
  do {
    const start = at + 1;
    const keyStart = blank(body, start);
    const keyEnd = stringEnd(body, keyStart);
    if (keyEnd === -1) return undefined;
    const key = body.toString("latin1", keyStart + 1, keyEnd - 1);
    const colon = blank(body, keyEnd);
    if (body[colon] !== COLON || key.includes("\\")) return undefined;
    const valueStart = blank(body, colon + 1);
    const end = valueEnd(body, valueStart);
    if (end === -1) return undefined;
    at = blank(body, end);
    members.push({ start, key, keyStart, keyEnd, valueStart, valueEnd: end, end: at });
  } while (body[at] === COMMA);
  return body[at] === CLOSE_OBJECT && blank(body, at + 1) === body.length ? members : undefined;
}

/**
 * Index after the value that begins at `from`; -1 if it does not end, or is empty.
 * @param seen up to where it was read already, at `level` brackets deep and outside of strings
 */
function valueEnd(body: Buffer, from: number, seen = from, level = 0): number {
  let depth = level;
  let at = seen;
  while (at < body.length) {
    const byte = body[at];
    if (byte === QUOTE) {
      at = stringEnd(body, at);
      if (at === -1 || depth === 0) return at;
      continue;
    }
    if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth += 1;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      if (depth === 0) return at === from ? -1 : at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (byte === COMMA || isBlank(byte))) return at === from ? -1 : at;
    at += 1;
  }
  return -1;
}
