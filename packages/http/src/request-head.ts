import { errors } from "undici";
import { fieldName, hasConnectionClose, isFieldValue, isToken } from "./field.ts";

/** One request as it is sent: what undici's dispatch options hold, of which every {@link Sender} takes these. */
export interface RequestOptions {
  /** Scheme, host and port. */
  origin: string;
  /** Begins with a slash, or is a whole URL for a forward proxy; may carry a query. */
  path: string;
  method: string;
  /** Names and values in turn. */
  headers: string[];
  body: string | Uint8Array | null;
  /** Until the answer's head is there, in milliseconds; 0 is endless. */
  headersTimeout?: number;
}

export interface RequestHead {
  /** Up to and with the empty line; its characters are bytes. */
  text: string;
  /** Whether the connection may serve another request afterwards. */
  keepAlive: boolean;
}

const MOST_LINES = 200;
const LONGEST_LINE = 1_000;
const PATH = /^(?:http:\/\/[\x21-\xff]+)?\/[\x21-\xff]*$/;
/** Methods whose requests state their length even without content (RFC 9110, section 8.6). */
const WITH_CONTENT: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "QUERY"]);
/** Fields that only the connection itself may set. */
const REFUSED: ReadonlySet<string> = new Set([
  "transfer-encoding",
  "keep-alive",
  "upgrade",
  "expect",
  "te",
  "trailer",
]);
/** A field as it was last written. */
interface FieldLine {
  lower: string;
  value: string;
  line: string;
}

/** By name: most fields of a sender's requests are the same every time. */
const written = new Map<string, FieldLine>();

/** @throws undici's InvalidArgumentError */
function fieldLine(name: string, value: string): FieldLine {
  const before = written.get(name);
  if (before !== undefined && before.value === value) return before;
  const lower = before?.lower ?? fieldName(name);
  if (lower === undefined || REFUSED.has(lower) || !isFieldValue(value))
    throw new errors.InvalidArgumentError(`invalid ${name} header`);
  const field = { lower, value, line: `${name}: ${value}\r\n` };
  if ((before !== undefined || written.size < MOST_LINES) && field.line.length <= LONGEST_LINE)
    written.set(name, field);
  return field;
}

/**
 * The head of a request (RFC 9112, sections 2 and 3).
 * @param host of the `host` field, unless the order has one
 * @throws undici's InvalidArgumentError for anything that could end a line or announce another length
 */
export function requestHead(order: RequestOptions, host: string): RequestHead {
  const { method, path, headers, body } = order;
  if (!isToken(method)) throw new errors.InvalidArgumentError("invalid request method");
  if (!PATH.test(path)) throw new errors.InvalidArgumentError("invalid request path");
  const length = body === null ? 0 : typeof body === "string" ? Buffer.byteLength(body) : body.length;
  // Servers that answer a HEAD with content leave the connection in no state for another request.
  let keepAlive = method !== "HEAD";
  let to = host;
  let fields = "";
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1] as string;
    const { lower, line } = fieldLine(name, value);
    if (lower === "host") to = value;
    else if (lower === "connection") keepAlive &&= !hasConnectionClose(value);
    else if (lower === "content-length") {
      if (Number(value) !== length) throw new errors.InvalidArgumentError("invalid content-length header");
    } else fields += line;
  }
  const measured = length > 0 || WITH_CONTENT.has(method) ? `content-length: ${length}\r\n\r\n` : "\r\n";
  const persistence = keepAlive ? "keep-alive" : "close";
  const text = `${method} ${path} HTTP/1.1\r\nhost: ${to}\r\nconnection: ${persistence}\r\n${fields}${measured}`;
  return { text, keepAlive };
}
