import { alternativesOf, type Check } from "@ape/core/config/check";
import { malformedReferences, referencesIn } from "@ape/core/config/environment";
import type { ProviderName } from "@ape/core/config/inference";
import type { Config } from "@ape/core/config/schema";
import { secretTargets } from "@ape/core/config/secrets/secret-binding";
import { METRICS, type MetricName } from "@ape/core/metrics/metrics";
import { parseSelector, parseThreshold } from "@ape/core/metrics/threshold";
import type { ProviderFacts } from "../answers/environment.ts";
import { asksToSignIn } from "../answers/suggest.ts";
import type { PlacelessFinding } from "./finding.ts";

/** Context of the checks besides the configuration itself. */
export interface LintContext {
  /** Whether an address is neither loopback nor private. */
  isPublic(url: string): boolean;
  /** Whether an address is this machine itself. */
  isLoopback(url: string): boolean;
  /** Traits of the providers. */
  providers: Readonly<
    Record<ProviderName, Pick<ProviderFacts, "simulated" | "free" | "defaultModel" | "models">>
  >;
  /** The configuration as written, `${VAR}` unexpanded. */
  written: unknown;
  /** Values of variables by name. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Lines of ape.env that do not set what they seem to. */
  environmentFile: readonly { line: number; message: string }[];
  /** The names of the variables that the configuration reads. */
  variables: readonly string[];
  /** Columns and number of rows of each goal's data, if readable. */
  tables: ReadonlyMap<string, { columns: readonly string[]; rows: number }>;
}

