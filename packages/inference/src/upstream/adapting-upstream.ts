import { Buffer } from "node:buffer";
import type { ProviderName, RequestConfig } from "@ape/core/config/inference";
import type { Json } from "@ape/core/lib/json";
import { editsOf, NO_EDITS, type RequestEdits } from "../providers/dialect.ts";
import { configured, ModelDialect } from "../providers/model-dialect.ts";
import { dialectOf } from "../providers/provider-list.ts";
import { cureOf, refusedFields } from "../providers/refused-fields.ts";
import type { Upstream, UpstreamRequest, UpstreamResponse } from "./upstream.ts";

/** Maximum number of times that a request is repeated because fields of it were refused. */
const MOST_LESSONS = 10;
/** Maximum number of models with learned changes; agents use one. */
const MOST_MODELS = 64;

export interface AdaptingOptions {
  provider: ProviderName;
  inner: Upstream;
  request: RequestConfig;
  /** Defaults for agents' requests that leave fields out. */
  defaults: Readonly<Record<string, Json>>;
  /** Hint beside a 404 of an address that may be wrong. */
  addressHint?: string | undefined;
  /** Called once per refused field. */
  notice: (message: string) => void;
}

/**
 * Writes requests in the form that the provider accepts. Those of agents follow the dialect of provider and model and
 * what refusals have shown during the run; those of other clients change only by configuration.
 */
export class AdaptingUpstream implements Upstream {
  readonly #options: AdaptingOptions;
  readonly #byModel = new Map<string, ModelDialect>();
  /** The configuration's changes alone; undefined if there are none. */
  readonly #foreign: RequestEdits | undefined;

  constructor(options: AdaptingOptions) {
    this.#options = options;
    const { omit, add } = options.request;
    const changes = omit.length > 0 || Object.keys(add).length > 0;
    this.#foreign = changes ? configured(NO_EDITS, omit, add as Record<string, Json>) : undefined;
  }

  ask(ask: UpstreamRequest): Promise<UpstreamResponse> {
    if (!ask.own)
      return this.#options.inner.ask(this.#foreign === undefined ? ask : edited(ask, this.#foreign));
    const dialect = this.#dialect(ask.model);
    const { edits } = dialect;
    return this.#options.inner
      .ask(edited(ask, edits))
      .then((answer) =>
        answer.error?.code === "refused"
          ? this.#refused(ask, dialect, edits, answer).then((last) => this.#hinted(last))
          : answer,
      );
  }

  /** Adds what to do about a refusal: about the address to a 404 that does not mention the model. */
  #hinted(answer: UpstreamResponse): UpstreamResponse {
    const { addressHint } = this.#options;
    const { error } = answer;
    const cure = error === undefined ? undefined : cureOf(answer.refusal);
    if (error !== undefined && cure !== undefined) {
      answer.error = { ...error, message: `${error.message} (${cure})` };
      return answer;
    }
    if (addressHint === undefined || error?.status !== 404 || /\bmodel/i.test(error.message)) return answer;
    answer.error = { ...error, message: `${error.message} (${addressHint})` };
    return answer;
  }

  close(): Promise<void> {
    return this.#options.inner.close();
  }

  #dialect(model: string): ModelDialect {
    let dialect = this.#byModel.get(model);
    if (dialect === undefined) {
      const { provider, request, defaults } = this.#options;
      if (this.#byModel.size >= MOST_MODELS) this.#byModel.clear();
      dialect = new ModelDialect(
        editsOf(dialectOf(provider, model), defaults),
        request.omit,
        request.add as Record<string, Json>,
      );
      this.#byModel.set(model, dialect);
    }
    return dialect;
  }

  /** Learns from refusals that name a field, and repeats the request without it. */
  async #refused(
    ask: UpstreamRequest,
    dialect: ModelDialect,
    first: RequestEdits,
    answer: UpstreamResponse,
  ): Promise<UpstreamResponse> {
    let last = answer;
    let sent = first;
    let queueMs = last.queueMs;
    for (let lessons = 1; lessons <= MOST_LESSONS && last.error?.code === "refused"; lessons += 1) {
      // Another call may have learned of the same refusal in the meantime.
      const known = dialect.edits !== sent;
      if (!known && !this.#learn(ask, dialect, last)) break;
      if (ask.signal?.aborted === true) break;
      sent = dialect.edits;
      queueMs += last.durationMs;
      last = await this.#options.inner.ask({ ...edited(ask, sent), queuedMs: ask.queuedMs + queueMs });
      queueMs += last.queueMs;
      last.queueMs = queueMs;
      last.extra = (last.extra ?? 0) + lessons;
    }
    return last;
  }

  #learn(ask: UpstreamRequest, dialect: ModelDialect, { status, refusal }: UpstreamResponse): boolean {
    const names = fieldsOf(ask.body(undefined, dialect.edits));
    let learned = false;
    for (const field of refusedFields(status, refusal, names)) {
      const lesson = dialect.learn(field);
      if (lesson === undefined) continue;
      learned = true;
      this.#options.notice(
        `${this.#options.provider} refuses the field \`${lesson.field}\` for ${ask.model}: ${lesson.change} for the rest of the run; \`inference.request\` sets it for good`,
      );
    }
    return learned;
  }
}

function edited(ask: UpstreamRequest, edits: RequestEdits): UpstreamRequest {
  const { model, session, own, streamed, request, traceparent, attempt, signal, tap, queuedMs, headers } =
    ask;
  return {
    model,
    session,
    own,
    streamed,
    request,
    body: (other) => ask.body(other, edits),
    traceparent,
    attempt,
    signal,
    tap,
    queuedMs,
    ...(headers === undefined ? {} : { headers }),
  };
}

function fieldsOf(body: string | Uint8Array): ReadonlySet<string> {
  const text = typeof body === "string" ? body : Buffer.from(body).toString("utf8");
  return new Set(Object.keys(JSON.parse(text) as object));
}
