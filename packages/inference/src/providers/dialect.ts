import type { Json } from "@ape/core/lib/json";
import type { UnionForm } from "@ape/core/protocol/operations/union-schemas";

/**
 * The fields of agents' requests that a provider, or a family of its models, accepts. Agents send OpenAI's current
 * names: `max_completion_tokens`, `seed`, `temperature`, `tool_choice: required`, `stream_options`.
 */
export interface Dialect {
  /** The field that bounds the length of an answer. */
  limit: "max_completion_tokens" | "max_tokens";
  temperature: boolean;
  /** The field of the seed; null if there is none. */
  seed: "seed" | "random_seed" | null;
  /** The value of `tool_choice` for a required call; null if the field is refused. */
  toolChoice: "required" | "any" | "auto" | null;
  streamOptions: boolean;
  parallelToolCalls: boolean;
  /** The most functions that a request may offer; null where no limit is known. */
  maxTools: number | null;
  /** Whether functions may be `strict`: then arguments follow their schema. */
  strictTools: boolean;
  /** How schemas of tools express a value of several types. */
  unions: UnionForm;
  /** The strictest accepted form of `response_format`; null if the field is refused. */
  responseFormat: "json_schema" | "json_object" | null;
  /** Whether streams report their usage: if `stream_options` requests it, always, or never. */
  usage: "asked" | "always" | "never";
}

/** A family of models whose dialect differs from that of their provider. */
export interface ModelFamily {
  pattern: RegExp;
  dialect: Partial<Dialect>;
}

/** OpenAI's own dialect, assumed of any server until it refuses a field. */
export const OPENAI_DIALECT: Dialect = {
  limit: "max_completion_tokens",
  temperature: true,
  seed: "seed",
  toolChoice: "required",
  streamOptions: true,
  parallelToolCalls: true,
  maxTools: null,
  strictTools: true,
  unions: "types",
  responseFormat: "json_schema",
  usage: "asked",
};

/** Changes of a request's top level. The order of unchanged fields is kept. */
export interface RequestEdits {
  /** New names of fields by their names; null leaves a field out. */
  readonly names: ReadonlyMap<string, string | null>;
  /** The value of `tool_choice` in place of `required`. */
  readonly toolChoice: string | undefined;
  /** Removes `strict` from functions. */
  readonly plainTools: boolean;
  readonly unions: UnionForm;
  /** Leaves out the parameters of functions that have none, and gives a type to values of any type. */
  readonly plainSchemas: boolean;
  /** Requests any JSON object instead of JSON by a schema. */
  readonly jsonObject: boolean;
  /** Puts the text of the system message before the user's: for models that take no system message. */
  readonly mergedSystem: boolean;
  /** Set if a request has no such field, under the names that agents use. */
  readonly defaults: Readonly<Record<string, Json>>;
  /** Set in every request, replacing its own value. */
  readonly add: Readonly<Record<string, Json>>;
}

export const NO_EDITS: RequestEdits = {
  names: new Map(),
  toolChoice: undefined,
  plainTools: false,
  unions: "described",
  plainSchemas: false,
  jsonObject: false,
  mergedSystem: false,
  defaults: {},
  add: {},
};

/**
 * The changes that adapt a request of agents to a dialect.
 * @param defaults of fields that the request does not set
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
    unions: dialect.unions,
    plainSchemas: false,
    jsonObject: dialect.responseFormat === "json_object",
    mergedSystem: false,
    defaults,
    add: {},
  };
}

/** Fields that are synonyms: a request has at most one of them. */
const LIMITS: readonly string[] = ["max_completion_tokens", "max_tokens"];

/** The defaults of a request, as they are sent. */
export function defaultsFor(
  { defaults, names }: RequestEdits,
  has: (name: string) => boolean,
): [name: string, value: Json][] {
  const added: [string, Json][] = [];
  for (const name in defaults) {
    const renamed = names.get(name);
    if (renamed === null || (LIMITS.includes(name) ? LIMITS.some(has) : has(name))) continue;
    added.push([renamed ?? name, defaults[name] ?? null]);
  }
  return added;
}
