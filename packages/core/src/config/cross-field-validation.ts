import { ApeError } from "../lib/errors.ts";
import type { Label } from "../metrics/metrics.ts";
import { parseSelector, parseThreshold } from "../metrics/threshold.ts";
import { parseOperation, templateNames } from "../protocol/operations/operation.ts";
import { bracedNames } from "../protocol/operations/operation-call.ts";
import { ATTRIBUTIONS, OUTCOMES } from "../protocol/outcome.ts";
import { canMatch, TARGET_KIND_TRAITS, takesDocument } from "../protocol/target-kind.ts";
import { splitUserinfo } from "./base-url.ts";
import { alternativesOf, type Check, operationsOfCheck } from "./check.ts";
import type { DataConfig } from "./goal.ts";
import type { SourceConfig } from "./inference.ts";
import { type ConfigIssue, nearest } from "./issue.ts";
import { BUILT_IN_PERSONAS, isPersona } from "./persona.ts";
import type { Config } from "./schema.ts";
import { unsendableHeaders } from "./unsendable-header.ts";

/** What a schema cannot see: parts of a configuration that do not fit one another. */
export function crossFieldIssues(config: Config): ConfigIssue[] {
  return [
    ...inTargets(config),
    ...unmatchablePatterns(config),
    ...unsendableHeaders(config),
    ...inInference(config),
    ...inGateway(config),
    ...inGoals(config),
    ...inPersonas(config),
    ...inHooks(config),
    ...inThresholds(config),
    ...inLoad(config),
  ];
}

/** Patterns of another kind of target: they could match nothing. */
function* unmatchablePatterns(config: Config): Generator<ConfigIssue> {
  for (const [name, target] of Object.entries(config.targets))
    for (const key of ["allow", "deny"] as const)
      for (const [index, pattern] of (target[key] ?? []).entries())
        if (!canMatch(target.kind, pattern))
          yield {
            path: ["targets", name, key, index],
            message: `a target of kind ${target.kind} has no such operations: write a pattern such as ${TARGET_KIND_TRAITS[target.kind].pattern}`,
          };
}

function* inTargets(config: Config): Generator<ConfigIssue> {
  for (const [name, { kind, baseUrl, command, persistedQueries, validate, contract, spec }] of Object.entries(
    config.targets,
  )) {
    const path = ["targets", name] as const;
    if (baseUrl.includes("#"))
      yield { path: [...path, "baseUrl"], message: "a fragment (#...) is never sent: leave it out" };
    if (splitUserinfo(baseUrl) !== undefined)
      yield {
        path: [...path, "baseUrl"],
        message: "the URL has credentials, and `auth` names others: give either",
      };
    if (command !== undefined && kind !== "mcp")
      yield { path: [...path, "command"], message: "only a target of kind mcp is started by a command" };
    else if (command !== undefined && baseUrl !== "")
      yield { path: [...path, "command"], message: "give either command or baseUrl" };
    else if (command === undefined && baseUrl === "") yield { path, message: "baseUrl is missing" };
    if (persistedQueries && kind !== "graphql")
      yield { path: [...path, "persistedQueries"], message: "only graphql has persisted queries" };
    const unspecified = kind !== "rest" || spec === undefined;
    if (unspecified && validate !== "off")
      yield {
        path: [...path, "validate"],
        message: "only calls of rest are held against a spec: add `spec`",
      };
    if (unspecified && contract)
      yield {
        path: [...path, "contract"],
        message: "only answers of rest are held against a spec: add `spec`",
      };
    if (spec !== undefined && !takesDocument(kind))
      yield { path: [...path, "spec"], message: `a target of kind ${kind} has no spec` };
  }
}

function* inBinding(
  data: DataConfig | undefined,
  targets: readonly string[],
  path: readonly PropertyKey[],
): Generator<ConfigIssue> {
  const given = data?.for ?? [];
  for (const [index, name] of (typeof given === "string" ? [given] : given).entries())
    if (!targets.includes(name))
      yield {
        path: typeof given === "string" ? path : [...path, index],
        message: `there is no target "${name}"${suggestion(name, targets)}`,
      };
}

function* inInference({ inference }: Config): Generator<ConfigIssue> {
  const sources = [
    { source: inference, path: ["inference"] as readonly PropertyKey[] },
    ...inference.fallback.map((source, index) => ({ source, path: ["inference", "fallback", index] })),
  ];
  for (const { source, path } of sources)
    for (const [index, name] of source.request.omit.entries())
      if (name in source.request.add)
        yield {
          path: [...path, "request", "omit", index],
          message: `\`${name}\` is left out here and added by \`add\`: give either`,
        };
}

