import { ApeError } from "@ape/core/lib/errors";
import { GENAI, GENAI_SPANS, genAiError } from "@ape/core/metrics/genai";
import type { InferenceEnded, SessionEnded, SessionStarted, StepEnded } from "@ape/core/protocol/events";
import { spanId } from "@ape/core/protocol/trace";
import { readEvents } from "../store/event-reader.ts";
import type { Manifest } from "../store/manifest.ts";
import { eventsDirectory } from "../store/run-directory.ts";
import type { ExportContext, Exporter } from "./export-context.ts";
import {
  type Attribute,
  attributesOf,
  collectorAt,
  nanoseconds,
  originOf,
  partialSuccessError,
} from "./otlp-form.ts";
import { deliver } from "./push-exporter.ts";

/** Share of successful sessions whose spans are sent; those of every other session are. */
const RATIO = 0.01;
/** Maximum number of spans per request. */
const BATCH = 500;
/** Span kinds and status codes of opentelemetry-proto, `trace/v1/trace.proto`. */
const INTERNAL = 1;
const CLIENT = 3;
const FAILED = 2;
/** Steps are numbered from 1: the session itself is 0, and model calls are numbered after every possible step. */
const SESSION = 0;
const FIRST_CALL = 1_000_000;

export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: typeof INTERNAL | typeof CLIENT;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  status: { code?: typeof FAILED; message?: string };
}

/**
 * Sends the spans of sessions when the run has ended, OTLP as JSON over HTTP to `<url>/v1/traces`: of every session that
 * did not succeed, and of a share of the others, 1% or what `?ratio=` at the URL says. A session is a span with a span for
 * each step, which is the parent of the target's own, and for each model call; names are those of OpenTelemetry's
 * conventions. Source: opentelemetry-proto, `trace/v1/trace.proto` and its JSON mapping.
 * @throws ApeError USAGE
 */
export async function openOtlpTraces(destination: string, { manifest }: ExportContext): Promise<Exporter> {
  const { endpoint, ratio } = addressOf(destination);
  return {
    push: () => undefined,
    close: async (runDirectory) => {
      let batch: OtlpSpan[] = [];
      // One request after the other, while the events are still being read.
      let sending = Promise.resolve();
      const flush = (): void => {
        const body = bodyOf(batch, manifest);
        batch = [];
        sending = sending.then(() => deliver(endpoint, [body], partialSuccessError));
        sending.catch(() => undefined);
      };
      await readSpans(eventsDirectory(runDirectory), ratio, (spans) => {
        batch.push(...spans);
        if (batch.length >= BATCH) flush();
      });
      if (batch.length > 0) flush();
      await sending;
    },
  };
}

function addressOf(destination: string): { endpoint: ReturnType<typeof collectorAt>; ratio: number } {
  const endpoint = collectorAt(destination, "/v1/traces");
  const url = new URL(endpoint.url);
  const said = url.searchParams.get("ratio");
  const ratio = said === null ? RATIO : Number(said);
  if (said === "" || !(ratio >= 0 && ratio <= 1))
    throw new ApeError("USAGE", `the ratio of --out otlp-traces is "${said}"`, {
      hint: "Write a share from 0 to 1: otlp-traces=http://127.0.0.1:4318?ratio=0.1.",
    });
  url.searchParams.delete("ratio");
  return { endpoint: { ...endpoint, url: url.href }, ratio };
}

function bodyOf(spans: readonly OtlpSpan[], manifest: Pick<Manifest, "id" | "versions">) {
  const { resource, scope } = originOf(manifest);
  const request = { resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] };
  return { headers: { "content-type": "application/json" }, bytes: Buffer.from(JSON.stringify(request)) };
}

interface OpenSession {
  started: SessionStarted;
  calls: number;
  spans: OtlpSpan[];
}

/**
 * Reads a run's events and returns the spans of each selected session when it has ended; not of those whose steps were
 * not kept.
 */
