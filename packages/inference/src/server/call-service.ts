import type { InferenceConfig } from "@ape/core/config/inference";
import { backoff } from "@ape/core/lib/backoff";
import type { Clock } from "@ape/core/lib/clock";
import { toMicros } from "@ape/core/lib/duration";
import { maskSecrets } from "@ape/core/lib/mask";
import { type Random, randomFrom, seedOf } from "@ape/core/lib/random";
import type { ChatRequest, ModelAnswer, ModelError } from "@ape/core/protocol/chat";
import type { InferenceEnded, Recorder } from "@ape/core/protocol/events";
import type { CallEstimate, CostBudget } from "../limits/cost-budget.ts";
import type { RequestEdits } from "../providers/dialect.ts";
import type { Price } from "../providers/provider-list.ts";
import { costOf, priceOf, type ResolvedProvider } from "../providers/providers.ts";
import { failedResponse } from "../upstream/failed-attempt.ts";
import { isPassing, requestedWait } from "../upstream/retry.ts";
import { estimateInput, estimateOutput } from "../upstream/tokens.ts";
import { unusableAnswer } from "../upstream/unusable-answer.ts";
import {
  type AbortLike,
  NO_CALLS,
  type StreamSink,
  type Upstream,
  type UpstreamResponse,
  type UsageDetails,
} from "../upstream/upstream.ts";
import { clientAbortSignal } from "./client-abort-signal.ts";

/** A call in the proxy, from an agent in process or from a client over HTTP. */
export interface ProxyCall {
  id: string;
  model: string;
  /** Whether an agent of APE makes the call, in this process or another. */
  own: boolean;
  streamed: boolean;
  request: () => ChatRequest;
  body: (model?: string, edits?: RequestEdits) => string | Uint8Array;
  /** Headers of the client that are passed on; names and values alternate. */
  passed?: readonly string[];
  session: string;
  step: number;
  traceparent: string;
  /** Identifies the caller in the log; unused in process. */
  agent?: string;
  signal?: AbortLike | undefined;
  tap?: StreamSink;
}

/** The answer of a call, and its last attempt as received. */
export interface CompletedCall {
  answer: ModelAnswer;
  last: UpstreamResponse;
  costUsd: number;
}

export interface CallServiceOptions {
  config: InferenceConfig;
  resolved: ResolvedProvider;
  upstream: Upstream;
  clock: Clock;
  recorder: Recorder;
  /** Prefix of every inference id, so that ids of several processes differ. */
  prefix: string;
  /** Values that no message may contain. */
  secrets: readonly string[];
  /** The budget of all calls. */
  budget?: CostBudget | undefined;
  /** Prices of a model at the sources that may answer. */
  costliest?: (model: string) => readonly Price[];
  /** Called if an agent's answer was cut off at its length limit. */
  cutOff?: ((model: string) => void) | undefined;
  log?: CallLog | undefined;
}

/** Called with the event of each call and the caller's id in other logs. */
export type CallLog = (event: InferenceEnded, caller: Pick<ProxyCall, "traceparent" | "agent">) => void;

/** @param usd the highest cost of the call in US dollars */
const noRoom = (usd: number): string =>
  `inference.maxCost has no room for another call, which may cost ${dollars(usd)} USD`;

/** Longest prompt or answer in an event, in characters. */
const LONGEST_PROMPT = 32_768;

/** Sends calls upstream, repeats what may be repeated, and records exactly one event per call. */
export class CallService {
  readonly #options: CallServiceOptions;
  readonly #jitter: Random;
  readonly #secrets: readonly string[];
  #count = 0;

  constructor(options: CallServiceOptions) {
    this.#options = options;
    this.#jitter = randomFrom(seedOf("backoff", options.prefix));
    this.#secrets = options.secrets;
  }

  /** An id that is unique in this run. */
  nextId(): string {
    this.#count += 1;
    return `${this.#options.prefix}-${this.#count}`;
  }

  /** Never rejects. */
  run(call: ProxyCall): Promise<CompletedCall> {
    return this.#options.budget === undefined
      ? this.#send(call)
      : this.#sendWithin(call, this.#options.budget);
  }

