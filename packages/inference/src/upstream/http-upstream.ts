import type { AttemptTimeouts } from "@ape/core/config/inference";
import type { Clock } from "@ape/core/lib/clock";
import { messageOf } from "@ape/core/lib/errors";
import type { Sender } from "@ape/http/connection-pool";
import type { ProxyAddress } from "@ape/http/proxy-settings";
import { openSender } from "@ape/http/sender";
import { settleAtTurnEnd } from "@ape/http/turn-end";
import { ChunkForms } from "./chunk-forms.ts";
import { HttpAttempt } from "./http-attempt.ts";
import type { Upstream, UpstreamRequest, UpstreamResponse } from "./upstream.ts";

/** Below the five seconds after which Node's own servers close a connection. */
const IDLE_MS = 4_000;

export interface HttpUpstreamOptions {
  /** Ends before `/chat/completions`; keeps a query (as Azure's `api-version`). */
  baseUrl: string;
  /** Headers of every request; names and values alternate. */
  headers: readonly string[];
  connections: number;
  timeouts: AttemptTimeouts;
  clock: Clock;
  /** Called for each call for which no connection was made. */
  unreachable?: (reason: string) => void;
  /** The forward proxy. */
  proxy?: ProxyAddress | undefined;
}

/** Headers without those that are set elsewhere; names (in lower case) and values alternate. */
function without(headers: readonly string[], others: readonly string[]): string[] {
  if (others.length === 0) return [...headers];
  const kept: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    if (!others.some((one, index) => index % 2 === 0 && one === name)) kept.push(name, headers[at + 1] ?? "");
  }
  return kept;
}

/** An OpenAI-compatible server. */
export class HttpUpstream implements Upstream {
  readonly #sender: Sender;
  readonly #origin: string;
  readonly #path: string;
  readonly #options: HttpUpstreamOptions;
  readonly #headers: readonly string[];
  readonly #waiting: HttpAttempt[] = [];
  readonly #forms = new ChunkForms();
  #underway = 0;

  constructor(options: HttpUpstreamOptions) {
    const url = new URL(options.baseUrl);
    this.#origin = url.origin;
    this.#path = `${url.pathname.replace(/\/+$/, "")}/chat/completions${url.search}`;
    this.#options = options;
    this.#headers = without(
      ["content-type", "application/json", "accept-encoding", "identity"],
      options.headers,
    );
    const { connections, timeouts, clock } = options;
    this.#sender = openSender({
      origin: this.#origin,
      proxy: options.proxy,
      connections,
      idleMs: IDLE_MS,
      connectTimeout: timeouts.connect,
      clock,
    });
  }

  ask(ask: UpstreamRequest): Promise<UpstreamResponse> {
    const { clock, timeouts, connections } = this.#options;
    return new Promise((resolve) => {
      const attempt = new HttpAttempt(ask, clock, timeouts, this.#forms, (result, sent) => {
        if (sent) this.#leave();
        const { error } = result;
        if (error?.code === "unavailable" && error.status === 0) this.#options.unreachable?.(error.message);
        settleAtTurnEnd(resolve, result);
      });
      if (this.#underway < connections) this.#send(attempt);
      else this.#waiting.push(attempt);
    });
  }

  /** Lets the next call start: waiting calls have no body yet, so a long queue costs little memory. */
  #leave(): void {
    this.#underway -= 1;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      if (!next.settled) {
        this.#send(next);
        return;
      }
  }

  #send(attempt: HttpAttempt): void {
    if (attempt.settled) return;
    attempt.sent = true;
    this.#underway += 1;
    const { ask } = attempt;
    const own = this.#options.headers;
    const headers = ask.passed === undefined ? [...this.#headers] : without(ask.passed, own);
    headers.push(...own);
    if (ask.traceparent !== "") headers.push("traceparent", ask.traceparent);
    if (ask.headers !== undefined) headers.push(...ask.headers);
    try {
      this.#sender.dispatch(
        { origin: this.#origin, path: this.#path, method: "POST", headers, body: ask.body() },
        attempt,
      );
    } catch (thrown) {
      attempt.give({ code: "unavailable", status: 0, message: messageOf(thrown) });
    }
  }

  async close(): Promise<void> {
    await this.#sender.destroy();
  }
}
