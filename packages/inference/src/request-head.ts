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

/**
 * Reads the top level of a request and skips over messages and tools, which are most of it and which the proxy only passes on:
 * a whole JSON.parse would be its costliest step.
 * @returns undefined for whatever is not plainly a request: JSON.parse and a closer look then tell why
 */
export function requestHead(text: string): RequestHead | undefined {
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
    const end = valueEnd(text, at);
    if (end === -1) return undefined;
    const value = text.slice(at, end);
    if (key.includes("\\")) return undefined;
    if (key === "model") {
      if (!/^"[^"\\]+"$/.test(value)) return undefined;
      head.model = value.slice(1, -1);
    } else if (key === "stream") {
      if (value !== "true" && value !== "false" && value !== "null") return undefined;
      head.streamed = value === "true";
    } else if (key === "messages") {
      if (!value.startsWith("[")) return undefined;
      messages = true;
    } else if (key === "tools") {
      if (!value.startsWith("[")) return undefined;
    } else if (key === "temperature") head.temperature = true;
    else if (key === "max_completion_tokens" || key === "max_tokens") head.limit = true;
    at = blank(text, end);
  } while (text[at] === ",");
  if (text[at] !== "}" || blank(text, at + 1) !== text.length) return undefined;
  return messages && head.model !== "" ? head : undefined;
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

/** Index behind the value that begins at `from`; -1 where it does not end, or is empty. */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  let at = from;
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
