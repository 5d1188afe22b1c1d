import { resolve } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import type { Exposition } from "@ape/core/metrics/exposition";
import type { ChatRequest, ModelAnswer, ModelCall, ModelTransport } from "@ape/core/protocol/chat";
import type { Recorder } from "@ape/core/protocol/events";
import type { InferenceOptions } from "./inference-options.ts";
import { CostBudget } from "./limits/cost-budget.ts";
import { editRequest } from "./providers/edit-request.ts";
import { openProviderClient, type ProviderClient } from "./providers/provider-client.ts";
import { isSimulated } from "./providers/provider-list.ts";
import { priceOf, type ResolvedProvider, replayed, withdrawnModel } from "./providers/providers.ts";
import type { ProviderFigures } from "./providers/source-figures.ts";
import { CallService, type CompletedCall, type ProxyCall } from "./server/call-service.ts";
import { longerWhereCutOff } from "./server/longer-answers.ts";
import { ProxyMetrics } from "./server/proxy-metrics.ts";
import { loadCassettes, RecordingUpstream, ReplayingUpstream } from "./upstream/cassette.ts";
import { encodeRequest } from "./upstream/encode.ts";
import { FallbackUpstream } from "./upstream/fallback.ts";
import type { Upstream } from "./upstream/upstream.ts";

/** Fields that the configuration adds to an agent's request that does not set them. */
interface RequestDefaults {
  temperature: number;
  max_completion_tokens: number;
}

/** The inference proxy. */
export interface Inference {
  /** The transport for agents of this process. */
  readonly transport: ModelTransport;
  readonly model: { provider: string; name: string; simulated: boolean };
  /** Every model that this proxy can answer for, the configured one first. */
  readonly models: readonly { id: string; owner: string; context: number | undefined }[];
  /** The entry for the HTTP server: a call whose id was assigned before it began. Never rejects. */
  relay(call: ProxyCall): Promise<CompletedCall>;
  nextId(): string;
  /** The notice for a model that the provider has withdrawn; undefined for every other. */
  withdrawn(model: string): string | undefined;
  /** Starts counting calls for {@link show}: only a server needs it, and it costs a little. */
  count(): void;
  /** Adds the proxy's metrics to a page. */
  show(page: Exposition, now: { inFlight: number; cancelled: number }): void;
  /** Cancels calls in flight. */
  close(): Promise<void>;
}

/**
 * Opens the proxy to the configured provider; nothing is sent yet.
 * @throws ApeError CONFIG_INVALID if the provider needs `apiKey`, `baseUrl` or `model` and it is missing; MODEL_UNKNOWN
 * for a withdrawn model
 */
export async function createInference(options: InferenceOptions): Promise<Inference> {
  const { config, clock, recorder, prefix = "i" } = options;
  const opened = await openUpstream(options);
  const { resolved, upstream } = opened;
  const simulated = isSimulated(config.provider);
  const figures = new ProxyMetrics();
  let counts = false;
  const cutOff = new Set<string>();
  const counted: Recorder = {
    record: (event) => {
      if (counts && event.type === "inference") figures.add(event);
      recorder.record(event);
    },
    commit: (event) => recorder.commit(event),
  };
  const secrets = [...(options.secrets ?? []), ...opened.secrets];
  const calls = new CallService({
    config,
    resolved,
    upstream,
    clock,
    recorder: counted,
    prefix,
    secrets,
    log: options.log,
    budget: options.budget ?? ownBudget(options),
    costliest: (model) => opened.prices.flatMap((prices) => priceOf(prices, model) ?? []),
    cutOff: (model) => {
      if (cutOff.has(model)) return;
      cutOff.add(model);
      recorder.record({
        type: "log",
        at: clock.epoch(),
        level: "warn",
        part: "inference",
        message: cutOffNotice(model, config.maxCompletionTokens),
        notice: true,
      });
    },
  });
  const defaults: RequestDefaults = {
    temperature: config.temperature,
    max_completion_tokens: config.maxCompletionTokens,
  };
  return {
    transport: {
      complete: longerWhereCutOff((call: ModelCall) => {
        const request = withDefaults(call.request, defaults);
        const { session, step, traceparent, signal } = call;
        return calls
          .run({
            id: calls.nextId(),
            model: request.model,
            own: true,
            streamed: request.stream === true,
            request: () => request,
            body: (model, edits) => encodeRequest(editRequest(request, model, edits)),
            session,
            step,
            traceparent,
            signal,
          })
          .then(toAnswer);
      }),
    },
    model: { provider: resolved.label, name: resolved.model, simulated },
    models: [resolved.model, ...Object.keys(resolved.models).filter((id) => id !== resolved.model)].map(
      (id) => ({
        id,
        owner: resolved.name,
        context: resolved.models[id]?.context,
      }),
    ),
    withdrawn: (model) => withdrawnModel(config.provider, model)?.message,
    count: () => {
      counts = true;
    },
    show: (page, now) => figures.show(page, { ...now, sources: opened.figures() }),
    relay: (call) => calls.run(call),
    nextId: () => calls.nextId(),
    close: () => upstream.close(),
  };
}

