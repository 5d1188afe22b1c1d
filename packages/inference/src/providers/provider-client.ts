import {
  attemptTimeouts,
  type InferenceConfig,
  type RequestConfig,
  type SourceConfig,
} from "@ape/core/config/inference";
import { headerSecrets } from "@ape/core/config/secrets/target-secrets";
import { proxyFor, readProxySettings } from "@ape/http/proxy-settings";
import type { Planner } from "@ape/planner/planner";
import type { InferenceOptions } from "../inference-options.ts";
import { KeyRing, loadKeys } from "../limits/key-ring.ts";
import { RequestSchedulers, type SchedulerFigures } from "../limits/request-schedulers.ts";
import { SimulatedUpstream } from "../simulated/simulated-upstream.ts";
import { AdaptingUpstream } from "../upstream/adapting-upstream.ts";
import { HedgedUpstream } from "../upstream/hedge.ts";
import { HttpUpstream } from "../upstream/http-upstream.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { isSimulated, PROVIDERS, type Provider } from "./provider-list.ts";
import { type ResolvedProvider, resolveProvider } from "./providers.ts";

/** Time limit of a simulated answer that stalls, if the configuration has none. */
const SIMULATED_TIMEOUT_MS = 30_000;

/** One opened source of answers. */
export interface ProviderClient {
  readonly resolved: ResolvedProvider;
  readonly upstream: Upstream;
  /** Its keys, which no message may contain. */
  readonly secrets: readonly string[];
  /** Whether a call for this model cannot be sent now because the provider is down. */
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
  const { connections, queueTimeout, breaker, maxCompletionTokens, hedgeAfter } = config;
  const resolved = resolveProvider(own, maxCompletionTokens);
  if (isSimulated(own.provider)) return simulated(resolved, options, config);
  const keys = await loadKeys(own, baseDir);
  const { name, baseUrl } = resolved;
  const { request } = own;
  const headers = headersOf(request);
  const proxy = proxyFor(baseUrl, readProxySettings(env ?? {}));
  const notice = once((message) =>
    recorder.record({
      type: "log",
      at: clock.epoch(),
      level: "warn",
      part: "inference",
      message,
      notice: true,
    }),
  );
  const schedulers = new RequestSchedulers({
    provider: name,
    inner: new HttpUpstream({
      baseUrl,
      headers,
      connections,
      timeouts: attemptTimeouts(config),
      clock,
      proxy,
      unreachable: (reason) =>
        notice(
          `the model of ${name} at ${new URL(baseUrl).origin} could not be reached: ${reason}; see \`ape-test doctor\``,
        ),
    }),
    ring: KeyRing.of(
      keys,
      (message) =>
        recorder.record({ type: "log", at: clock.epoch(), level: "error", part: "inference", message }),
      keyHeaders(PROVIDERS[name].keyHeader, headers),
    ),
    connections,
    limits: own.limits,
    workers,
    queueTimeout,
    breaker,
    maxCompletionTokens,
    clock,
  });
  const hedged = hedgeAfter === undefined ? schedulers : new HedgedUpstream(schedulers, hedgeAfter, clock);
  return {
    resolved,
    upstream: new AdaptingUpstream({
      provider: name,
      inner: hedged,
      request,
      addressHint: addressHint(baseUrl),
      defaults: { temperature: config.temperature, max_completion_tokens: maxCompletionTokens },
      notice,
    }),
    secrets: [
      ...keys.map(({ key }) => key),
      ...headerSecrets(
        proxy?.authorization === undefined ? {} : { "proxy-authorization": proxy.authorization },
      ),
    ],
    down: (model) => schedulers.of(model).down,
    figures: () => schedulers.figures().map((one) => ({ ...one, provider: name })),
  };
}

/** Headers of a request other than a model call, such as that for the list of models: names and values alternate. */
export function headersWithKey({ provider, request }: SourceConfig, key: string | undefined): string[] {
  const headers = headersOf(request);
  return key === undefined
    ? headers
    : [...headers, ...keyHeaders(PROVIDERS[provider].keyHeader, headers)(key)];
}

/** The configuration's headers, names in lower case; names and values alternate. */
function headersOf({ headers }: RequestConfig): string[] {
  return Object.entries(headers).flatMap(([name, value]) => [name.toLowerCase(), value]);
}

/** How a key is sent; not at all if the configuration's own headers contain the credential. */
function keyHeaders(
  keyHeader: Provider["keyHeader"],
  headers: readonly string[],
): (key: string) => readonly string[] {
  const name = keyHeader ?? "authorization";
  if (headers.some((one, index) => index % 2 === 0 && one === name)) return () => [];
  return (key) => [name, keyHeader === undefined ? `Bearer ${key}` : key];
}

/** The hint for a 404 if an address lacks the usual version. */
function addressHint(baseUrl: string): string | undefined {
  if (/\/v\d|\/openai(?:\/|$)/.test(new URL(baseUrl).pathname)) return undefined;
  return `inference.baseUrl is ${baseUrl}: most servers need /v1 at its end`;
}

/** Calls the function once per message. */
function once(call: (message: string) => void): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message)) return;
    said.add(message);
    call(message);
  };
}

async function simulated(
  resolved: ResolvedProvider,
  { planner, clock }: InferenceOptions,
  config: InferenceConfig,
): Promise<ProviderClient> {
  const upstream = new SimulatedUpstream({
    planner: planner ?? (await ownPlanner()),
    config: config.simulation,
    timeout: attemptTimeouts(config).total ?? SIMULATED_TIMEOUT_MS,
    clock,
  });
  return { resolved, upstream, secrets: [], down: () => false, figures: () => [] };
}

/** The planner is loaded only if it is used: it would slow every other start down. */
async function ownPlanner(): Promise<Planner> {
  const { createPlanner } = await import("@ape/planner/planner");
  return createPlanner();
}