const MANY_AGENTS = 200;
/** A name in braces, which captures fill. */
const CAPTURED = /\{[^{}":]+\}/;

/** Valid but dangerous settings, and names that refer to nothing. */
export function* dangerousSettings(config: Config, around: LintContext): Generator<PlacelessFinding> {
  yield* inTargets(config, around);
  yield* inReplicas(config);
  yield* inCluster(config, around);
  yield* inInference(config, around);
  yield* inGoals(config, around);
  yield* inThresholds(config, around);
  yield* inEnvironment(around);
}

const warn = (
  rule: string,
  path: readonly PropertyKey[],
  message: string,
  hint: string,
): PlacelessFinding => ({
  severity: "warning",
  rule,
  path,
  message,
  hint,
});

/** What several gateways of a run cannot share. */
function* inReplicas({ runtime, targets, kubernetes }: Config): Generator<PlacelessFinding> {
  const { gateway } = kubernetes.replicas;
  if (runtime !== "kubernetes" || gateway === 1) return;
  for (const [name, { maxConcurrent, circuitBreaker }] of Object.entries(targets)) {
    if (maxConcurrent !== undefined && maxConcurrent < gateway)
      yield warn(
        "replicas-exceed-limit",
        ["targets", name, "maxConcurrent"],
        `${gateway} gateways make up to ${gateway} calls at once to ${name}: each makes at least one`,
        "Set `kubernetes.replicas.gateway` to `maxConcurrent` at most.",
      );
    if (circuitBreaker !== undefined)
      yield warn(
        "replicas-break-apart",
        ["targets", name, "circuitBreaker"],
        `each of the ${gateway} gateways counts the failures of ${name} by itself`,
        "Choose `failures` for one gateway, or have one: `kubernetes.replicas.gateway: 1`.",
      );
  }
}

/** What leads elsewhere from a pod. */
function* inCluster({ runtime, targets }: Config, { isLoopback }: LintContext): Generator<PlacelessFinding> {
  if (runtime !== "kubernetes") return;
  for (const [name, { baseUrl }] of Object.entries(targets))
    if (baseUrl !== "" && isLoopback(baseUrl))
      yield warn(
        "loopback-in-cluster",
        ["targets", name, "baseUrl"],
        `${baseUrl} is, in the cluster, the gateway's own pod`,
        "Name the target's Service, such as http://shop.NAMESPACE.svc:8080.",
      );
}

function* inTargets({ targets, load }: Config, { isPublic }: LintContext): Generator<PlacelessFinding> {
  const agents = Math.max(load.agents, ...(load.stages ?? []).map((stage) => stage.agents));
  for (const [name, target] of Object.entries(targets)) {
    const path = ["targets", name] as const;
    const open = target.baseUrl !== "" && isPublic(target.baseUrl);
    if (open && target.rate === undefined && target.maxConcurrent === undefined)
      yield warn(
        "public-without-limit",
        [...path, "baseUrl"],
        `${name} is a public address, and nothing limits the calls to it`,
        "Add `rate` or `maxConcurrent` to the target.",
      );
    else if (open && agents > MANY_AGENTS)
      yield warn(
        "public-many-agents",
        [...path, "baseUrl"],
        `${agents} agents against a public address`,
        "See that its operators know of the test.",
      );
    if (target.tls.insecure)
      yield warn(
        "tls-insecure",
        [...path, "tls", "insecure"],
        "any certificate is accepted, so credentials may go to anybody",
        "Name the authority with `tls.ca` instead.",
      );
    if (target.retries.unsafe)
      yield warn(
        "unsafe-retries",
        [...path, "retries", "unsafe"],
        "calls that are not idempotent are repeated, so one order may become two",
        "Leave `unsafe` out unless the target knows repeated calls.",
      );
    const deletes = (target.allow ?? []).findIndex((pattern) => /^(?:\*|DELETE) /.test(pattern));
    const denied = target.deny.some((pattern) => pattern.startsWith("DELETE "));
    if (deletes >= 0 && !denied && !target.readOnly)
      yield warn(
        "delete-allowed",
        [...path, "allow", deletes],
        "agents may delete",
        'If they need not, add deny: ["DELETE /**"], or test a copy whose data may go.',
      );
  }
}

function* inInference(
  { inference }: Config,
  { written, providers }: LintContext,
): Generator<PlacelessFinding> {
  const path = ["inference"] as const;
  const paid = providers[inference.provider].free !== true;
  if (paid && inference.maxCost === undefined && inference.replay === undefined)
    yield warn(
      "unbounded-cost",
      path,
      `nothing bounds what ${inference.provider} may cost`,
      "Add `maxCost: 5 USD`: the run ends when that much was spent.",
    );
  const { models = {}, defaultModel = "" } = providers[inference.provider];
  const model = inference.model ?? defaultModel;
  const priced = inference.price ?? inference.models[model]?.price ?? models[model]?.price;
  if (paid && inference.maxCost !== undefined && priced === undefined)
    yield warn(
      "unknown-price",
      [...path, "maxCost"],
      `\`maxCost\` can never end the run: no price of ${model === "" ? "the model" : model} is known, and counts as 0`,
      "Add `price: { input: 0.5, output: 1.5 }`, in US dollars a million tokens.",
    );
  const own = (written as { inference?: { apiKey?: unknown } } | undefined)?.inference?.apiKey;
  if (typeof own === "string" && !own.includes("${"))
    yield warn(
      "literal-key",
      [...path, "apiKey"],
      "the key is in the configuration itself",
      "Put it into ape.env and write ${NAME} here.",
    );
  if (inference.logPrompts && paid)
    yield warn(
      "log-prompts",
      [...path, "logPrompts"],
      "whole prompts are kept on disk, with what targets answered",
      "Leave `logPrompts` out when you have seen what you wanted.",
    );
}

function* inGoals({ goals, load, targets }: Config, { tables }: LintContext): Generator<PlacelessFinding> {
  const agents = Math.max(load.agents, ...(load.stages ?? []).map((stage) => stage.agents));
  for (const [index, goal] of goals.entries()) {
    const { name, prompt, data, budget } = goal;
    const path = ["goals", index] as const;
    const table = tables.get(name);
    const columns = [...(table?.columns ?? []), ...Object.keys(data?.generate ?? {})];
    for (const [, column = ""] of prompt.matchAll(/\{\{\s*([\w-]+)\s*\}\}/g))
      if (!columns.includes(column))
        yield {
          severity: "error",
          rule: "unknown-column",
          path: [...path, "prompt"],
          message: `the prompt names {{${column}}}, which its data has not`,
          hint: columns.length === 0 ? "Give the goal `data`." : `Its columns are ${columns.join(", ")}.`,
        };
    if (table !== undefined && data?.unique === true && table.rows < agents)
      yield warn(
        "few-rows",
        [...path, "data"],
        `${agents} agents share ${table.rows} unique rows, so ${agents - table.rows} of them always wait`,
        "Add rows, or leave `unique` out if an account may be in two sessions at once.",
      );
    if (
      data !== undefined &&
      data.secret.length > 0 &&
      secretTargets(Object.keys(targets), goal).length === 0
    )
      yield warn(
        "unbound-secret",
        [...path, "data", "secret"],
        `no target is named that ${data.secret.join(", ")} may be sent to, so agents cannot use ${data.secret.length === 1 ? "it" : "them"}`,
        `Add \`for: ${Object.keys(targets)[0]}\` (or another target) to the data.`,
      );
    if (data === undefined && asksToSignIn(prompt))
      yield warn(
        "no-account",
        [...path, "prompt"],
        "the goal wants its agent to log in, and gives it no account",
        "Add `data: { file: ./accounts.csv, unique: true, secret: [password] }`.",
      );
    if (goal.success.every((one) => alternativesOf(one).some(({ check }) => !isOfSession(check))))
      yield warn(
        "nothing-of-session",
        [...path, "success"],
        "nothing of a session is in its checks: where the target already shows what its probes expect, a session that did nothing succeeds",
        "Add an `action` check, and let the probe read what it made by `capture`.",
      );
    if (budget.steps > 200 || (budget.tokens !== "auto" && budget.tokens > 1_000_000))
      yield warn(
        "large-budget",
        [...path, "budget"],
        `one session may take ${budget.steps} steps${budget.tokens === "auto" ? "" : ` and ${budget.tokens} tokens`}`,
        "An agent that has lost its way uses all of it: 30 steps and `tokens: auto` do for most goals.",
      );
  }
}

/** Whether a check depends on the session's actions or knowledge: a probe only if it needs a captured value. */
function isOfSession(check: Check): boolean {
  if (check.kind !== "probe") return true;
  const { operation, query, arguments: given } = check.probe;
  return [operation, JSON.stringify(query ?? {}), JSON.stringify(given ?? {})].some((part) =>
    CAPTURED.test(part),
  );
}

/** A threshold that holds, or fails, whatever is measured. */
function fateOf(metric: MetricName, expression: string): "always holds" | "can never hold" | undefined {
  const { operator, limit } = parseThreshold(metric, expression);
  const { type } = METRICS[metric];
  const isShare = type === "rate";
  // Rates are shares of 0 to 1; durations, counts and amounts are not negative. A gauge may be anything.
  if (type === "gauge") return undefined;
  const most = isShare ? 1 : Number.POSITIVE_INFINITY;
  switch (operator) {
    case "<":
      return limit <= 0 ? "can never hold" : limit > most ? "always holds" : undefined;
    case "<=":
      return limit < 0 ? "can never hold" : limit >= most ? "always holds" : undefined;
    case ">":
      return limit >= most ? "can never hold" : limit < 0 ? "always holds" : undefined;
    case ">=":
      return limit > most ? "can never hold" : limit <= 0 ? "always holds" : undefined;
    default:
      return limit < 0 || limit > most ? (operator === "!=" ? "always holds" : "can never hold") : undefined;
  }
}

function* fatesIn(thresholds: Config["thresholds"]): Generator<PlacelessFinding> {
  for (const [selector, list] of Object.entries(thresholds))
    for (const [index, one] of list.entries()) {
      const expression = typeof one === "string" ? one : one.expression;
      const fate = fateOf(parseSelector(selector).metric, expression);
      if (fate !== undefined)
        yield warn(
          "threshold-without-effect",
          ["thresholds", selector, index],
          `${selector} ${expression} ${fate}`,
          "Rates are from 0 to 1, and durations and counts never below 0.",
        );
    }
}

function* inThresholds(
  { thresholds, inference }: Config,
  { providers }: LintContext,
): Generator<PlacelessFinding> {
  yield* fatesIn(thresholds);
  for (const selector of Object.keys(thresholds))
    if (selector.startsWith("cost_usd") && providers[inference.provider].simulated === true)
      yield warn("no-cost", ["thresholds", selector], "the simulated model costs nothing", "Leave it out.");
}

function* inEnvironment(around: LintContext): Generator<PlacelessFinding> {
  const { environment, variables, environmentFile, written } = around;
  yield* inReferences(written, []);
  for (const { line, message } of environmentFile)
    yield warn("environment-line", [], `ape.env:${line}: ${message}`, "Write `NAME=value`, one to a line.");
  for (const name of variables)
    if (environment[name] === "change-me")
      yield warn(
        "stand-in-value",
        [],
        `${name} still has the value that ape.env was made with`,
        `Fill ${name} in in ape.env.`,
      );
}

/** `${...}` without a variable. */
function* inReferences(written: unknown, path: readonly PropertyKey[]): Generator<PlacelessFinding> {
  if (typeof written === "string")
    for (const text of malformedReferences(written))
      yield warn(
        "malformed-reference",
        path,
        `${text} is no reference to a variable, and is sent as it stands`,
        "Write `${NAME}` or `${NAME:-default}`, or `$${` where the text itself is meant.",
      );
  else if (Array.isArray(written))
    for (const [index, item] of written.entries()) yield* inReferences(item, [...path, index]);
  else if (typeof written === "object" && written !== null)
    for (const [key, value] of Object.entries(written)) {
      if (referencesIn(key).length > 0)
        yield warn(
          "reference-in-key",
          [...path, key],
          `${key} is a key, and variables are filled in values only`,
          "Write the key itself.",
        );
      yield* inReferences(value, [...path, key]);
    }
}