/** This process's equal part of the run's cost budget. */
function ownBudget({ config, workers = 1 }: InferenceOptions): CostBudget | undefined {
  return config.maxCost === undefined ? undefined : new CostBudget(config.maxCost / workers);
}

interface Opened {
  /** Every source that may answer. */
  prices: readonly ResolvedProvider[];
  /** Of the source that is asked first. */
  resolved: ResolvedProvider;
  upstream: Upstream;
  secrets: readonly string[];
  figures(): ProviderFigures[];
}

/** The path to the model: its sources, and the cassettes that record or replace them. */
async function openUpstream(options: InferenceOptions): Promise<Opened> {
  const { config, clock, recorder, prefix = "i", baseDir = "." } = options;
  const { record, replay, retries } = config;
  if (replay !== undefined) {
    if (record !== undefined)
      throw new ApeError("CONFIG_INVALID", "inference.record and inference.replay contradict one another.", {
        hint: "Record once, then replay.",
      });
    const resolved = replayed(config);
    const upstream = new ReplayingUpstream(await loadCassettes(resolve(baseDir, replay)), clock);
    return { resolved, prices: [resolved], upstream, secrets: [], figures: () => [] };
  }
  const main = await openProviderClient(options, config);
  const others: ProviderClient[] = [];
  for (const other of config.fallback) others.push(await openProviderClient(options, other));
  const sources: [ProviderClient, ...ProviderClient[]] = [main, ...others];
  const { attempts, maxWait } = retries;
  const asked =
    others.length === 0 ? main.upstream : new FallbackUpstream({ sources, attempts, maxWait, clock });
  const keys = sources.flatMap(({ secrets }) => secrets);
  const all = [...(options.secrets ?? []), ...keys];
  return {
    resolved: main.resolved,
    prices: sources.map((source) => source.resolved),
    upstream:
      record === undefined
        ? asked
        : new RecordingUpstream(asked, resolve(baseDir, record), prefix, all, (message) =>
            recorder.record({ type: "log", at: clock.epoch(), level: "error", part: "inference", message }),
          ),
    secrets: keys,
    figures: () => sources.flatMap((source) => source.figures()),
  };
}

/** Reports once what to change if answers are cut off. */
const cutOffNotice = (model: string, limit: number): string =>
  `answers of ${model} are cut off at inference.maxCompletionTokens (${limit}), as where a model reasons at length: they are asked for again with twice that; raise it, or add \`reasoning_effort: low\` with inference.request.add`;

const toAnswer = ({ answer }: CompletedCall): ModelAnswer => answer;

function withDefaults(request: ChatRequest, defaults: RequestDefaults): ChatRequest {
  if (request.temperature !== undefined && request.max_completion_tokens !== undefined) return request;
  return { ...defaults, ...request };
}
