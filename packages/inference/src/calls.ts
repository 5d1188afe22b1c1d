import type { ChatRequest, ModelAnswer, ModelError } from "@ape/core/chat";
import type { Clock } from "@ape/core/clock";
import type { InferenceConfig } from "@ape/core/config/inference";
import type { InferenceEnded, Recorder } from "@ape/core/events";
import { maskSecrets } from "@ape/core/mask";
import { type Random, randomFrom, seedOf } from "@ape/core/random";
import type { Price, ResolvedProvider } from "./providers.ts";
import { askedWait, backoff } from "./retry.ts";
import { estimateInput, estimateOutput } from "./tokens.ts";
import { type Attempt, NO_CALLS, type Tap, type Upstream } from "./upstream.ts";

/** A call on its way through the proxy, from an agent in process or from a client over HTTP. */
export interface Call {
  id: string;
  request: ChatRequest;
  body: () => string | Uint8Array;
  session: string;
  step: number;
  traceparent: string;
  signal?: AbortSignal | undefined;
  tap?: Tap;
}

/** The answer of a call, and the last attempt as it came. */
export interface Called {
  answer: ModelAnswer;
  last: Attempt;
}

export interface CallsOptions {
  config: InferenceConfig;
  resolved: ResolvedProvider;
  upstream: Upstream;
  clock: Clock;
  recorder: Recorder;
  /** Begins every inference id, so that several processes do not clash. */
  prefix: string;
}

/** Sends calls upstream, repeats what may be repeated, and records exactly one event a call. */
export class Calls {
  readonly #options: CallsOptions;
  readonly #jitter: Random;
  readonly #secrets: readonly string[];
  #count = 0;

  constructor(options: CallsOptions) {
    this.#options = options;
    this.#jitter = randomFrom(seedOf("backoff", options.prefix));
    this.#secrets = options.resolved.apiKey === undefined ? [] : [options.resolved.apiKey];
  }

  /** An id that no other call of this run has. */
  nextId(): string {
    this.#count += 1;
    return `${this.#options.prefix}-${this.#count}`;
  }

  /** Never rejects. */
  async run(call: Call): Promise<Called> {
    const { clock, config, upstream } = this.#options;
    let queueMs = 0;
    for (let attempt = 1; ; attempt += 1) {
      const { request, body, traceparent, signal, tap } = call;
      const last = await upstream.ask({
        request,
        body,
        traceparent,
        attempt,
        signal,
        tap,
        queuedMs: queueMs,
      });
      queueMs += last.queueMs;
      const wait = attempt < config.retries.attempts ? this.#waitAfter(last, attempt) : undefined;
      if (wait === undefined) return this.#end(call, last, attempt, queueMs);
      const waitsFrom = clock.now();
      await clock.sleep(wait, signal);
      queueMs += clock.now() - waitsFrom;
      if (signal?.aborted === true) {
        const error: ModelError = {
          code: "cancelled",
          status: last.status,
          message: "the call was cancelled",
        };
        return this.#end(call, { ...last, error }, attempt, queueMs);
      }
    }
  }

  /** Milliseconds until the next attempt; undefined where there must be none. */
  #waitAfter(last: Attempt, attempt: number): number | undefined {
    const answered = last.error !== undefined && (last.status === 429 || last.status >= 500);
    if (!(answered && last.error?.code !== "timeout" && last.error?.code !== "cancelled") && !last.unsent)
      return undefined;
    const { backoff: base, maxWait } = this.#options.config.retries;
    const asked = answered ? askedWait(last.headers, last.status, this.#options.clock.epoch()) : undefined;
    if (asked === undefined) return backoff(base, attempt, maxWait, this.#jitter);
    return asked > maxWait ? undefined : asked;
  }

  #end(call: Call, last: Attempt, attempts: number, queueMs: number): Called {
    const { clock, config, recorder } = this.#options;
    const { id, request } = call;
    let { inputTokens, outputTokens } = last;
    // What came before a stream broke off is billed too, so it counts even where the answer is lost.
    const came = last.error === undefined || last.content !== "" || last.toolCalls.length > 0;
    inputTokens ??= came ? estimateInput(request) : 0;
    outputTokens ??= came ? estimateOutput(last) : 0;
    const error = last.error === undefined ? undefined : this.#masked(last.error);
    const streamed = request.stream === true;
    const event: InferenceEnded = {
      type: "inference",
      at: clock.epoch(),
      inference: id,
      session: call.session,
      step: call.step,
      provider: config.provider,
      model: request.model,
      streamed,
      status: last.status,
      attempts,
      queueMs,
      durationMs: last.durationMs,
      inputTokens,
      outputTokens,
      costUsd: cost(this.#price(request.model), inputTokens, outputTokens),
    };
    if (streamed && last.firstTokenMs !== undefined) event.firstTokenMs = last.firstTokenMs;
    if (error !== undefined) event.error = `${error.code}: ${error.message}`;
    recorder.record(event);
    return {
      answer: answerOf(id, last, inputTokens, outputTokens, queueMs, error),
      last: error === undefined ? last : { ...last, error },
    };
  }

  #price(model: string): Price | undefined {
    const { config, resolved } = this.#options;
    return config.price ?? resolved.prices[model];
  }

  #masked(error: ModelError): ModelError {
    return { ...error, message: maskSecrets(error.message, this.#secrets) };
  }
}

function cost(price: Price | undefined, inputTokens: number, outputTokens: number): number {
  return price === undefined ? 0 : (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
}

/** An answer as a policy sees it: with an error everything else is empty. */
export function answerOf(
  inference: string,
  last: Attempt,
  inputTokens: number,
  outputTokens: number,
  queueMs: number,
  error: ModelError | undefined,
): ModelAnswer {
  if (error !== undefined)
    return { inference, content: "", toolCalls: NO_CALLS, inputTokens: 0, outputTokens: 0, queueMs, error };
  return { inference, content: last.content, toolCalls: last.toolCalls, inputTokens, outputTokens, queueMs };
}
