import { backoff } from "@ape/core/lib/backoff";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { Agent, type Dispatcher, ProxyAgent, request } from "undici";
import { systemClock as clock } from "../../host/clock.ts";
import { certificateFault } from "./certificate-fault.ts";
import type { KubeAccess } from "./kube-access.ts";

/** Time limit of a request, in milliseconds; a followed log has none. */
const ANSWER_MS = 30_000;
const CONNECT_MS = 10_000;
/** How long requests are repeated while the API is away, in milliseconds, and the pauses between them. */
const PATIENCE_MS = 60_000;
const PAUSES = { base: 100, longest: 2_000 } as const;
/** Statuses of an API server that restarts or is overloaded, or of what is before it. */
const PASSING: readonly number[] = [429, 502, 503, 504];

/** How a client behaves while the API of its cluster is away. */
export interface RetryOptions {
  /** Repeats the first request, too. Where left out, an API that has never answered is reported at once. */
  isPatient?: boolean;
  /** How long a request is repeated; default 60 s. */
  patienceMs?: number;
  /** Called each time that the API begins to be away. */
  onAway?: (message: string) => void;
}

export interface KubeRequest {
  method: Dispatcher.HttpMethod;
  path: string;
  body?: string;
  type?: string;
  signal?: AbortSignal;
}

/**
 * Sends requests to the API of a cluster. While the API is away, requests are repeated: each of them may be, because none
 * changes anything twice. A request that is refused for its credentials is sent once more with new ones.
 */
export class KubeRequests {
  readonly #access: KubeAccess;
  readonly #patience: RetryOptions;
  readonly #agent: Dispatcher;
  readonly #closing = new AbortController();
  #hasAnswered: boolean;
  #isAway = false;
  /** By how much the cluster's clock is ahead of this machine's, in milliseconds. */
  #aheadMs = 0;

  constructor(access: KubeAccess, patience: RetryOptions) {
    this.#access = access;
    this.#patience = patience;
    this.#hasAnswered = patience.isPatient === true;
    const { ca, cert, key, serverName, insecure, proxy, impersonation } = access;
    const times = { headersTimeout: ANSWER_MS, bodyTimeout: 0 };
    const connect = {
      timeout: CONNECT_MS,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(insecure === true ? { rejectUnauthorized: false } : {}),
    };
    const agent =
      proxy === undefined
        ? new Agent({ ...times, connect })
        : new ProxyAgent({ ...times, uri: proxy, requestTls: connect });
    this.#agent = impersonation === undefined ? agent : agent.compose(withHeaders(impersonation));
  }

  get agent(): Dispatcher {
    return this.#agent;
  }

  /** The cluster's time in epoch milliseconds, exact to a second: that of the last answer, and what has passed since. */
  now(): number {
    return clock.epoch() + this.#aheadMs;
  }

  /**
   * Sends a request and reads its answer.
   * @param read is called again with another answer if it fails
   * @throws ApeError CONTAINERS_FAILED if no answer comes in time, and what the credentials' source throws
   */
  async send<T>(
    wanted: KubeRequest,
    read: (answer: Dispatcher.ResponseData) => Promise<T>,
  ): Promise<{ status: number; content: T }> {
    const until = clock.now() + (this.#patience.patienceMs ?? PATIENCE_MS);
    const isOver = (): boolean =>
      !this.#hasAnswered ||
      this.#closing.signal.aborted ||
      wanted.signal?.aborted === true ||
      clock.now() >= until;
    let isRenewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const authorization = await this.#access.authorization?.();
      let trouble: string;
      try {
        const answer = await this.#request(wanted, authorization);
        const { statusCode: status } = answer;
        if (status === 401 && !isRenewed && this.#access.renew !== undefined) {
          isRenewed = true;
          this.#access.renew();
          await answer.body.dump();
          continue;
        }
        if (!PASSING.includes(status) || isOver()) {
          const content = await read(answer);
          if (!PASSING.includes(status)) this.#answered(answer);
          return { status, content };
        }
        await answer.body.dump();
        trouble = `the cluster answers ${status}`;
      } catch (cause) {
        if (isOver()) throw this.#unreached(cause);
        trouble = `the cluster at ${this.#access.server} does not answer (${messageOf(cause)})`;
      }
      if (!this.#isAway) this.#patience.onAway?.(`${trouble}: trying again`);
      this.#isAway = true;
      await clock.sleep(backoff(attempt, PAUSES), this.#closing.signal);
    }
  }

  #unreached(cause: unknown): ApeError {
    const fault = certificateFault(this.#access, cause, clock.epoch());
    return new ApeError(
      "CONTAINERS_FAILED",
      fault?.message ?? `the cluster at ${this.#access.server} does not answer`,
      {
        cause,
        details: [messageOf(cause)],
        hint:
          fault?.hint ??
          "See that it runs and can be reached from here: the address is that of the kubeconfig.",
      },
    );
  }

  /** Learns from an answer that the API is there, and what time the cluster has. */
  #answered({ headers }: Dispatcher.ResponseData): void {
    this.#hasAnswered = true;
    this.#isAway = false;
    const date = Date.parse(String(headers.date));
    if (!Number.isNaN(date)) this.#aheadMs = date - clock.epoch();
  }

  #request(
    { method, path, body, type, signal }: KubeRequest,
    authorization: string | undefined,
  ): Promise<Dispatcher.ResponseData> {
    return request(`${this.#access.server}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: {
        accept: "application/json",
        ...(type === undefined ? {} : { "content-type": type }),
        ...(authorization === undefined ? {} : { authorization }),
      },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** Ends the repeating of requests, and waits for those under way. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await this.#agent.close();
  }
}

/** Adds headers to every request, those that open WebSockets included. */
function withHeaders(
  more: NonNullable<KubeAccess["impersonation"]>,
): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch({ ...options, headers: { ...(options.headers as Record<string, string>), ...more } }, handler);
}
