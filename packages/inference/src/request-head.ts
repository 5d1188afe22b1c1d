/** What the proxy needs to know of a request before it passes it on. */
export interface RequestHead {
  model: string;
  streamed: boolean;
  /** Whether the request sets them itself. */
  temperature: boolean;
  limit: boolean;
}

const QUOTE = 34;
const BACKSLASH = 92;

/** Longest text that is kept to be known again, in characters. */
const LONGEST_KNOWN = 256 * 1024;

/**
 * Reads the top level of requests and skips over messages and tools, which are most of them and which the proxy only passes on:
 * a whole JSON.parse would be its costliest step. Clients send the same first message (the instructions) and the same tools
 * with every call, so those of the last request are compared, which is much cheaper than to look for their ends again.
 */
export class RequestSkimmer {
  /** `[` and the first message of the last request. */
  #first = "";
  /** All tools of the last request. */
  #tools = "";

  /** @returns undefined for whatever is not plainly a request: JSON.parse and a closer look then tell why */
  head(text: string): RequestHead | undefined {
    const head: RequestHead = { model: "", streamed: false, temperature: false, limit: false };
    let messages = false;
    let at = blank(text, 0);
    if (text[at] !== "{") return undefined;
    do {
      at = blank(text, at + 1);
      const keyEnd = stringEnd(text, at);
      if (keyEnd === -1) return undefined;
      const key = text.slice(at + 1, keyEnd - 1);
      at = blank(text, keyEnd);
      if (text[at] !== ":") return undefined;
      at = blank(text, at + 1);
      if (key === "messages" || key === "tools") {
        if (text[at] !== "[") return undefined;
        at = key === "tools" ? this.#toolsEnd(text, at) : this.#messagesEnd(text, at);
        if (at === -1) return undefined;
        messages ||= key === "messages";
      } else {
        const end = valueEnd(text, at);
        if (end === -1 || key.includes("\\") || !read(key, text.slice(at, end), head)) return undefined;
        at = end;
      }
      at = blank(text, at);
    } while (text[at] === ",");
    if (text[at] !== "}" || blank(text, at + 1) !== text.length) return undefined;
    return messages && head.model !== "" ? head : undefined;
  }

  #messagesEnd(text: string, from: number): number {
    const known = this.#first;
    if (known !== "" && text.slice(from, from + known.length) === known)
      return valueEnd(text, from, from + known.length, 1);
    const first = valueEnd(text, from + 1);
    if (first === -1) return valueEnd(text, from);
    if (first - from <= LONGEST_KNOWN) this.#first = text.slice(from, first);
    return valueEnd(text, from, first, 1);
  }

  #toolsEnd(text: string, from: number): number {
    const known = this.#tools;
    if (known !== "" && text.slice(from, from + known.length) === known) return from + known.length;
    const end = valueEnd(text, from);
    if (end !== -1 && end - from <= LONGEST_KNOWN) this.#tools = text.slice(from, end);
    return end;
  }
}

/** Notes a member of a request. @returns false where its value is not plainly what it should be */
function read(key: string, value: string, head: RequestHead): boolean {
  if (key === "model") {
    if (!/^"[^"\\]+"$/.test(value)) return false;
    head.model = value.slice(1, -1);
  } else if (key === "stream") {
    if (value !== "true" && value !== "false" && value !== "null") return false;
    head.streamed = value === "true";
  } else if (key === "temperature") head.temperature = true;
  else if (key === "max_completion_tokens" || key === "max_tokens") head.limit = true;
  return true;
}

function blank(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code === 32 || (code >= 9 && code <= 13); code = text.charCodeAt(at))
    at += 1;
  return at;
}

/** Index behind the string that begins at `from`; -1 where none does. */
function stringEnd(text: string, from: number): number {
  if (text.charCodeAt(from) !== QUOTE) return -1;
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return -1;
}

/**
 * Index behind the value that begins at `from`; -1 where it does not end, or is empty.
 * @param seen up to where it is known already, at `level` brackets deep and outside of strings
 */
function valueEnd(text: string, from: number, seen = from, level = 0): number {
  let depth = level;
  let at = seen;
  while (at < text.length) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = stringEnd(text, at);
        if (at === -1) return -1;
        if (depth === 0) return at;
        continue;
      case 91:
      case 123:
        depth += 1;
        break;
      case 93:
      case 125:
        if (depth === 0) return at === from ? -1 : at;
        depth -= 1;
        if (depth === 0) return at + 1;
        break;
      case 44:
      case 32:
      case 9:
      case 10:
      case 13:
        if (depth === 0) return at === from ? -1 : at;
        break;
    }
    at += 1;
  }
  return -1;
}
