import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ApiDescription } from "@ape/core/api";
import type { Clock } from "@ape/core/clock";
import type { TargetConfig } from "@ape/core/config/target";
import { toMicros } from "@ape/core/duration";
import { ApeError, messageOf } from "@ape/core/errors";
import { isJsonObject, type Json } from "@ape/core/json";
import { foldIds, operationShape, RouteTable } from "@ape/core/operation";
import type {
  Attempt,
  Body,
  Timing,
  ToolCall,
  ToolResult,
  TransportError,
  TransportErrorCode,
} from "@ape/core/tool-call";
import { type Dispatcher, Pool, ProxyAgent } from "undici";
import { readBody } from "../body.ts";
import { wirePath } from "../call-check.ts";
import { TimedConnector } from "../connector.ts";
import { exchange, type WireAnswer, type WireRequest } from "../exchange.ts";
import { authOf, type DocumentedOperation, operationsOf } from "../openapi/describe.ts";
import { loadOpenApi } from "../openapi/document.ts";
import { Permission } from "../permission.ts";
import { type ProxyAddresses, proxyFor } from "../proxy.ts";

const MAX_OPERATIONS = 200;
const IDEMPOTENT = ["GET", "PUT", "DELETE"];
const RETRIED: readonly TransportErrorCode[] = ["refused", "reset", "timeout", "dns"];
const RETRIED_STATUS = [429, 502, 503, 504];

/** A REST API under test: what agents may do there, and the way to it. */
export class RestTarget {
  readonly #name: string;
  readonly #config: TargetConfig;
  readonly #clock: Clock;
  readonly #operations: ReadonlyMap<string, DocumentedOperation>;
  readonly #description: ApiDescription;
  readonly #routes = new RouteTable();
  readonly #permission: Permission;
  readonly #pool: Dispatcher;
  readonly #connector: TimedConnector;
  readonly #origin: string;
  readonly #base: string;
  readonly #headers: Record<string, string>;
  readonly #query: string;
  readonly #cookie: string;
  readonly #traceHeader: string;
  readonly #folded = new Set<string>();

  static async open(
    name: string,
    config: TargetConfig,
    clock: Clock,
    baseDir: string,
    proxies: ProxyAddresses,
  ): Promise<RestTarget> {
    const document = config.spec === undefined ? undefined : await loadOpenApi(config.spec, baseDir);
    const tls = {
      rejectUnauthorized: !config.tls.insecure,
      ...(await pem("ca", config.tls.ca, baseDir)),
      ...(await pem("cert", config.tls.cert, baseDir)),
      ...(await pem("key", config.tls.key, baseDir)),
    };
    const connector = new TimedConnector(clock, { ...tls, timeout: config.timeouts.connect });
    const { origin } = new URL(config.baseUrl);
    const proxy = proxyFor(config.baseUrl, proxies);
    const pool =
      proxy === undefined
        ? new Pool(origin, {
            connections: config.connections,
            pipelining: 1,
            connect: connector.connect,
            keepAliveTimeout: 30_000,
          })
        : new ProxyAgent({
            uri: proxy,
            connections: config.connections,
            requestTls: { ...tls, timeout: config.timeouts.connect },
          });
    const operations = document === undefined ? [] : operationsOf(document);
    const title =
      document !== undefined && isJsonObject(document.root.info)
        ? String(document.root.info.title ?? name)
        : name;
    const auth = document === undefined ? [] : authOf(document);
    return new RestTarget(
      name,
      config,
      clock,
      { operations, title, auth, documented: document !== undefined },
      pool,
      connector,
    );
  }