function* inGateway({ gateway, runtime }: Config): Generator<ConfigIssue> {
  if (gateway.url === undefined && gateway.token !== undefined)
    yield { path: ["gateway", "token"], message: "a token without `url`: there is no gateway to show it to" };
  if (gateway.url !== undefined && runtime !== "embedded")
    yield { path: ["gateway", "url"], message: `\`runtime: ${runtime}\` starts a gateway of its own` };
}

function* inGoals(config: Config): Generator<ConfigIssue> {
  const seen = new Set<string>();
  for (const [index, goal] of config.goals.entries()) {
    const path = ["goals", index] as const;
    if (seen.has(goal.name))
      yield { path: [...path, "name"], message: `the goal "${goal.name}" is there twice` };
    seen.add(goal.name);
    yield* inData(goal.data, [...path, "data"]);
    yield* inBinding(goal.data, Object.keys(config.targets), [...path, "data", "for"]);
    for (const [number, name] of (goal.personas ?? []).entries())
      if (!isPersona(config.personas, name))
        yield {
          path: [...path, "personas", number],
          message: `there is no persona "${name}"${suggestion(name, [...config.personas.map((one) => one.name), ...Object.keys(BUILT_IN_PERSONAS)])}`,
        };
    const captures = new Set<string>();
    const checks = goal.success.flatMap((one, number) =>
      alternativesOf(one).map(({ check, path: within }) => ({
        check,
        at: [...path, "success", number, ...within],
      })),
    );
    for (const { check } of checks)
      if (check.kind === "action")
        for (const name of [...Object.keys(check.action.capture), ...templateNames(check.action.operation)])
          captures.add(name);
    for (const { check, at } of checks) yield* inCheck(config, check, at, captures);
    for (const [number, never] of goal.never.entries()) {
      const at = [...path, "never", number];
      yield* inReference(config, never, at);
      if (never.before !== undefined)
        yield* inReference(config, { ...never, operation: never.before }, at, "before");
    }
  }
}

function* inCheck(
  config: Config,
  check: Check,
  at: readonly PropertyKey[],
  captures: ReadonlySet<string>,
): Generator<ConfigIssue> {
  for (const { key, ...reference } of operationsOfCheck(check))
    yield* inReference(config, reference, at, key);
  if (check.kind !== "probe") return;
  const { operation, document, arguments: given, final, as, after } = check.probe;
  yield* inDocument(operation, document, at);
  for (const name of [...templateNames(operation), ...bracedNames(given ?? {})])
    if (!captures.has(name))
      yield {
        path: [...at, "operation"],
        message: `{${name}} is captured by no action check${suggestion(name, [...captures])}`,
      };
  if (final && as === undefined)
    yield { path: [...at, "final"], message: "a final probe needs credentials of its own: add `as`" };
  if (final && after !== undefined)
    yield {
      path: [...at, "after"],
      message: "a final probe is made at the end: give either `final` or `after`",
    };
}

function* inData(data: DataConfig | undefined, path: readonly PropertyKey[]): Generator<ConfigIssue> {
  if (data === undefined) return;
  const { file, rows, generate, unique } = data;
  if (file !== undefined && rows !== undefined) yield { path, message: "give either file or rows" };
  if (file !== undefined || rows !== undefined) return;
  if (generate === undefined) yield { path, message: "give file, rows or generate" };
  else if (unique)
    yield {
      path: [...path, "unique"],
      message: "only the rows of file or rows can be held by one session at a time",
    };
}

function* inPersonas({ personas }: Config): Generator<ConfigIssue> {
  const seen = new Set<string>();
  for (const [index, { name }] of personas.entries()) {
    if (seen.has(name)) yield { path: ["personas", index], message: `the persona "${name}" is there twice` };
    seen.add(name);
  }
}

function* inHooks(config: Config): Generator<ConfigIssue> {
  for (const phase of ["setup", "teardown"] as const)
    for (const [index, hook] of config[phase].entries()) {
      yield* inReference(config, hook, [phase, index]);
      yield* inDocument(hook.operation, hook.document, [phase, index]);
    }
}

