import { isIP, type LookupFunction } from "node:net";
import type { TargetConfig } from "@ape/core/config/target";
import { backoff } from "@ape/core/lib/backoff";
import type { Clock } from "@ape/core/lib/clock";
import { toMicros } from "@ape/core/lib/duration";
import { messageOf } from "@ape/core/lib/errors";
import { parseRetryAfter } from "@ape/core/lib/header-date/retry-after";
import type { SecretMasker } from "@ape/core/lib/mask";
import type { HttpMethod } from "@ape/core/protocol/operations/operation";
import {
  type Attempt,
  rejectedResult,
  type Timing,
  type ToolResult,
  type TransportError,
} from "@ape/core/protocol/tool-call";
import type { Sender } from "@ape/http/connection-pool";
import { type ProxyAddress, proxyFor } from "@ape/http/proxy-settings";
import { openSender, tunnelTo } from "@ape/http/sender";
import type { TlsOptions } from "@ape/http/socket";
import { type Dispatcher, Pool } from "undici";
import type { ReadAnswer } from "../body.ts";
import { exchange, type HttpResponse } from "../http-exchange.ts";
import { ClientCredentials } from "../oauth2.ts";
import { ResiliencePipeline } from "../resilience/resilience-pipeline.ts";
import { RetryBudget } from "../resilience/retry.ts";
import { addTiming, attemptOf, isRetried } from "./attempts.ts";
import { EchoedSecrets } from "./echoed-secrets.ts";
import { mayBeOfProxy, proxyAnswer } from "./proxy-answer.ts";
import { requireReachable, tryConnection } from "./reachability.ts";
import type { TargetOptions } from "./target.ts";
import { TargetCredentials, withLowerCaseNames } from "./target-credentials.ts";
import { readTlsFiles } from "./tls-files.ts";

const IDLE_MS = 30_000;
const IDEMPOTENT = ["GET", "PUT", "DELETE"];
/** One call, as the target's kind has prepared it. */
export interface HttpCall {
  method: HttpMethod;
  /** On the wire, without the base path; may carry a query. Empty for the endpoint itself. */
  path: string;
  /** Headers of the session. */
  headers: Readonly<Record<string, string>> | undefined;
  /** Content type of the body, unless a header of the session or the configuration overrides it. */
  contentType: string | undefined;
  body: string | Buffer | null;
  operation: string;
  /** The base path if it is not that of the base URL. */
  base?: string | undefined;
  /** Whether sending it twice has the same effect as sending it once. */
  idempotent?: boolean;
  /** Reads the answer. */
  read(answer: HttpResponse): ReadAnswer;
  began: number;
  signal: AbortSignal | undefined;
}

/** The HTTP access to a target of any kind: connections, the target's own credentials, time limits, retries. */
export class HttpChannel {
  readonly #name: string;
  readonly #config: TargetConfig;
  readonly #clock: Clock;
  readonly #sender: Sender;
  readonly #tls: TlsOptions;
  readonly #proxy: ProxyAddress | undefined;
  readonly #lookup: { lookup?: LookupFunction };
  #dispatcher: Dispatcher | undefined;
  readonly #origin: string;
  readonly #base: string;
  readonly #own: TargetCredentials;
  /** Undefined if the configuration has no credentials. */
  readonly #echoed: EchoedSecrets | undefined;
  readonly #oauth: ClientCredentials | undefined;
  readonly #guard: ResiliencePipeline;
  readonly #budget: RetryBudget;

  /** @throws ApeError FILE_MISSING, CONFIG_INVALID */
  static async open({ name, config, clock, baseDir, proxies, lookup }: TargetOptions): Promise<HttpChannel> {
    const tls: TlsOptions = {
      // A target reached by its address is still verified by its name.
      ...serverName(withLowerCaseNames(config.headers).host),
      rejectUnauthorized: !config.tls.insecure,
      ...(await readTlsFiles(name, config.tls, baseDir)),
    };
    const { origin } = new URL(config.baseUrl);
    const proxy = proxyFor(config.baseUrl, proxies);
    const sender = openSender({
      origin,
      proxy,
      connections: config.connections,
      idleMs: IDLE_MS,
      connectTimeout: config.timeouts.connect,
      tls,
      // A forward proxy resolves the target's name itself.
      ...(lookup === undefined || proxy !== undefined ? {} : { lookup }),
      clock,
    });
    const echoed = new EchoedSecrets(config);
    echoed.addProxy(proxy);
    let oauth: ClientCredentials | undefined;
    if (config.auth !== "none" && "oauth2" in config.auth) {
      const { oauth2 } = config.auth;
      const tokenProxy = proxyFor(oauth2.tokenUrl, proxies);
      echoed.addProxy(tokenProxy);
      oauth = new ClientCredentials(
        oauth2,
        clock,
        tokenProxy === undefined
          ? undefined
          : tunnelTo(tokenProxy, { connections: 1, connectTimeout: config.timeouts.connect }),
        (token) => echoed.addToken(token),
      );
    }
    return new HttpChannel(name, config, clock, sender, tls, lookup, proxy, oauth, echoed);
  }

