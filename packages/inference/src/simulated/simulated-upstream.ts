import type { SimulationConfig } from "@ape/core/config/inference";
import type { Clock } from "@ape/core/lib/clock";
import { messageOf } from "@ape/core/lib/errors";
import type { ModelError } from "@ape/core/protocol/chat";
import type { Planner } from "@ape/planner/planner";
import { clientAbortSignal } from "../server/client-abort-signal.ts";
import { emptyResponse } from "../upstream/failed-attempt.ts";
import type { AnswerHeaders } from "../upstream/retry.ts";
import type { Upstream, UpstreamRequest, UpstreamResponse } from "../upstream/upstream.ts";
import { drawResponse, type SimulatedResponse } from "./simulated-response.ts";
import { chunksOf, completionOf } from "./simulated-wire.ts";

export interface SimulatedOptions {
  planner: Planner;
  config: SimulationConfig;
  /** Time limit of one attempt, in milliseconds: an answer that stalls ends then. */
  timeout: number;
  clock: Clock;
}

const STREAM: AnswerHeaders = { "content-type": "text/event-stream; charset=utf-8", ...limits("99999") };
const WHOLE: AnswerHeaders = { "content-type": "application/json", ...limits("99999") };

function limits(remaining: string, resetMs = 60_000): AnswerHeaders {
  return {
    "x-ratelimit-limit-requests-minute": "100000",
    "x-ratelimit-remaining-requests-minute": remaining,
    "x-ratelimit-reset-requests-minute": String(resetMs / 1_000),
  };
}

/** The simulated model: the wire format of an OpenAI-compatible server without the network. */
export class SimulatedUpstream implements Upstream {
  readonly #options: SimulatedOptions;
  #unseeded = 0;

  constructor(options: SimulatedOptions) {
    this.#options = options;
  }

  async ask(ask: UpstreamRequest): Promise<UpstreamResponse> {
    const { clock, config, planner, timeout } = this.#options;
    const sentAt = clock.now();
    const attempt = emptyResponse();
    let response: SimulatedResponse;
    try {
      const request = ask.request();
      this.#unseeded += request.seed === undefined ? 1 : 0;
      response = drawResponse(planner, config, request, request.seed ?? this.#unseeded, ask.attempt);
    } catch (thrown) {
      return refuse(attempt, 500, {}, "unavailable", `the simulated model failed: ${messageOf(thrown)}`);
    }
    if (response.limitedFor !== undefined && ask.signal?.aborted !== true) {
      const headers = {
        "content-type": "application/json",
        "retry-after-ms": String(response.limitedFor),
        ...limits("0", response.limitedFor),
      };
      return refuse(attempt, 429, headers, "limit", "the simulated model's limit of requests is reached");
    }
    const cut = response.stalled || response.firstTokenMs + response.restMs > timeout;
    if (ask.tap !== undefined && ask.streamed) await this.#stream(ask, attempt, response, sentAt);
    else {
      await clock.sleep(
        cut ? timeout : response.firstTokenMs + response.restMs,
        clientAbortSignal(ask.signal),
      );
      attempt.status = 200;
      attempt.headers = ask.streamed ? STREAM : WHOLE;
    }
    const elapsed = clock.now() - sentAt;
    // A timer may end a fraction of a millisecond early: the first token of a finished answer is never later than its last.
    const reached =
      ask.signal?.aborted === true ? elapsed : Math.max(elapsed, Math.min(timeout, response.firstTokenMs));
    attempt.durationMs = reached;
    if (ask.streamed && response.firstTokenMs <= reached) attempt.firstTokenMs = response.firstTokenMs;
    if (ask.signal?.aborted === true)
      attempt.error = error("cancelled", attempt.status, "the call was cancelled");
    else if (cut) attempt.error = error("timeout", attempt.status, `no complete answer within ${timeout} ms`);
    else this.#complete(ask, attempt, response);
    return attempt;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #complete(ask: UpstreamRequest, attempt: UpstreamResponse, response: SimulatedResponse): void {
    attempt.whole = true;
    attempt.content = response.answer.content;
    attempt.toolCalls = response.answer.toolCalls;
    attempt.inputTokens = response.inputTokens;
    attempt.outputTokens = response.outputTokens;
    if (ask.tap !== undefined && !ask.streamed)
      attempt.body = JSON.stringify(completionOf(ask.request(), response));
  }

  /** Sends the answer's chunks at their times. */
  async #stream(
    ask: UpstreamRequest,
    attempt: UpstreamResponse,
    response: SimulatedResponse,
    sentAt: number,
  ): Promise<void> {
    const { clock, timeout } = this.#options;
    const { tap } = ask;
    const signal = clientAbortSignal(ask.signal);
    const chunks = chunksOf(ask.request(), response);
    const sent = response.stalled ? chunks.slice(0, Math.ceil(chunks.length / 2)) : chunks;
    attempt.status = 200;
    attempt.headers = STREAM;
    tap?.head(200, STREAM, ask.queuedMs);
    let due = "";
    for (const chunk of sent) {
      const at = Math.min(timeout, response.firstTokenMs + chunk.share * response.restMs);
      const wait = sentAt + at - clock.now();
      if (wait >= 1) {
        if (due !== "") tap?.data(due);
        due = "";
        await clock.sleep(wait, signal);
        if (signal?.aborted === true) return;
      }
      if (at >= timeout && clock.now() - sentAt >= timeout) return;
      due += chunk.text;
    }
    if (due !== "") tap?.data(due);
    if (response.stalled) await clock.sleep(sentAt + timeout - clock.now(), signal);
    else tap?.end();
  }
}

function error(code: ModelError["code"], status: number, message: string): ModelError {
  return { code, status, message };
}

function refuse(
  attempt: UpstreamResponse,
  status: number,
  headers: AnswerHeaders,
  code: ModelError["code"],
  message: string,
): UpstreamResponse {
  const wire = {
    message,
    type: status === 429 ? "rate_limit_error" : "server_error",
    code: status === 429 ? "rate_limit_exceeded" : "server_error",
  };
  return {
    ...attempt,
    status,
    headers,
    error: error(code, status, message),
    whole: true,
    body: JSON.stringify({ error: wire }),
  };
}