  /** Sends a call if the run's budget has room for its highest cost. */
  async #sendWithin(call: ProxyCall, budget: CostBudget): Promise<CompletedCall> {
    const estimate = this.#estimate(call);
    const usd = this.#highestCost(call.model, budget.highest(estimate));
    if (usd === 0) return this.#send(call);
    const began = this.#options.clock.now();
    const admitted = budget.admit(usd, call.signal);
    if (admitted !== true && !(await admitted)) {
      const queueMs = this.#options.clock.now() - began;
      const code = call.signal?.aborted === true ? "cancelled" : "budget";
      return this.#end(
        call,
        failedResponse(
          { code, status: 0, message: code === "budget" ? noRoom(usd) : "the call was cancelled" },
          0,
        ),
        0,
        queueMs,
      );
    }
    const done = await this.#send(call);
    const { inputTokens, outputTokens } = done.last;
    budget.settle(
      usd,
      done.costUsd,
      estimate,
      inputTokens === undefined ? undefined : { inputTokens, outputTokens: outputTokens ?? 0 },
    );
    return done;
  }

  #estimate(call: ProxyCall): CallEstimate {
    const request = call.request();
    const { max_completion_tokens: limit, max_tokens: old } = request as unknown as Record<string, unknown>;
    const asked = [limit, old].find((value): value is number => typeof value === "number" && value > 0);
    const { maxCompletionTokens } = this.#options.config;
    return { inputTokens: estimateInput(request), outputTokens: asked ?? maxCompletionTokens };
  }

  /** US dollars of a call at the costliest source that may answer it, doubled if it may be sent twice. */
  #highestCost(model: string, { inputTokens, outputTokens }: CallEstimate): number {
    const times = this.#options.config.hedgeAfter === undefined ? 1 : 2;
    let most = 0;
    for (const price of this.#options.costliest?.(model) ?? [])
      most = Math.max(most, costOf(price, inputTokens, 0, outputTokens));
    return most * times;
  }

  #send(call: ProxyCall): Promise<CompletedCall> {
    return this.#ask(call, 1, 0).then((last) => {
      const wait = this.#waitAfter(last, 1);
      return wait === undefined ? this.#end(call, last, 1, last.queueMs) : this.#again(call, last, wait);
    });
  }

  #ask(call: ProxyCall, attempt: number, queuedMs: number): Promise<UpstreamResponse> {
    const { model, session, own, streamed, request, body, traceparent, signal, tap, passed } = call;
    return this.#options.upstream.ask({
      model,
      session,
      own,
      streamed,
      request,
      body,
      traceparent,
      passed,
      attempt,
      signal,
      tap,
      queuedMs,
    });
  }

  /**
   * The attempts after the first: a separate method, because most calls have none and each pending call holds its frame
   * in memory.
   */
  async #again(call: ProxyCall, first: UpstreamResponse, firstWait: number): Promise<CompletedCall> {
    const { clock } = this.#options;
    let last = first;
    let queueMs = first.queueMs;
    let wait = firstWait;
    for (let attempt = 1; ; ) {
      const waitsFrom = clock.now();
      await clock.sleep(wait, clientAbortSignal(call.signal));
      queueMs += clock.now() - waitsFrom;
      if (call.signal?.aborted === true) {
        const error: ModelError = {
          code: "cancelled",
          status: last.status,
          message: "the call was cancelled",
        };
        return this.#end(call, { ...last, error }, attempt, queueMs);
      }
      attempt += 1;
      last = await this.#ask(call, attempt, queueMs);
      queueMs += last.queueMs;
      const next = this.#waitAfter(last, attempt);
      if (next === undefined) return this.#end(call, last, attempt, queueMs);
      wait = next;
    }
  }

  /** Milliseconds until the next attempt; undefined if there must be none. */
  #waitAfter(last: UpstreamResponse, attempt: number): number | undefined {
    if (last.error === undefined || attempt >= this.#options.config.retries.attempts) return undefined;
    const answered = isPassing(last.status);
    const { code } = last.error;
    const final = code === "timeout" || code === "cancelled" || code === "refused";
    if (!(answered && !final) && !last.unsent) return undefined;
    const { backoff: base, maxWait } = this.#options.config.retries;
    const asked = answered
      ? requestedWait(last.headers, last.status, this.#options.clock.epoch(), last.refusal)
      : undefined;
    // A provider that asks for no wait is asked again at the usual pace.
    if (asked === undefined || asked === 0)
      return backoff(attempt, { base, longest: maxWait, jitter: 0.5, random: this.#jitter });
    return asked > maxWait ? undefined : asked;
  }

  #end(call: ProxyCall, last: UpstreamResponse, attempts: number, queueMs: number): CompletedCall {
    const { clock, config, recorder } = this.#options;
    const { id, streamed } = call;
    const resolved = last.source ?? this.#options.resolved;
    const model = last.source?.model ?? call.model;
    let { inputTokens, outputTokens } = last;
    // Tokens received before a stream broke off are billed too, so they count even if the answer is lost.
    const came = last.error === undefined || last.content !== "" || last.toolCalls.length > 0;
    inputTokens ??= came ? estimateInput(call.request()) : 0;
    outputTokens ??= came ? estimateOutput(last) : 0;
    const failed = last.error ?? (call.own ? unusableAnswer(last) : undefined);
    if (failed?.code === "length") this.#options.cutOff?.(model);
    const error = failed === undefined ? undefined : this.#masked(failed);
    const event: InferenceEnded = {
      type: "inference",
      at: clock.epoch(),
      inference: id,
      session: call.session,
      step: call.step,
      provider: resolved.label,
      model,
      streamed,
      status: last.status,
      attempts: attempts + (last.extra ?? 0),
      queueMs: toMicros(queueMs),
      durationMs: toMicros(last.durationMs),
      inputTokens,
      outputTokens,
      costUsd: costOf(priceOf(resolved, model), inputTokens, last.told?.cachedTokens ?? 0, outputTokens),
    };
    if (streamed && last.firstTokenMs !== undefined) event.firstTokenMs = toMicros(last.firstTokenMs);
    if (last.told !== undefined) addUsage(event, last.told);
    if (config.logPrompts) {
      event.prompt = this.#readable(call.request().messages);
      event.answer = this.#readable({ content: last.content, toolCalls: last.toolCalls });
    }
    if (error !== undefined) event.error = `${error.code}: ${error.message}`;
    recorder.record(event);
    this.#options.log?.(event, call);
    return {
      costUsd: event.costUsd,
      answer: answerOf(id, last, inputTokens, outputTokens, queueMs, error),
      // A provider's error may quote the key that it refuses.
      last: last.error === undefined || error === undefined ? last : this.#withoutSecrets(last, error),
    };
  }

  #readable(said: unknown): string {
    const text = maskSecrets(JSON.stringify(said), this.#secrets);
    return text.length > LONGEST_PROMPT ? `${text.slice(0, LONGEST_PROMPT)}...` : text;
  }

  /** A failed answer as a client may see it: unchanged, except for credentials that it quotes. */
  #withoutSecrets(last: UpstreamResponse, error: ModelError): UpstreamResponse {
    const masked = maskSecrets(last.refusal, this.#secrets);
    if (masked === last.refusal) return { ...last, error };
    const { "content-encoding": _, ...headers } = last.headers;
    return { ...last, error, headers, body: masked };
  }

  #masked(error: ModelError): ModelError {
    return { ...error, message: maskSecrets(error.message, this.#secrets) };
  }
}

/** An amount with two digits, without an exponent. */
const dollars = (usd: number): string => usd.toFixed(Math.max(2, 1 - Math.floor(Math.log10(usd))));

function addUsage(event: InferenceEnded, told: UsageDetails): void {
  const { cachedTokens, reasoningTokens, providerMs, firstReasoningMs } = told;
  if (cachedTokens !== undefined) event.cachedTokens = cachedTokens;
  if (reasoningTokens !== undefined) event.reasoningTokens = reasoningTokens;
  if (providerMs !== undefined) event.providerMs = toMicros(providerMs);
  if (firstReasoningMs !== undefined) event.firstReasoningMs = toMicros(firstReasoningMs);
}

/** An answer as a policy sees it: with an error it has no content and no calls. */
export function answerOf(
  inference: string,
  last: UpstreamResponse,
  inputTokens: number,
  outputTokens: number,
  queueMs: number,
  error: ModelError | undefined,
): ModelAnswer {
  if (error !== undefined)
    return { inference, content: "", toolCalls: NO_CALLS, inputTokens, outputTokens, queueMs, error };
  return { inference, content: last.content, toolCalls: last.toolCalls, inputTokens, outputTokens, queueMs };
}