  private constructor(
    name: string,
    config: TargetConfig,
    clock: Clock,
    sender: Sender,
    tls: TlsOptions,
    lookup: LookupFunction | undefined,
    proxy: ProxyAddress | undefined,
    oauth: ClientCredentials | undefined,
    echoed: EchoedSecrets,
  ) {
    this.#name = name;
    this.#config = config;
    this.#clock = clock;
    this.#sender = sender;
    this.#tls = tls;
    this.#lookup = lookup === undefined ? {} : { lookup };
    this.#proxy = proxy;
    this.#oauth = oauth;
    const url = new URL(config.baseUrl);
    this.#origin = url.origin;
    this.#base = url.pathname.replace(/\/$/, "");
    this.#own = new TargetCredentials(config);
    this.#echoed = echoed.masker.isEmpty && oauth === undefined ? undefined : echoed;
    this.#guard = new ResiliencePipeline(name, config, clock);
    this.#budget = new RetryBudget(config.retries.budget);
  }

  /** Headers that every call carries, by lower-case name. */
  get ownHeaders(): Readonly<Record<string, string>> {
    return this.#own.headers;
  }

  /** Path of the base URL, without a slash at its end. */
  get base(): string {
    return this.#base;
  }

  /** Scheme, host and port. */
  get origin(): string {
    return this.#origin;
  }

