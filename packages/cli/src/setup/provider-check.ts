import type { SourceConfig } from "@ape/core/config/inference";
import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject } from "@ape/core/lib/json";
import { maskSecrets } from "@ape/core/lib/mask";
import type { Project } from "@ape/engine/project/project";
import { loadKeys } from "@ape/inference/limits/key-ring";
import { headersWithKey } from "@ape/inference/providers/provider-client";
import { isSimulated, PROVIDERS, type Provider } from "@ape/inference/providers/provider-list";
import { type ResolvedProvider, resolveProvider } from "@ape/inference/providers/providers";
import type { ValidationFinding } from "@ape/setup/validate/finding";

const ASK_MS = 10_000;
const MOST_NAMES = 8;
/** Longest text of a provider that is shown, in characters. */
const LONGEST_WORDS = 200;
const TRY = "`ape-test doctor --model` makes a call and shows whether the model answers.";

/** Errors of a key that may not list models, although it may use one. Source: OpenAI, "Assign API key permissions". */
const NO_RIGHT_TO_LIST =
  /insufficient permissions|missing scopes?|api\.model\.read|not (?:allowed|permitted) to list/i;

type FindingText = Pick<ValidationFinding, "severity" | "rule" | "message" | "hint">;

interface Answer {
  status: number;
  text: string;
  location: string | undefined;
}

/** A GET that follows no redirects: they would send the key elsewhere. */
async function get(url: string, headers: readonly string[]): Promise<Answer> {
  const { request } = await import("undici");
  const answer = await request(url, { signal: AbortSignal.timeout(ASK_MS), headers: [...headers] });
  const { location } = answer.headers;
  return {
    status: answer.statusCode,
    text: await answer.body.text(),
    location: Array.isArray(location) ? location[0] : location,
  };
}

/** Checks a key and a model with the provider: undefined if both are valid. */
async function askProvider(
  { baseUrl, name, model }: ResolvedProvider,
  headers: readonly string[],
  hasKey: boolean,
): Promise<FindingText | undefined> {
  const base = baseUrl.replace(/\/+$/, "");
  const provider = PROVIDERS[name];
  const failed = (message: string, hint: string): FindingText => ({
    severity: "error",
    rule: "PROVIDER_FAILED",
    message,
    hint,
  });
  try {
    const checked =
      hasKey && provider.keyPath !== undefined ? await get(`${base}${provider.keyPath}`, headers) : undefined;
    const answer =
      checked === undefined || checked.status !== 401 ? await get(`${base}/models`, headers) : checked;
    const { status, text, location } = answer;
    if (status === 401 && !NO_RIGHT_TO_LIST.test(text))
      return failed(
        hasKey ? `${name} refuses the key (401)` : `${name} wants a key (401)`,
        hasKey
          ? "See that it is whole, of this provider, and not withdrawn."
          : "Write `apiKey` under `inference`, from a variable such as `${MY_KEY}`.",
      );
    const names = status === 200 ? namesIn(text) : undefined;
    if (names !== undefined) return missingModel(name, provider, model, names);
    if (await hasVersion(base, headers))
      return failed(
        `inference.baseUrl lacks /v1: ${base}/models is no list of models, ${base}/v1/models is`,
        `Write \`baseUrl: ${base}/v1\`.`,
      );
    return {
      severity: "warning",
      rule: "PROVIDER_FAILED",
      message: `whether ${name} takes the key and has "${model}" is unknown: GET ${base}/models is answered with ${wordsOf(status, text, location)}`,
      hint: TRY,
    };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return failed(`${name} does not answer at ${baseUrl}`, why);
  }
}

/** Whether the list of models is one level below the address. */
async function hasVersion(base: string, headers: readonly string[]): Promise<boolean> {
  if (/\/v\d[^/]*$/.test(base)) return false;
  const { status, text } = await get(`${base}/v1/models`, headers);
  // A refusal of the key shows that the path exists.
  return status === 200 ? namesIn(text) !== undefined : status === 401;
}