  private constructor(
    name: string,
    config: TargetConfig,
    clock: Clock,
    api: {
      operations: readonly DocumentedOperation[];
      title: string;
      auth: ApiDescription["auth"];
      documented: boolean;
    },
    pool: Dispatcher,
    connector: TimedConnector,
  ) {
    this.#name = name;
    this.#config = config;
    this.#clock = clock;
    this.#pool = pool;
    this.#connector = connector;
    const url = new URL(config.baseUrl);
    this.#origin = url.origin;
    this.#base = url.pathname.replace(/\/$/, "");
    const allow = config.readOnly
      ? (config.allow ?? ["GET /**"])
          .map((pattern) => pattern.replace(/^\*/, "GET"))
          .filter((pattern) => pattern.startsWith("GET "))
      : (config.allow ??
        (api.documented ? api.operations.map(({ method, path }) => `${method} ${path}`) : ["GET /**"]));
    this.#permission = new Permission(allow, config.deny);
    this.#operations = new Map(
      api.operations.map((operation) => [`${operation.method} ${operation.path}`, operation]),
    );
    for (const { method, path } of api.operations) this.#routes.add(method, path);
    this.#description = {
      target: name,
      title: api.title,
      documented: api.documented,
      auth: api.auth,
      operations: api.operations
        .filter(
          ({ method, path }) =>
            this.#permission.permits(method, path) && (!config.readOnly || method === "GET"),
        )
        .map(({ bodyType: _bodyType, promisesJson: _promisesJson, ...operation }) => operation),
    };
    const own = ownCredentials(config);
    this.#headers = own.headers;
    this.#query = own.query;
    this.#cookie = own.cookie;
    this.#traceHeader = config.traceHeader.toLowerCase();
  }

  get description(): ApiDescription {
    return this.#description;
  }

  /** Every operation of the API document; none where there is no document. */
  get operations(): readonly string[] {
    return [...this.#operations.keys()];
  }

  /** Whether a check may name the operation: it is in the document, or there is no document. */
  hasOperation(operation: string): boolean {
    const shape = operationShape(operation);
    return this.#operations.size === 0 || this.operations.some((known) => operationShape(known) === shape);
  }

  /**
   * Tries a connection.
   * @throws ApeError TARGET_UNREACHABLE where it is refused, does not resolve or is not trusted
   */
  async reach(): Promise<void> {
    const { error } = await this.#send(
      "GET",
      `${this.#base}/`,
      [],
      null,
      this.#config.timeouts.total,
      undefined,
    );
    if (error === undefined || !["refused", "dns", "tls", "timeout"].includes(error.code)) return;
    if (error.code === "timeout" && !error.message.includes("no connection")) return;
    throw new ApeError("TARGET_UNREACHABLE", `target "${this.#name}": ${error.message}`, {
      hint: `Is it running? Try \`curl -i ${this.#config.baseUrl}\`, or correct targets.${this.#name}.baseUrl.`,
    });
  }

  async call(call: ToolCall, signal: AbortSignal | undefined): Promise<ToolResult> {
    const began = this.#clock.now();
    const wire = wirePath(call);
    if (typeof wire === "string") return refusal(this.#label(call.method, "/"), "invalid_call", wire);
    const template = this.#routes.match(call.method, wire.path);
    const operation =
      template === undefined ? this.#label(call.method, wire.path) : `${call.method} ${template}`;
    if (
      !this.#permission.permits(call.method, decodeSafely(wire.path)) &&
      !(template !== undefined && this.#permission.permits(call.method, template))
    )
      return refusal(
        operation,
        "denied",
        `${call.method} ${wire.path} is not among the operations that are allowed here`,
      );
    if (this.#config.readOnly && call.method !== "GET")
      return refusal(operation, "denied", "this target may only be read");
    const documented = this.#operations.get(operation);
    const type = contentTypeOf(call, this.#headers, documented?.bodyType);
    const headers = this.#headersOf(call, type);
    const body = type === undefined ? null : bodyOf(call.data as Json, type);
    const query = [wire.query, this.#query].filter((part) => part !== "").join("&");
    const path = `${this.#base}${wire.path}${query === "" ? "" : `?${query}`}`;
    return this.#attempt({ call, operation, documented, headers, body, path, began, signal });
  }

  async #attempt(order: {
    call: ToolCall;
    operation: string;
    documented: DocumentedOperation | undefined;
    headers: string[];
    body: string | null;
    path: string;
    began: number;
    signal: AbortSignal | undefined;
  }): Promise<ToolResult> {
    const { retries, timeouts, maxBody } = this.#config;
    const { call, headers, body, path, began, signal } = order;
    const retryable = retries.unsafe || IDEMPOTENT.includes(call.method);
    const attempts: Attempt[] = [];
    const timing: Timing = { total: 0, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 0, body: 0 };
    let pause = 0;
    for (;;) {
      const left = timeouts.total - (this.#clock.now() - began);
      const answer = await this.#send(call.method, path, headers, body, Math.max(1, left), signal);
      const read: { body: Body; error?: TransportError } =
        answer.error === undefined
          ? readBody(answer, maxBody, order.documented?.promisesJson ?? false)
          : { body: { kind: "empty" }, error: answer.error };
      addTiming(timing, answer);
      attempts.push(attemptOf(answer, pause, read.error));
      pause = this.#pause(answer, attempts.length);
      const again =
        retryable &&
        attempts.length < retries.attempts &&
        (answer.error === undefined
          ? RETRIED_STATUS.includes(answer.status)
          : RETRIED.includes(answer.error.code)) &&
        this.#clock.now() - began + pause < timeouts.total;
      if (again) {
        await this.#clock.sleep(pause, signal);
        continue;
      }
      timing.total = toMicros(this.#clock.now() - began);
      const result: ToolResult = {
        status: answer.status,
        headers: answer.headers as ToolResult["headers"],
        body: read.body,
        timing,
        attempts,
        operation: order.operation,
      };
      if (read.error !== undefined) result.error = read.error;
      return result;
    }
  }

  /** Milliseconds before the next attempt: what the target asks for, else doubling. */
  #pause(answer: WireAnswer, attempts: number): number {
    const asked = Number(answer.headers["retry-after"]);
    return Number.isFinite(asked) && answer.headers["retry-after"] !== undefined
      ? asked * 1000
      : this.#config.retries.backoff * 2 ** (attempts - 1);
  }

  #send(
    method: WireRequest["method"],
    path: string,
    headers: string[],
    body: string | null,
    totalMs: number,
    signal: AbortSignal | undefined,
  ): Promise<WireAnswer> {
    const { timeouts, maxBody } = this.#config;
    return exchange(
      this.#pool,
      {
        origin: this.#origin,
        path,
        method,
        headers,
        body,
        connectMs: timeouts.connect,
        firstByteMs: timeouts.firstByte,
        totalMs,
        maxBody,
      },
      this.#clock,
      () => this.#connector.take(),
      signal,
    );
  }

  /** The target's own headers, overlaid by the session's: names and values in turn. */
  #headersOf(call: ToolCall, contentType: string | undefined): string[] {
    const given = call.headers === undefined ? NO_HEADERS : lowerCase(call.headers);
    const list: string[] = [];
    for (const name in this.#headers)
      if (given[name] === undefined) list.push(name, this.#headers[name] as string);
    for (const name in given) if (name !== "cookie") list.push(name, given[name] as string);
    const { traceparent, cookie } = given;
    if (traceparent !== undefined && given[this.#traceHeader] === undefined)
      list.push(this.#traceHeader, traceparent.slice(3, 35));
    if (
      contentType !== undefined &&
      given["content-type"] === undefined &&
      this.#headers["content-type"] === undefined
    )
      list.push("content-type", contentType);
    if (cookie !== undefined || this.#cookie !== "")
      list.push(
        "cookie",
        cookie === undefined || this.#cookie === "" ? (cookie ?? this.#cookie) : `${cookie}; ${this.#cookie}`,
      );
    return list;
  }

  /** A bounded name for what no document names: ids folded, at most 200, then `other`. */
  #label(method: string, path: string): string {
    const folded = `${method} ${foldIds(path)}`;
    if (this.#folded.has(folded)) return folded;
    if (this.#folded.size >= MAX_OPERATIONS) return "other";
    this.#folded.add(folded);
    return folded;
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

async function pem(
  kind: "ca" | "cert" | "key",
  file: string | undefined,
  baseDir: string,
): Promise<Record<string, Buffer>> {
  if (file === undefined) return {};
  try {
    return { [kind]: await readFile(resolve(baseDir, file)) };
  } catch (cause) {
    throw new ApeError("FILE_MISSING", `the TLS file ${file} cannot be read: ${messageOf(cause)}`, {
      cause,
      hint: "Paths are relative to the configuration.",
    });
  }
}

/** What the configuration makes every call carry. */
function ownCredentials({ auth, headers: given }: TargetConfig): {
  headers: Record<string, string>;
  query: string;
  cookie: string;
} {
  const headers: Record<string, string> = { accept: "application/json, */*;q=0.5", "user-agent": "ape-test" };
  for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = value;
  const own = { headers, query: "", cookie: "" };
  if (auth === "none") return own;
  if ("bearer" in auth) headers.authorization = `Bearer ${auth.bearer}`;
  else if ("basic" in auth)
    headers.authorization = `Basic ${Buffer.from(`${auth.basic.username}:${auth.basic.password}`).toString("base64")}`;
  else if (auth.apiKey.in === "header") headers[auth.apiKey.name.toLowerCase()] = auth.apiKey.value;
  else if (auth.apiKey.in === "query")
    own.query = `${encodeURIComponent(auth.apiKey.name)}=${encodeURIComponent(auth.apiKey.value)}`;
  else own.cookie = `${auth.apiKey.name}=${auth.apiKey.value}`;
  return own;
}

const NO_HEADERS: Readonly<Record<string, string | undefined>> = {};

/** Headers with lower-case names; most have them already and are handed back as they are. */
function lowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string | undefined>> {
  for (const name in headers)
    if (name !== name.toLowerCase())
      return Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]));
  return headers;
}

/** The content type of a call's data: what the call, the target or the document says, else JSON; none without data. */
function contentTypeOf(
  call: ToolCall,
  own: Readonly<Record<string, string>>,
  documented: string | undefined,
): string | undefined {
  if (call.data === undefined || call.method === "GET") return undefined;
  const given = call.headers === undefined ? undefined : lowerCase(call.headers)["content-type"];
  const form = documented !== undefined && /x-www-form-urlencoded/.test(documented);
  return given ?? own["content-type"] ?? (form ? documented : "application/json");
}

/** A call's data as it is sent: JSON, a form, or text as it is. */
function bodyOf(data: Json, type: string): string {
  if (typeof data === "string" && !/json/.test(type)) return data;
  if (!/x-www-form-urlencoded/.test(type) || !isJsonObject(data)) return JSON.stringify(data);
  const pairs = Object.entries(data).map(([key, value]): [string, string] => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return new URLSearchParams(pairs).toString();
}

function decodeSafely(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function addTiming(timing: Timing, answer: WireAnswer): void {
  const { fresh } = answer;
  timing.queue = toMicros(timing.queue + answer.queue);
  timing.firstByte = toMicros(timing.firstByte + answer.firstByte);
  timing.body = toMicros(timing.body + answer.bodyMs);
  if (fresh === undefined) return;
  timing.dns = toMicros(timing.dns + fresh.dns);
  timing.connect = toMicros(timing.connect + fresh.connect);
  timing.tls = toMicros(timing.tls + fresh.tls);
}

function attemptOf(answer: WireAnswer, backoff: number, error: TransportError | undefined): Attempt {
  const { fresh } = answer;
  const connecting = fresh === undefined ? 0 : fresh.dns + fresh.connect + fresh.tls;
  const duration = toMicros(connecting + answer.firstByte + answer.bodyMs);
  return error === undefined
    ? { status: answer.status, duration, backoff }
    : { status: answer.status, duration, backoff, error };
}

/** A call that was never sent. */
export function refusal(operation: string, code: TransportErrorCode, message: string): ToolResult {
  return {
    status: 0,
    headers: {},
    body: { kind: "empty" },
    timing: { total: 0, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 0, body: 0 },
    attempts: [],
    operation,
    error: { code, message },
  };
}