  /**
   * Tries a connection.
   * @param mayRead whether a GET of the base URL is permitted; otherwise nothing is sent
   * @throws ApeError TARGET_UNREACHABLE if it is refused, does not resolve or is not trusted; TARGET_NOT_AUTHORIZED
   */
  async reach(mayRead = true): Promise<void> {
    const error = mayRead
      ? (await this.#send("GET", this.#own.path(`${this.#base}/`), [], null, this.#config.timeouts.total))
          .error
      : await this.#connects();
    requireReachable(error, this.#name, `${this.#origin}${this.#base}`, this.#proxy !== undefined);
  }

  /** Tries a connection without a request. Behind a proxy this shows nothing about the target. */
  #connects(): Promise<TransportError | undefined> {
    if (this.#proxy !== undefined) return Promise.resolve(undefined);
    const { timeouts } = this.#config;
    return tryConnection({
      origin: this.#origin,
      timeouts,
      tls: this.#tls,
      clock: this.#clock,
      ...this.#lookup,
    });
  }

  /** Makes a call: admitted, authorized, sent, retried if configured. */
  send(call: HttpCall): Promise<ToolResult> {
    return this.#guard.pass(call.operation, call.signal, (waitedMs) => this.#attempt(call, waitedMs));
  }

  /** Connections of this target, for a library with its own HTTP client. */
  get dispatcher(): Dispatcher {
    const { connections, timeouts } = this.#config;
    const options = { connections, connectTimeout: timeouts.connect, tls: this.#tls };
    this.#dispatcher ??=
      this.#proxy === undefined
        ? new Pool(this.#origin, {
            connections,
            pipelining: 1,
            connect: { ...this.#tls, ...this.#lookup, timeout: timeouts.connect },
            keepAliveTimeout: IDLE_MS,
          })
        : tunnelTo(this.#proxy, options);
    return this.#dispatcher;
  }

  /** The secrets that are masked in answers, or undefined. */
  get secrets(): SecretMasker | undefined {
    return this.#echoed?.masker;
  }

  /** The pipeline before every call of the target. */
  get guard(): ResiliencePipeline {
    return this.#guard;
  }

  /**
   * The target's own headers, overridden by a session's; names and values alternate.
   * @throws Error if no access token is available
   */
  async headersFor(session: Readonly<Record<string, string>> | undefined): Promise<string[]> {
    const token = await this.#token(session);
    if (token instanceof Error) throw token;
    return this.#own.headersOf(session, undefined, token);
  }

  async #attempt(call: HttpCall, waited: number): Promise<ToolResult> {
    const { retries, timeouts } = this.#config;
    const { method, body, signal } = call;
    const began = call.began + waited;
    const path = this.#own.path(`${call.base ?? this.#base}${call.path}` || "/");
    const retryable = retries.unsafe || (call.idempotent ?? IDEMPOTENT.includes(method));
    const attempts: Attempt[] = [];
    const timing: Timing = { total: 0, queue: waited, dns: 0, connect: 0, tls: 0, firstByte: 0, body: 0 };
    let pause = 0;
    let renewed = false;
    this.#budget.earn();
    for (;;) {
      const left = timeouts.total - (this.#clock.now() - began);
      const token = this.#oauth === undefined ? undefined : await this.#token(call.headers);
      if (token !== undefined && typeof token !== "string")
        return rejectedResult(call.operation, "gateway", token.message);
      const headers = this.#own.headersOf(call.headers, call.contentType, token);
      const answer = await this.#send(method, path, headers, body, Math.max(1, left), signal);
      if (this.#echoed !== undefined) answer.secrets = this.#echoed.masker;
      const via = this.#origin.startsWith("http:") ? this.#proxy : undefined;
      if (via !== undefined && answer.error === undefined) {
        const own = proxyAnswer(answer, via.origin);
        if (own !== undefined) answer.error = own;
      }
      const read: ReadAnswer =
        answer.error === undefined ? call.read(answer) : { body: { kind: "empty" }, error: answer.error };
      addTiming(timing, answer);
      attempts.push(attemptOf(answer, pause, read.error));
      if (answer.status === 401 && token !== undefined && !renewed) {
        renewed = true;
        this.#oauth?.refuse(token);
        pause = 0;
        continue;
      }
      if (retryable && attempts.length < retries.attempts && isRetried(answer)) {
        pause =
          parseRetryAfter(answer.headers["retry-after"], this.#clock.epoch()) ??
          backoff(attempts.length, {
            base: retries.backoff,
            jitter: retries.jitter ? 1 : 0,
            random: Math.random,
          });
        if (this.#clock.now() - began + pause < timeouts.total && this.#budget.spend()) {
          await this.#clock.sleep(pause, signal);
          continue;
        }
      }
      timing.total = toMicros(this.#clock.now() - call.began);
      const result: ToolResult = {
        status: answer.status,
        headers:
          this.#echoed === undefined
            ? (answer.headers as ToolResult["headers"])
            : this.#echoed.headersWithout(answer.headers as ToolResult["headers"]),
        body: read.body,
        timing,
        attempts,
        operation: call.operation,
      };
      if (via !== undefined && answer.error === undefined && mayBeOfProxy(answer)) result.forwarded = true;
      if (read.error !== undefined) result.error = this.#withoutSecrets(read.error);
      if (read.unproven !== undefined) result.unproven = this.#masked(read.unproven);
      return result;
    }
  }

  #withoutSecrets(error: TransportError): TransportError {
    const shown = this.#masked(error.message);
    return shown === error.message ? error : { ...error, message: shown };
  }

  #masked(text: string): string {
    return this.#echoed?.masker.mask(text) ?? text;
  }

  /** The target's token, if it has one and the session sends none of its own; an error if none is available. */
  async #token(headers: HttpCall["headers"]): Promise<string | Error | undefined> {
    if (
      this.#oauth === undefined ||
      (headers !== undefined && withLowerCaseNames(headers).authorization !== undefined)
    )
      return undefined;
    try {
      return await this.#oauth.token();
    } catch (thrown) {
      return new Error(`no access token: ${messageOf(thrown)}`);
    }
  }

  #send(
    method: HttpMethod,
    path: string,
    headers: string[],
    body: string | Buffer | null,
    leftMs: number,
    signal?: AbortSignal,
  ): Promise<HttpResponse> {
    const { timeouts, maxBody } = this.#config;
    return exchange(
      this.#sender,
      {
        origin: this.#origin,
        path,
        method,
        headers,
        body,
        via: this.#proxy?.origin,
        connectMs: timeouts.connect,
        firstByteMs: timeouts.firstByte,
        totalMs: timeouts.total,
        leftMs,
        maxBody,
      },
      this.#clock,
      signal,
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.#sender.destroy(), this.#dispatcher?.destroy()]);
  }
}

/** The server name for TLS, from the `host` header; none for addresses (RFC 6066, section 3). */
function serverName(host: string | undefined): Pick<TlsOptions, "servername"> {
  const servername = host?.replace(/:\d*$/, "");
  if (servername === undefined || isIP(servername.replace(/^\[(.*)\]$/, "$1")) !== 0) return {};
  return { servername };
}
