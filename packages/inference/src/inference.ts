import type { ChatRequest, ModelAnswer, ModelCall, ModelTransport } from "@ape/core/chat";
import type { Clock } from "@ape/core/clock";
import type { InferenceConfig } from "@ape/core/config/inference";
import type { Recorder } from "@ape/core/events";
import { type Call, type Called, Calls } from "./calls.ts";
import { encodeRequest } from "./encode.ts";
import { type GovernorFigures, Governors } from "./governors.ts";
import { HttpUpstream, type ProxySettings } from "./http-upstream.ts";
import { type KeyEntry, KeyRing, loadKeys } from "./key-ring.ts";
import { type ResolvedProvider, resolveProvider, withdrawnModel } from "./providers.ts";
import { ProxyFigures } from "./proxy-figures.ts";
import type { Planner } from "./simulated/planner.ts";
import { SimulatedUpstream } from "./simulated-upstream.ts";
import type { Upstream } from "./upstream.ts";

export interface InferenceOptions {
  config: InferenceConfig;
  clock: Clock;
  recorder: Recorder;
  /** Forward proxies for the way to the provider. */
  env?: ProxySettings;
  /** Decides the simulated model's answers, in place of APE's own planner. */
  planner?: Planner;
  /** What `keyFile` is relative to; the working directory where left out. */
  baseDir?: string;
  /** Processes that share the provider's limits, each taking an equal part; 1 where left out. */
  workers?: number;
  /** Begins every inference id, so that several processes do not clash; `i` where left out. */
  prefix?: string;
}

/** What the configuration adds to a request that leaves it open. */
export interface RequestDefaults {
  temperature: number;
  max_completion_tokens: number;
}

/** How it stands with one model of one provider. */
export interface SourceFigures extends GovernorFigures {
  provider: string;
}

/** The inference proxy. */
export interface Inference {
  /** The way in for agents of this process. */
  readonly transport: ModelTransport;
  readonly model: { provider: string; name: string; simulated: boolean };
  /** Every model that this proxy is known to answer for, the configured one first. */
  readonly models: readonly { id: string; owner: string; context: number | undefined }[];
  readonly defaults: RequestDefaults;
  /** The way in for the HTTP server: a call whose id was taken before it began. Never rejects. */
  relay(call: Call): Promise<Called>;
  nextId(): string;
  /** What to say of a model that the provider has withdrawn; undefined for every other. */
  withdrawn(model: string): string | undefined;
  /** Counts calls from now on, for {@link metrics}: nobody else needs it, and it costs a little. */
  count(): void;
  /** The proxy's figures as Prometheus' text. */
  metrics(now: { inFlight: number; cancelled: number }): string;
  /** Breaks off what is under way. */
  close(): Promise<void>;
}

/**
 * Opens the proxy to the configured provider; nothing is sent yet.
 * @throws ApeError CONFIG_INVALID where the provider needs `apiKey`, `baseUrl` or `model` and there is none; MODEL_UNKNOWN for a withdrawn model
 */
export async function createInference(options: InferenceOptions): Promise<Inference> {
  const { config, clock, recorder, prefix = "i" } = options;
  const resolved = resolveProvider(config, config.maxCompletionTokens);
  const simulated = config.provider === "simulated";
  const keys = simulated ? [] : await loadKeys(config, options.baseDir ?? ".");
  const figures = new ProxyFigures();
  let counts = false;
  const source = simulated ? undefined : governed(options, resolved, keys);
  const upstream: Upstream =
    source ??
    new SimulatedUpstream({
      planner: options.planner ?? (await ownPlanner()),
      config: config.simulation,
      timeout: config.timeout,
      clock,
    });
  const counted: Recorder = {
    record: (event) => {
      if (counts && event.type === "inference") figures.add(event);
      recorder.record(event);
    },
    commit: (event) => recorder.commit(event),
  };
  const secrets = keys.map(({ key }) => key);
  const calls = new Calls({ config, resolved, upstream, clock, recorder: counted, prefix, secrets });
  const defaults: RequestDefaults = {
    temperature: config.temperature,
    max_completion_tokens: config.maxCompletionTokens,
  };
  return {
    transport: {
      complete: (call: ModelCall) => {
        const request = withDefaults(call.request, defaults);
        const { session, step, traceparent, signal } = call;
        return calls
          .run({
            id: calls.nextId(),
            model: request.model,
            streamed: request.stream === true,
            request: () => request,
            body: () => encodeRequest(request),
            session,
            step,
            traceparent,
            signal,
          })
          .then(toAnswer);
      },
    },
    model: { provider: config.provider, name: resolved.model, simulated },
    models: [resolved.model, ...Object.keys(resolved.models).filter((id) => id !== resolved.model)].map(
      (id) => ({
        id,
        owner: resolved.name,
        context: resolved.models[id]?.context,
      }),
    ),
    defaults,
    withdrawn: (model) => withdrawnModel(resolved.name, model)?.message,
    count: () => {
      counts = true;
    },
    metrics: (now) =>
      figures.text({
        ...now,
        sources: (source?.figures() ?? []).map((one) => ({ ...one, provider: resolved.name })),
      }),
    relay: (call) => calls.run(call),
    nextId: () => calls.nextId(),
    close: () => upstream.close(),
  };
}

/** The way to a provider: over HTTP, within its limits. */
function governed(
  { config, clock, recorder, env, workers = 1 }: InferenceOptions,
  { name, baseUrl }: ResolvedProvider,
  keys: readonly KeyEntry[],
): Governors {
  const { connections, timeout, limits, queueTimeout, breaker, maxCompletionTokens } = config;
  return new Governors({
    provider: name,
    inner: new HttpUpstream({ baseUrl, headers: [], connections, timeout, clock, proxy: env }),
    ring: new KeyRing(keys, (message) =>
      recorder.record({ type: "log", at: clock.epoch(), level: "error", part: "inference", message }),
    ),
    connections,
    limits,
    workers,
    queueTimeout,
    breaker,
    maxCompletionTokens,
    clock,
  });
}

const toAnswer = ({ answer }: Called): ModelAnswer => answer;

/** The planner is loaded only where it is used: it would slow every other start down. */
async function ownPlanner(): Promise<Planner> {
  const { createPlanner } = await import("./simulated/planner.ts");
  return createPlanner();
}

function withDefaults(request: ChatRequest, defaults: RequestDefaults): ChatRequest {
  if (request.temperature !== undefined && request.max_completion_tokens !== undefined) return request;
  return { ...defaults, ...request };
}
