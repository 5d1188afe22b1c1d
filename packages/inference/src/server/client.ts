import type { Clock } from "@ape/core/lib/clock";
import type { ModelAnswer, ModelCall, ModelError, ModelTransport } from "@ape/core/protocol/chat";
import { encodeRequest } from "../upstream/encode.ts";
import { HttpUpstream } from "../upstream/http-upstream.ts";
import { estimateInput, estimateOutput } from "../upstream/tokens.ts";
import { unusableAnswer } from "../upstream/unusable-answer.ts";
import type { UpstreamResponse } from "../upstream/upstream.ts";
import { answerOf } from "./call-service.ts";
import { longerWhereCutOff } from "./longer-answers.ts";
import { PROXY_HEADERS } from "./proxy-headers.ts";

/** How long to wait for a proxy that restarts, and between two attempts to reach it. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 200;
/** How long it may take to connect to the proxy, which is in the same network. */
const CONNECT_MS = 2_000;

export interface ModelClientOptions {
  /** The proxy's wire: its origin + `/v1`. */
  baseUrl: string;
  /** The run's token. */
  token?: string;
  clock: Clock;
  /** Maximum number of connections; 256 by default. */
  connections?: number;
}

/**
 * A client of an inference proxy in another process. It repeats a call only if no proxy took it, and records nothing: the
 * proxy does.
 */
export interface ModelClient extends ModelTransport {
  close(): Promise<void>;
}

/** Opens a client of an inference proxy; nothing is sent yet. */
export function createModelClient(options: ModelClientOptions): ModelClient {
  const { baseUrl, token, clock, connections = 256 } = options;
  const upstream = new HttpUpstream({
    baseUrl,
    headers: token === undefined ? [] : ["authorization", `Bearer ${token}`],
    connections,
    // The proxy bounds every attempt, and the call's own signal bounds the whole. The address of a proxy that was moved
    // answers nothing.
    timeouts: { connect: CONNECT_MS },
    clock,
  });
  return {
    complete: longerWhereCutOff(async (call: ModelCall): Promise<ModelAnswer> => {
      const { request, session, step, traceparent, agent, signal } = call;
      const ask = (): Promise<UpstreamResponse> =>
        upstream.ask({
          model: request.model,
          session,
          own: true,
          streamed: request.stream === true,
          request: () => request,
          body: () => encodeRequest(request),
          traceparent,
          headers: [
            PROXY_HEADERS.own,
            "1",
            PROXY_HEADERS.session,
            session,
            PROXY_HEADERS.step,
            String(step),
            ...(agent === undefined ? [] : [PROXY_HEADERS.agent, agent]),
          ],
          attempt: 1,
          signal,
          tap: undefined,
          queuedMs: 0,
        });
      const began = clock.now();
      let last = await ask();
      let waitedMs = 0;
      // A proxy that restarts has taken no call: the wait is a queue's, not the model's.
      while (last.unsent && signal?.aborted !== true && waitedMs < PATIENCE_MS) {
        await clock.sleep(PAUSE_MS, signal);
        waitedMs = clock.now() - began;
        last = await ask();
      }
      const { headers } = last;
      const error = withProxyWords(last.error, headers[PROXY_HEADERS.error]) ?? unusableAnswer(last);
      const queueMs = waitedMs + last.queueMs + (Number(headers[PROXY_HEADERS.queue]) || 0);
      return answerOf(
        String(headers[PROXY_HEADERS.inference] ?? ""),
        last,
        last.inputTokens ?? (last.error === undefined ? estimateInput(request) : 0),
        last.outputTokens ?? (last.error === undefined ? estimateOutput(last) : 0),
        queueMs,
        error,
      );
    }),
    close: () => upstream.close(),
  };
}

/** An error in the words of the proxy, which says what to do about some. */
function withProxyWords(
  error: ModelError | undefined,
  words: string | string[] | undefined,
): ModelError | undefined {
  if (error === undefined || typeof words !== "string") return error;
  try {
    return { ...error, message: decodeURIComponent(words) };
  } catch {
    return error;
  }
}