async function readSpans(
  directory: string,
  ratio: number,
  keep: (spans: readonly OtlpSpan[]) => void,
): Promise<void> {
  const open = new Map<string, OpenSession>();
  await readEvents(directory, (event) => {
    if (event.type === "session_started") {
      open.set(event.session, { started: event, calls: 0, spans: [] });
      return;
    }
    if (!("session" in event)) return;
    const session = open.get(event.session);
    if (session === undefined) return;
    const { trace } = session.started;
    if (event.type === "step") session.spans.push(stepSpan(trace, event));
    else if (event.type === "inference") {
      session.calls += 1;
      session.spans.push(callSpan(trace, session.calls, event));
    } else if (event.type === "session_ended") {
      open.delete(event.session);
      const isDropped = event.steps > 0 && session.spans.length === 0;
      if (event.outcome !== "succeeded" || (isDrawn(trace, ratio) && !isDropped))
        keep([sessionSpan(session.started, event), ...session.spans]);
    } else if (event.type === "session_interrupted") open.delete(event.session);
  });
}

/** By the digits of the trace id, so that every part of a system that samples by them keeps the same traces. */
function isDrawn(trace: string, ratio: number): boolean {
  return Number.parseInt(trace.slice(-8), 16) / 2 ** 32 < ratio;
}

function sessionSpan(started: SessionStarted, ended: SessionEnded): OtlpSpan {
  const failed = ended.outcome !== "succeeded";
  return {
    traceId: started.trace,
    spanId: spanId(started.trace, SESSION),
    name: GENAI_SPANS.session.name(started.goal),
    kind: INTERNAL,
    startTimeUnixNano: nanoseconds(started.at),
    endTimeUnixNano: nanoseconds(ended.at),
    attributes: attributesOf({
      [GENAI.operation]: GENAI_SPANS.session.operation,
      [GENAI.agentName]: started.goal,
      [GENAI.agentId]: started.agent,
      [GENAI.conversation]: started.session,
      "ape.persona": started.persona,
      "ape.outcome": ended.outcome,
      "ape.attribution": ended.attribution,
      [GENAI.error]: failed ? ended.outcome : undefined,
    }),
    status: failed ? { code: FAILED, message: ended.reason } : {},
  };
}

function stepSpan(trace: string, { step, at, session, tool, action }: StepEnded): OtlpSpan {
  const failed = action?.failed === true;
  return {
    traceId: trace,
    spanId: spanId(trace, step),
    parentSpanId: spanId(trace, SESSION),
    name: GENAI_SPANS.tool.name(tool),
    kind: action === undefined ? INTERNAL : CLIENT,
    startTimeUnixNano: nanoseconds(at - (action?.durationMs ?? 0)),
    endTimeUnixNano: nanoseconds(at),
    attributes: attributesOf({
      [GENAI.operation]: GENAI_SPANS.tool.operation,
      [GENAI.tool]: tool,
      [GENAI.conversation]: session,
      "http.request.method": action?.method,
      "http.response.status_code": action === undefined ? undefined : String(action.status),
      "ape.target": action?.target,
      "ape.operation": action?.operation,
      "ape.attribution": action?.attribution,
      "ape.because": action?.because,
      [GENAI.error]: failed ? (action.error?.code ?? String(action.status)) : undefined,
    }),
    status: failed ? { code: FAILED, message: action.error?.message ?? `${action.status}` } : {},
  };
}

function callSpan(trace: string, number: number, call: InferenceEnded): OtlpSpan {
  const { at, durationMs, step, session, provider, model } = call;
  const error = genAiError(call);
  return {
    traceId: trace,
    spanId: spanId(trace, FIRST_CALL + number),
    parentSpanId: spanId(trace, SESSION),
    name: GENAI_SPANS.chat.name(model),
    kind: CLIENT,
    startTimeUnixNano: nanoseconds(at - durationMs),
    endTimeUnixNano: nanoseconds(at),
    attributes: attributesOf({
      [GENAI.operation]: GENAI_SPANS.chat.operation,
      [GENAI.provider]: provider,
      [GENAI.model]: model,
      [GENAI.conversation]: session,
      [GENAI.inputTokens]: String(call.inputTokens),
      [GENAI.outputTokens]: String(call.outputTokens),
      "ape.step": String(step),
      "ape.inference.id": call.inference,
      [GENAI.error]: error,
    }),
    status: error === undefined ? {} : { code: FAILED, message: call.error ?? error },
  };
}
