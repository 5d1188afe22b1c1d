import { connect } from "node:net";
import { type Random, randomFrom } from "@ape/core/lib/random";

/** For tests: where malformed requests are sent. */
export interface FuzzTarget {
  port: number;
  /** Paths that the server has; malformed requests are variations of them too. */
  paths: readonly string[];
  /** Sent with about half of the requests, so that they reach the code behind the token. */
  token?: string;
  seed: number;
}

export interface FuzzResult {
  /** Requests that the server has read, or that ended their connection. */
  sent: number;
  connections: number;
  /** Final answers by status. */
  statuses: Record<string, number>;
  /** What was thrown outside of any handler meanwhile. */
  uncaught: unknown[];
}

const PARALLEL = 16;
/** A connection that the server leaves open is closed after this time, in milliseconds. */
const PATIENCE_MS = 3_000;

/**
 * Sends malformed requests over sockets, many per connection, and counts the answers. Repeatable by its seed.
 * @param count how many requests
 */
export async function sendMalformedRequests(target: FuzzTarget, count: number): Promise<FuzzResult> {
  const random = randomFrom(target.seed);
  const result: FuzzResult = { sent: 0, connections: 0, statuses: {}, uncaught: [] };
  const notice = (thrown: unknown): void => void result.uncaught.push(thrown);
  process.on("uncaughtException", notice).on("unhandledRejection", notice);
  try {
    const lane = async (): Promise<void> => {
      while (result.sent < count) {
        let requests = requestsOf(target, random, 2 + Math.floor(random() * 40));
        while (requests.length > 0 && result.sent < count) {
          result.connections += 1;
          const statuses = await exchange(target.port, requests, random);
          for (const status of statuses) result.statuses[status] = (result.statuses[status] ?? 0) + 1;
          // A connection that was closed early is followed by one with the requests that the server has not read.
          const read = Math.max(1, statuses.length);
          result.sent += Math.min(read, requests.length);
          requests = requests.slice(read);
        }
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, lane));
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("uncaughtException", notice).off("unhandledRejection", notice);
  }
  return result;
}

/** Requests of one connection: the last may break the framing, those before it are malformed in what they say. */
function requestsOf(target: FuzzTarget, random: Random, count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    i === count - 1 ? brokenRequest(target, random) : oddRequest(target, random),
  );
}

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

function noise(random: Random, longest: number): string {
  return Array.from({ length: Math.floor(random() * longest) }, () =>
    String.fromCharCode(Math.floor(random() * 256)),
  ).join("");
}

const printable = (text: string): string => text.replace(/[^\x21-\x7e]/g, "%");

const TARGETS = [
  "//",
  "///",
  "//evil.example/status",
  "/%",
  "/%zz",
  "/%E0%A4%A",
  "/%00",
  "/..",
  "/../../etc/passwd",
  "/.//.",
  "/?",
  "/?%",
  "/?a=%E9",
  "/?a&a&=&&",
  "/;",
  "/\\",
  "/__proto__",
  "/constructor",
  "/toString",
  "/hasOwnProperty",
  "http://",
  "http:///",
  "http://[",
  "http://a b/",
  "http://evil.example/status",
  "https://127.0.0.1/",
  "http://u:p@127.0.0.1/metrics",
  "HTTP://localhost",
  "ftp://x/",
  "*",
  "?",
  "#",
  "x",
  "127.0.0.1:80",
  "::1",
  "file:///etc/passwd",
] as const;
const HOSTS = [
  "127.0.0.1",
  "127.0.0.1",
  "127.0.0.1",
  "localhost",
  "LOCALHOST:1",
  "evil.example",
  "[",
  "[::1",
  "[::1]",
  "::1",
  "a b",
  "",
  ":",
  "127.0.0.1:99999",
  "127.0.0.1:x",
  "%",
  "user@127.0.0.1",
  "127.0.0.1/x",
  "127.0.0.1?x",
  "127.0.0.1#x",
  "xn--",
  "\u00e9.example",
  "0x7f.1",
  "a".repeat(300),
] as const;
const ORIGINS = [
  "null",
  "",
  "http://evil.example",
  "x",
  "http://[",
  "file://",
  "http://localhost",
  "http://localhost:1",
] as const;
const METHODS = [
  "GET",
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "DELETE",
  "OPTIONS",
  "PATCH",
  "TRACE",
  "PROPFIND",
  "M-SEARCH",
] as const;
const BODIES = [
  "",
  "{",
  "[]",
  "null",
  "{}",
  "0",
  '"',
  "\u00ff\u00fe",
  '{"jsonrpc":"2.0"}',
  '{"__proto__":{"model":1}}',
  '{"model":7,"messages":{}}',
  '{"model":"m","messages":[null,1,{"role":{}}]}',
  '{"model":"m","messages":[],"tools":[7]}',
  '{"jsonrpc":"2.0","id":{},"method":7,"params":[]}',
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"http_get","arguments":{"path":"//%"}}}',
  "[".repeat(5000),
] as const;
const TYPES = [
  "application/json",
  "application/json",
  "text/plain",
  "application/x-www-form-urlencoded",
  'application/json; charset="',
  ";",
  "x",
] as const;

