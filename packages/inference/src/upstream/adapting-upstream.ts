import { Buffer } from "node:buffer";
import type { ProviderName, RequestConfig } from "@ape/core/config/inference";
import type { Json } from "@ape/core/lib/json";
import { editsOf, NO_EDITS, type RequestEdits } from "../providers/dialect.ts";
import { configured, ModelDialect } from "../providers/model-dialect.ts";
import { dialectOf } from "../providers/provider-list.ts";
import { addedFieldCure, cureOf } from "../providers/refusal-cure.ts";
import { refusedFields } from "../providers/refused-fields.ts";
import type { Upstream, UpstreamRequest, UpstreamResponse } from "./upstream.ts";

/** Maximum number of times that a request is repeated because fields of it were refused. */
const MOST_LESSONS = 10;
/** Maximum number of models with learned changes; agents use one. */
const MOST_MODELS = 64;

/** Statuses of refusals that may be about the form of a request. */
const MALFORMED: ReadonlySet<number> = new Set([400, 422, 500, 501]);
/** A router's 404 for a request that none of its servers can take as it is (OpenRouter). */
const NO_SERVER = /no endpoints found/i;
/** Words for a key, an account, a model, a prompt or tools: another form of the request changes nothing. */
const OTHER_CAUSE =
  /api[ _-]?key|unauthori[sz]ed|authenticat|credential|permission|billing|balance|credits?\b|quota|payment|organi[sz]ation|suspended|deactivated|\b(?:region|country|location)\b|\bmodels?\b.{0,80}(?:not found|does not exist|not exist|unknown|no such|unavailable|not available|deprecated|decommissioned|loaded)|(?:unknown|invalid|no such|unsupported) model|moderation|safety|\btools?\b|function[ _-]?call/i;

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
        answer.error?.code === "refused" && !isPassedOn(ask, answer)
          ? this.#refused(ask, dialect, edits, answer).then((last) => this.#hinted(ask, last))
          : answer,
      );
  }

  /** Adds what to do about a refusal: about the address to a 404 that does not mention the model. */
  #hinted(ask: UpstreamRequest, answer: UpstreamResponse): UpstreamResponse {
    const { addressHint } = this.#options;
    const { error } = answer;
    if (error?.code !== "refused") return answer;
    const cure =
      cureOf(answer.refusal) ??
      this.#addedFieldCure(ask, answer) ??
      (error.status === 404 && !/\bmodel/i.test(error.message) ? addressHint : undefined);
    if (cure !== undefined) answer.error = { ...error, message: `${error.message} (${cure})` };
    return answer;
  }

  #addedFieldCure(ask: UpstreamRequest, answer: UpstreamResponse): string | undefined {
    const { refusal } = answer;
    const status = statusOf(answer);
    const added = Object.keys(this.#options.request.add);
    if (added.length === 0 || !MALFORMED.has(status)) return undefined;
    const names = fieldsOf(ask.body(undefined, this.#dialect(ask.model).edits));
    return addedFieldCure(refusal, refusedFields(status, refusal, names), added);
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

  /** Learns from refusals, and repeats the request in another form. */
  async #refused(
    ask: UpstreamRequest,
    dialect: ModelDialect,
    first: RequestEdits,
    answer: UpstreamResponse,
  ): Promise<UpstreamResponse> {
    let last = answer;
    let sent = first;
    let queueMs = last.queueMs;
    const repeat = async (edits: RequestEdits): Promise<UpstreamResponse> => {
      sent = edits;
      queueMs += last.durationMs;
      const next = await this.#options.inner.ask({ ...edited(ask, edits), queuedMs: ask.queuedMs + queueMs });
      queueMs += next.queueMs;
      next.queueMs = queueMs;
      next.extra = (next.extra ?? 0) + (last.extra ?? 0) + 1;
      return next;
    };
    for (let lessons = 1; lessons <= MOST_LESSONS && last.error?.code === "refused"; lessons += 1) {
      // Another call may have learned of the same refusal in the meantime.
      const known = dialect.edits !== sent;
      if (!known && !this.#learn(ask, dialect, last)) break;
      if (ask.signal?.aborted === true) return last;
      last = await repeat(dialect.edits);
    }
    return last.error?.code === "refused" && this.#isUnexplained(ask, dialect, last)
      ? this.#simplified(ask, dialect, sent, last, repeat)
      : last;
  }

  /** Repeats a call in the simplest form, and keeps that form if it is accepted. Calls under way await one trial. */
  async #simplified(
    ask: UpstreamRequest,
    dialect: ModelDialect,
    sent: RequestEdits,
    refused: UpstreamResponse,
    repeat: (edits: RequestEdits) => Promise<UpstreamResponse>,
  ): Promise<UpstreamResponse> {
    const names = fieldsOf(ask.body(undefined, sent));
    const hasTools = names.has("tools");
    const pending = dialect.trials.get(hasTools);
    if (pending !== undefined) {
      await pending;
      if (ask.signal?.aborted === true) return refused;
      if (dialect.edits !== sent) return repeat(dialect.edits);
      return dialect.trials.has(hasTools) ? refused : this.#simplified(ask, dialect, sent, refused, repeat);
    }
    const simplest = dialect.simplest();
    if (simplest === undefined || ask.signal?.aborted === true) return refused;
    const trial = repeat(simplest);
    dialect.trials.set(hasTools, trial);
    const answer = await trial;
    if (answer.error === undefined) {
      dialect.adopt(simplest);
      const kept = fieldsOf(ask.body(undefined, simplest));
      const left = [...names].filter((name) => !kept.has(name));
      this.#options.notice(
        `${this.#options.provider} refuses requests for ${ask.model} without naming a field: ${left.map((name) => `\`${name}\``).join(", ")} ${left.length === 1 ? "is" : "are"} left out for the rest of the run; \`inference.request.omit\` sets it for good`,
      );
      return answer;
    }
    if (answer.error.code !== "refused") {
      // A limit or a failure shows nothing of the form.
      dialect.trials.delete(hasTools);
      return answer;
    }
    refused.extra = answer.extra ?? 0;
    refused.queueMs = answer.queueMs;
    return refused;
  }

  /** Whether nothing is known of a refusal that another form of the request may avoid. */
  #isUnexplained(ask: UpstreamRequest, dialect: ModelDialect, answer: UpstreamResponse): boolean {
    const { refusal } = answer;
    const status = statusOf(answer);
    if (!MALFORMED.has(status) && !(status === 404 && NO_SERVER.test(refusal))) return false;
    if (OTHER_CAUSE.test(refusal) || cureOf(refusal) !== undefined) return false;
    return refusedFields(status, refusal, fieldsOf(ask.body(undefined, dialect.edits))).length === 0;
  }

  #learn(ask: UpstreamRequest, dialect: ModelDialect, answer: UpstreamResponse): boolean {
    const { refusal } = answer;
    const status = statusOf(answer);
    const names = fieldsOf(ask.body(undefined, dialect.edits));
    let learned = false;
    for (const field of refusedFields(status, refusal, names)) {
      const lesson = dialect.learn(field);
      if (lesson === undefined) continue;
      learned = true;
      this.#options.notice(
        `${this.#options.provider} refuses ${lesson.what} for ${ask.model}: ${lesson.change} for the rest of the run${lesson.what.includes("`") ? "; `inference.request` sets it for good" : ""}`,
      );
    }
    return learned;
  }
}

/** The status of a refusal, also of one within an answer with status 200. */
const statusOf = ({ error, status }: UpstreamResponse): number => error?.status ?? status;

/** Whether a client has the beginning of an answer: then no other one can take its place. */
const isPassedOn = ({ tap, streamed }: UpstreamRequest, { status }: UpstreamResponse): boolean =>
  tap !== undefined && streamed && status >= 200 && status < 300;

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