function* inDocument(
  operation: string,
  document: string | undefined,
  path: readonly PropertyKey[],
): Generator<ConfigIssue> {
  const graphql = /^(?:query|mutation)$/.test(parseOperation(operation)?.method ?? "");
  if (graphql && document === undefined)
    yield { path: [...path, "operation"], message: "a GraphQL request needs its `document`" };
  if (!graphql && document !== undefined)
    yield { path: [...path, "document"], message: "only a `query` or `mutation` has a document" };
}

function* inReference(
  config: Config,
  { operation, target }: { operation: string; target?: string | undefined },
  path: readonly PropertyKey[],
  field = "operation",
): Generator<ConfigIssue> {
  const targets = Object.keys(config.targets);
  const named = target ?? parseOperation(operation)?.target;
  if (named === undefined && targets.length > 1)
    yield {
      path: [...path, field],
      message: `there are ${targets.length} targets: write \`${targets[0]}: ${operation}\``,
    };
  if (named !== undefined && !targets.includes(named))
    yield {
      path: [...path, target === undefined ? field : "target"],
      message: `there is no target "${named}"${suggestion(named, targets)}`,
    };
}

function* inThresholds(config: Config): Generator<ConfigIssue> {
  for (const [selector, list] of Object.entries(config.thresholds)) {
    try {
      const { metric, labels } = parseSelector(selector);
      for (const message of wrongLabels(config, labels)) yield { path: ["thresholds", selector], message };
      for (const [index, entry] of list.entries()) {
        try {
          parseThreshold(metric, typeof entry === "string" ? entry : entry.expression);
        } catch (thrown) {
          yield { path: ["thresholds", selector, index], message: thresholdMessage(thrown) };
        }
      }
    } catch (thrown) {
      yield { path: ["thresholds", selector], message: thresholdMessage(thrown) };
    }
  }
}

/** Labels whose value nothing in the run can have, so that the threshold would never have data. */
function* wrongLabels(
  { targets, goals, inference }: Config,
  { target, goal, outcome, attribution, status, provider, model }: Readonly<Partial<Record<Label, string>>>,
): Generator<string> {
  const sources = [inference, ...inference.fallback];
  const known: [label: string, value: string | undefined, values: readonly string[]][] = [
    ["target", target, Object.keys(targets)],
    ["goal", goal, goals.map(({ name }) => name)],
    ["outcome", outcome, OUTCOMES],
    ["attribution", attribution, ATTRIBUTIONS],
    ["provider", provider, [...new Set(sources.map((source) => source.provider))]],
    ["model", model, modelsOf(sources, model)],
  ];
  for (const [label, value, values] of known)
    if (value !== undefined && !values.includes(value))
      yield `there is no ${label} "${value}"${suggestion(value, values)}`;
  if (status !== undefined && !/^(?:0|[1-5]\d\d)$/.test(status))
    yield `"${status}" is no status of HTTP: write 200 or 404, or 0 for no answer`;
}

/** The models of sources; a provider's own choice, which is not known here, may be any. */
function modelsOf(sources: readonly SourceConfig[], wanted: string | undefined): string[] {
  return sources.flatMap((source) => {
    const own = source.model ?? (source.provider === "simulated" ? source.provider : wanted);
    return own ?? [];
  });
}

function* inLoad({ load }: Config): Generator<ConfigIssue> {
  const peak = Math.max(0, ...(load.stages ?? []).map((stage) => stage.agents));
  if (load.stages !== undefined && peak === 0)
    yield { path: ["load", "stages"], message: "no stage has an agent" };
  if (load.arrivals?.every((leg) => leg.rate === 0))
    yield { path: ["load", "arrivals"], message: "no leg has a rate above 0" };
}

function thresholdMessage(thrown: unknown): string {
  if (!(thrown instanceof ApeError)) throw thrown;
  return thrown.hint === undefined ? thrown.message : `${thrown.message}. ${thrown.hint}`;
}

function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  if (near !== undefined) return `; did you mean "${near}"?`;
  return known.length > 0 ? `; there is ${known.join(", ")}` : "";
}

/** The target that a check, a hook or an operation means: its own, the operation's prefix, or the only one. */
export function targetOf(
  config: Pick<Config, "targets">,
  reference: { operation: string; target?: string | undefined },
): string {
  return (
    reference.target ?? parseOperation(reference.operation)?.target ?? Object.keys(config.targets)[0] ?? ""
  );
}
