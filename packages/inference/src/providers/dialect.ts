import type { Json } from "@ape/core/lib/json";

/**
 * What a provider, or a family of its models, takes of the fields that agents send. Agents send OpenAI's current names:
 * `max_completion_tokens`, `seed`, `temperature`, `tool_choice: required`, `stream_options`.
 */
export interface Dialect {
  /** The field that bounds the length of an answer. */
  limit: "max_completion_tokens" | "max_tokens";
  temperature: boolean;
  /** The field of the seed; null where there is none. */
  seed: "seed" | "random_seed" | null;
  /** The value of `tool_choice` for a call that has to use a tool; null where the field is refused. */
  toolChoice: "required" | "any" | "auto" | null;
  streamOptions: boolean;
  parallelToolCalls: boolean;
  /** The most functions that a request may offer; null where no limit is known. */
  maxTools: number | null;
  /** Whether functions may be `strict`: then arguments follow their schema. */
  strictTools: boolean;
  /** The strictest form of `response_format`; null where the field is refused. */
  responseFormat: "json_schema" | "json_object" | null;
  /** Whether streams tell their usage: where `stream_options` asks for it, always, or never. */
  usage: "asked" | "always" | "never";
}

/** A family of models whose dialect differs from that of their provider. */
export interface ModelFamily {
  pattern: RegExp;
  dialect: Partial<Dialect>;
}

/** OpenAI's own dialect, which any server is taken to have until it refuses a field. */
export const OPENAI_DIALECT: Dialect = {
  limit: "max_completion_tokens",
  temperature: true,
  seed: "seed",
  toolChoice: "required",
  streamOptions: true,
  parallelToolCalls: true,
  maxTools: null,
  strictTools: true,
  responseFormat: "json_schema",
  usage: "asked",
};

/** Changes of a request's top level. The order of what stays is kept. */
export interface RequestEdits {
  /** New names of fields by their names; null leaves a field out. */
  readonly names: ReadonlyMap<string, string | null>;
  /** The value of `tool_choice` in place of `required`. */
  readonly toolChoice: string | undefined;
  /** Removes `strict` from functions. */
  readonly plainTools: boolean;
  /** Asks for any JSON object where a request asks for JSON of a schema. */
  readonly jsonObject: boolean;
  /** Set where a request has no such field, under the names that agents use. */
  readonly defaults: Readonly<Record<string, Json>>;
  /** Set in every request, over what it has. */
  readonly add: Readonly<Record<string, Json>>;
}

export const NO_EDITS: RequestEdits = {
  names: new Map(),
  toolChoice: undefined,
  plainTools: false,
  jsonObject: false,
  defaults: {},
  add: {},
};

/**
 * The changes that make a request of agents one of a dialect.
 * @param defaults what a request that leaves it open has
 */
export function editsOf(dialect: Dialect, defaults: RequestEdits["defaults"] = {}): RequestEdits {
  const names = new Map<string, string | null>();
  if (dialect.limit === "max_tokens") names.set("max_completion_tokens", "max_tokens");
  if (!dialect.temperature) names.set("temperature", null);
  if (dialect.seed !== "seed") names.set("seed", dialect.seed);
  if (dialect.toolChoice === null) names.set("tool_choice", null);
  if (!dialect.streamOptions) names.set("stream_options", null);
  if (!dialect.parallelToolCalls) names.set("parallel_tool_calls", null);
  if (dialect.responseFormat === null) names.set("response_format", null);
  const { toolChoice } = dialect;
  return {
    names,
    toolChoice: toolChoice === "required" || toolChoice === null ? undefined : toolChoice,
    plainTools: !dialect.strictTools,
    jsonObject: dialect.responseFormat === "json_object",
    defaults,
    add: {},
  };
}

/** Fields that stand for one another: a request has one of them at most. */
const LIMITS: readonly string[] = ["max_completion_tokens", "max_tokens"];

/** The defaults that a request gets, as they are sent. */
export function* defaultsFor(
  { defaults, names }: RequestEdits,
  has: (name: string) => boolean,
): Generator<[name: string, value: Json]> {
  for (const name of Object.keys(defaults)) {
    const same = LIMITS.includes(name) ? LIMITS : [name];
    const sent = names.get(name) === undefined ? name : names.get(name);
    if (sent !== null && sent !== undefined && !same.some(has)) yield [sent, defaults[name] ?? null];
  }
}
