import type { InferenceConfig, SourceConfig } from "@ape/core/config/inference";
import { proxyFor, readProxySettings } from "@ape/http/proxy-settings";
import type { Planner } from "@ape/planner/planner";
import type { InferenceOptions } from "../inference-options.ts";
import { KeyRing, loadKeys } from "../limits/key-ring.ts";
import { RequestSchedulers, type SchedulerFigures } from "../limits/request-schedulers.ts";
import { SimulatedUpstream } from "../simulated/simulated-upstream.ts";
import { HedgedUpstream } from "../upstream/hedge.ts";
import { HttpUpstream } from "../upstream/http-upstream.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { type ResolvedProvider, resolveProvider } from "./providers.ts";

/** One source of answers, opened. */
export interface ProviderClient {
  readonly resolved: ResolvedProvider;
  readonly upstream: Upstream;
  /** Its keys, so that no message holds one. */
  readonly secrets: readonly string[];
  /** Whether a call for this model cannot leave at present because the provider is down. */
  down(model: string): boolean;
  figures(): (SchedulerFigures & { provider: string })[];
}

/**
 * Opens a source; nothing is sent yet.
 * @throws ApeError CONFIG_INVALID, MODEL_UNKNOWN, FILE_MISSING
 */
export async function openProviderClient(
  options: InferenceOptions,
  own: SourceConfig,
): Promise<ProviderClient> {
  const { config, clock, recorder, env, workers = 1, baseDir = "." } = options;
  const { connections, timeout, queueTimeout, breaker, maxCompletionTokens, hedgeAfter } = config;
  const resolved = resolveProvider(own, maxCompletionTokens);
  if (own.provider === "simulated") return simulated(resolved, options, config);
  const keys = await loadKeys(own, baseDir);
  const { name, baseUrl } = resolved;
  const schedulers = new RequestSchedulers({
    provider: name,
    inner: new HttpUpstream({
      baseUrl,
      headers: [],
      connections,
      timeout,
      clock,
      proxy: proxyFor(baseUrl, readProxySettings(env ?? {})),
    }),
    ring: new KeyRing(keys, (message) =>
      recorder.record({ type: "log", at: clock.epoch(), level: "error", part: "inference", message }),
    ),
    connections,
    limits: own.limits,
    workers,
    queueTimeout,
    breaker,
    maxCompletionTokens,
    clock,
  });
  return {
    resolved,
    upstream: hedgeAfter === undefined ? schedulers : new HedgedUpstream(schedulers, hedgeAfter, clock),
    secrets: keys.map(({ key }) => key),
    down: (model) => schedulers.of(model).down,
    figures: () => schedulers.figures().map((one) => ({ ...one, provider: name })),
  };
}

async function simulated(
  resolved: ResolvedProvider,
  { planner, clock }: InferenceOptions,
  { simulation, timeout }: InferenceConfig,
): Promise<ProviderClient> {
  const upstream = new SimulatedUpstream({
    planner: planner ?? (await ownPlanner()),
    config: simulation,
    timeout,
    clock,
  });
  return { resolved, upstream, secrets: [], down: () => false, figures: () => [] };
}

/** The planner is loaded only where it is used: it would slow every other start down. */
async function ownPlanner(): Promise<Planner> {
  const { createPlanner } = await import("@ape/planner/planner");
  return createPlanner();
}