function wordsOf(status: number, text: string, location: string | undefined): string {
  if (location !== undefined) return `${status}, a redirect to ${location}`;
  const said = text.trim();
  if (said === "") return `${status} and nothing else`;
  if (said.startsWith("<")) return `${status} and a page`;
  return `${status}: ${said.slice(0, LONGEST_WORDS)}`;
}

/** Names in OpenAI's list, a plain list (Together), or Ollama's and Google's `models`; undefined if it is none. */
function namesIn(text: string): string[] | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  const lists = isJsonObject(answer) ? [answer.data, answer.models] : [answer];
  const list = lists.find((one) => Array.isArray(one));
  if (!Array.isArray(list)) return undefined;
  const names = list.filter(isJsonObject).flatMap((one) => [one.id ?? one.name ?? one.model ?? []].flat());
  return names.filter((one) => typeof one === "string");
}

function missingModel(
  name: string,
  provider: Provider,
  model: string,
  names: readonly string[],
): FindingText | undefined {
  if (provider.anyModel === true || isListed(model, names, provider.variants === true)) return undefined;
  if (names.length === 0)
    return {
      severity: "warning",
      rule: "MODEL_UNKNOWN",
      message: `${name} lists no models at all`,
      hint: `See that "${model}" is loaded. ${TRY}`,
    };
  const near = nearest(model, names);
  return {
    severity: "error",
    rule: "MODEL_UNKNOWN",
    message: `${name} has no model "${model}"`,
    hint: `It has ${near.join(", ")}${names.length > near.length ? " and more" : ""}.`,
  };
}

/**
 * Whether a list has a model under one of the names that servers accept for it: Google lists `models/NAME`, Ollama
 * accepts NAME for `NAME:latest`, OpenRouter accepts `NAME:nitro` and presets.
 */
function isListed(model: string, names: readonly string[], variants: boolean): boolean {
  const plain = (name: string): string => name.replace(/^models\//, "").replace(/:latest$/, "");
  const known = new Set(names.map(plain));
  if (known.has(plain(model))) return true;
  // A name without its maker, such as `llama3:8b`, has a tag in place of a variant.
  return (
    variants &&
    (model.startsWith("@preset/") || known.has(model.replace(/(?<=\/.*):[\w-]+$|@preset\/.*$/, "")))
  );
}

/** Names that share the longest beginnings or most parts with a model's, best first. */
function nearest(model: string, names: readonly string[]): string[] {
  const parts = new Set(model.toLowerCase().split(/[^a-z0-9]+/));
  const shared = (name: string): number =>
    name
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((part) => parts.has(part)).length;
  return [...names].sort((a, b) => shared(b) - shared(a)).slice(0, MOST_NAMES);
}

/** Asks every provider of a project for its models, with each key; the simulated model is skipped. */
export async function askProviders({ config, directory, secrets }: Project): Promise<ValidationFinding[]> {
  const { inference } = config;
  const findings: ValidationFinding[] = [];
  if (inference.replay !== undefined) return findings;
  const sources: readonly SourceConfig[] = [inference, ...inference.fallback];
  for (const source of sources) {
    try {
      if (isSimulated(source.provider)) continue;
      const resolved = resolveProvider(source, inference.maxCompletionTokens);
      const keys = (await loadKeys(source, directory)).map(({ key }) => key);
      const hidden = [...secrets, ...keys];
      for (const key of keys.length === 0 ? [undefined] : keys) {
        const told = await askProvider(resolved, headersWithKey(source, key), key !== undefined);
        if (told === undefined) continue;
        const message = maskSecrets(told.message, hidden);
        const hint = told.hint === undefined ? {} : { hint: maskSecrets(told.hint, hidden) };
        findings.push({ ...told, message, ...hint, line: 1, column: 1, start: 0, end: 0 });
      }
    } catch (thrown) {
      // The project's check has reported what a source lacks.
      if (!(thrown instanceof ApeError)) throw thrown;
    }
  }
  return findings;
}