function pathOf({ paths }: FuzzTarget, random: Random): string {
  const known = pick(random, paths);
  switch (Math.floor(random() * 6)) {
    case 0:
    case 1:
      return pick(random, TARGETS);
    case 2:
      return known;
    case 3:
      return `${known}?${printable(noise(random, 40))}`;
    case 4:
      return `${known}${printable(noise(random, 20))}`;
    default:
      return `/${printable(noise(random, 40))}`;
  }
}

/** A request that HTTP's grammar allows, or nearly so, with an odd target, host, origin, header or body. */
function oddRequest(target: FuzzTarget, random: Random): string {
  const hasBody = random() < 0.1;
  const body = hasBody ? pick(random, BODIES) : "";
  const method = hasBody ? "POST" : pick(random, METHODS);
  const headers = [
    `host: ${random() < 0.6 ? "127.0.0.1" : pick(random, HOSTS)}`,
    `content-length: ${Buffer.byteLength(body, "latin1")}`,
  ];
  if (body !== "") headers.push(`content-type: ${pick(random, TYPES)}`);
  if (random() < 0.2) headers.push(`origin: ${pick(random, ORIGINS)}`);
  if (random() < 0.1) headers.push("expect: 100-continue");
  if (random() < 0.1) headers.push("connection: upgrade", "upgrade: websocket");
  if (random() < 0.1) headers.push(`accept: ${printable(noise(random, 60))}`);
  if (random() < 0.1) headers.push(`traceparent: ${printable(noise(random, 60))}`, "mcp-method: tools/call");
  if (random() < 0.1)
    headers.push("mcp-protocol-version: 2026-07-28", "mcp-method: tools/call", "mcp-name: http_get");
  const credential = random();
  if (credential < 0.6) headers.push(`authorization: Bearer ${target.token ?? "x"}`);
  else if (credential < 0.8) headers.push(`authorization: ${printable(noise(random, 40))}`);
  return `${method} ${pathOf(target, random)} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n${body}`;
}

/** Bytes that no server can read as a request, or that never end. */
function brokenRequest(target: FuzzTarget, random: Random): string {
  const path = pathOf(target, random);
  const token = `authorization: Bearer ${target.token ?? "x"}`;
  switch (Math.floor(random() * 11)) {
    case 0:
      return noise(random, 200);
    case 1:
      return `GET ${path}\r\n\r\n`;
    case 2:
      return `GET ${path} HTTP/9.9\r\nhost: 127.0.0.1\r\n\r\n`;
    case 3:
      return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${token}\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n`;
    case 4:
      return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${token}\r\ncontent-length: -1\r\n\r\n`;
    case 5:
      return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${token}\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`;
    case 6:
      return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ${"y".repeat(20_000)}\r\n\r\n`;
    case 7:
      return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${noise(random, 30)}: ${noise(random, 30)}\r\n\r\n`;
    case 8:
      return `CONNECT ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`;
    case 9:
      return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${token}\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"half`;
    default:
      return `GET ${path} HTTP/1.1\nhost: 127.0.0.1\n${noise(random, 10)}`;
  }
}

/** Writes all requests at once, and ends or resets the connection. Resolves with the statuses of the answers. */
function exchange(port: number, requests: readonly string[], random: Random): Promise<string[]> {
  return new Promise((resolve) => {
    const resets = random() < 0.02;
    let said = "";
    const socket = connect(port, "127.0.0.1");
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.setEncoding("latin1").on("data", (part: string) => {
      said += part;
    });
    socket.on("error", () => undefined);
    socket.on("close", () =>
      resolve(Array.from(said.matchAll(/HTTP\/1\.1 ([2-5]\d\d) /g), ([, status = ""]) => status)),
    );
    socket.write(Buffer.from(requests.join(""), "latin1"), () => {
      if (resets) socket.resetAndDestroy();
      else socket.end();
    });
  });
}
