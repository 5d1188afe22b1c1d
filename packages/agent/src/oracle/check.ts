import { alternativesOf, type Check } from "@ape/core/config/check";
import type {
  ActionCheck,
  GoalConfig,
  Matcher,
  NeverCheck,
  ProbeCheck,
  StateCheck,
} from "@ape/core/config/goal";
import { withExactNumbers } from "@ape/core/config/yaml/exact-numbers";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { decodePercent } from "@ape/core/lib/percent";
import {
  operationShape,
  parseOperation,
  templateNames,
  type Verb,
} from "@ape/core/protocol/operations/operation";
import { bracedNames } from "@ape/core/protocol/operations/operation-call";
import { matchesTemplate } from "@ape/core/protocol/operations/operation-template";
import type { QueryValue } from "@ape/core/protocol/tool-call";
import { isSameKind, kindOf, kindsOfPlace, pathParameters } from "../attribution/resource-kind.ts";
import { namesOfExpectation } from "./filled-expectation.ts";
import { compileExpectation, type Expectation, jsonPath } from "./matcher.ts";

/** What every compiled check has. */
interface Compiled {
  /** Index of its verdict: alternatives of one check share it. */
  verdict: number;
}

/** What every compiled check of an operation has. */
interface OfOperation extends Compiled {
  /** `action POST /orders`. */
  label: string;
  /** Target and shape, the key of failures. */
  key: string;
  target: string;
  operation: string;
  /** The operation with its parameters unnamed, which is how answers are matched. */
  shape: string;
  expectation: Expectation;
}

/** Holds when the session itself has performed it. */
export interface CompiledAction extends OfOperation {
  kind: "action";
  /** Minimum number of times. */
  count: number;
  /** The operation that it must come after. */
  milestone: OperationMatch | undefined;
  /** Only counts where the form that was sent leads to no further form. */
  completes: boolean;
  /** The values that it captures for probes. */
  captures: readonly { name: string; path: string; read: (json: Json) => Json | undefined }[];
  /** Parameters of its path that probes need and that no check captures: taken from the path that was called. */
  pathNames: readonly string[];
}

/** A request of the oracle's own. */
export interface CompiledProbe extends OfOperation {
  kind: "probe";
  method: Verb;
  template: string;
  /** Set for operations other than HTTP. */
  given: { document?: string | undefined; arguments?: JsonObject | undefined };
  query: Record<string, QueryValue> | undefined;
  headers: Readonly<Record<string, string>> | undefined;
  /** The operation whose success it is made after. */
  milestone: OperationMatch | undefined;
  final: boolean;
  deadlineMs: number;
  /** Captures that the template, the query, the arguments and the expectation need. */
  needs: readonly string[];
  /** Whether captured values are filled into the expectation. */
  isFilled: boolean;
  /**
   * The probe reads, as the session itself, the resource whose id an action's answer issued: an answer that does not
   * find it contradicts the target's own.
   */
  readsCaptured: boolean;
}

/** Must not happen. */
export interface CompiledProhibition extends OfOperation {
  kind: "never";
  /** The operation that lifts it. */
  milestone: OperationMatch | undefined;
  /** The breach needs the target's answer, not the call alone. */
  byTarget: boolean;
}

/** An operation that answers are matched with. */
export interface OperationMatch {
  target: string;
  operation: string;
  shape: string;
}

/** What the session must know at its end. */
export interface CompiledState extends Compiled {
  kind: "state";
  label: string;
  values: readonly (readonly [name: string, matcher: Matcher])[];
}

/** A check of a goal, or a prohibition, compiled. */
export type CompiledCheck = CompiledAction | CompiledProbe | CompiledProhibition | CompiledState;

const compiled = new WeakMap<GoalConfig, readonly CompiledCheck[]>();

/**
 * The checks of a goal, then its prohibitions; compiled once, shared by every session of it.
 * @throws Error where a JSON Schema of a check is none
 */
export function compileChecks(goal: GoalConfig, onlyTarget: string): readonly CompiledCheck[] {
  let checks = compiled.get(goal);
  if (checks === undefined) {
    checks = compileAll(goal, onlyTarget);
    compiled.set(goal, checks);
  }
  return checks;
}

/** The labels of a goal's checks, in the order of its verdicts. */
export function checkLabels(goal: GoalConfig): string[] {
  return verdictLabels(compileAll(goal, ""));
}

/** The labels of verdicts; alternatives are joined: `action POST /a or probe GET /b`. */
export function verdictLabels(checks: readonly CompiledCheck[]): string[] {
  const labels: string[] = [];
  for (const { verdict, label } of checks) {
    const before = labels[verdict];
    labels[verdict] = before === undefined ? label : `${before} or ${label}`;
  }
  return labels;
}

/** The call that an answer belongs to. */
export interface AnsweredCall {
  target: string;
  /** As in metrics: a template. */
  operation: string;
  /** Its shape. */
  shape: string;
  /** Method and path of the call, without its query; absent for other protocols than HTTP. */
  called: string | undefined;
}

/**
 * Whether an answer is about an operation that a check names: by its shape, or by the path that was called where the
 * check has a value in place of a documented parameter, as `GET /repos/acme/site/issues`.
 */
export function isAbout(named: OperationMatch, { target, operation, shape, called }: AnsweredCall): boolean {
  if (named.target !== target) return false;
  if (named.shape === shape) return true;
  return (
    called !== undefined &&
    operation.includes("{") &&
    matchesTemplate(operation, named.operation) &&
    (matchesTemplate(named.operation, called) || matchesTemplate(named.operation, decodePercent(called)))
  );
}

/** Whether an answer is about an action; with `completes` it may name any form of a folder. */
export const isAboutAction = (check: CompiledAction, call: AnsweredCall): boolean =>
  isAbout(check, call) ||
  (check.completes &&
    check.target === call.target &&
    call.called !== undefined &&
    matchesTemplate(check.operation, call.called));

function compileAll(goal: GoalConfig, onlyTarget: string): CompiledCheck[] {
  const success = goal.success.flatMap((config, verdict) =>
    alternativesOf(config).map(({ check }) => compileCheck(check, onlyTarget, verdict)),
  );
  const actions = success.filter((check) => check.kind === "action");
  const own = new Set(actions.flatMap(({ captures }) => captures.map(({ name }) => name)));
  for (const action of actions)
    action.pathNames = templateNames(action.operation).filter((name) => !own.has(name));
  const captured = new Set([...own, ...actions.flatMap(({ pathNames }) => pathNames)]);
  for (const probe of success) {
    if (probe.kind !== "probe") continue;
    // Braces of a query or an expectation may be meant as they stand: only captured names are filled in.
    const inQuery = bracedNames((probe.query ?? {}) as Json).filter((name) => captured.has(name));
    const expected = namesOfExpectation(probe.expectation).filter((name) => captured.has(name));
    probe.isFilled = expected.length > 0;
    probe.needs = [...new Set([...probe.needs, ...inQuery, ...expected])];
    probe.readsCaptured = readsCaptured(probe, actions);
  }
  const needed = new Set(success.flatMap((check) => (check.kind === "probe" ? check.needs : [])));
  for (const action of actions) action.pathNames = action.pathNames.filter((name) => needed.has(name));
  const first = goal.success.length;
  return [...success, ...goal.never.map((never, index) => compileNever(never, onlyTarget, first + index))];
}

/** Target, operation and shape of what a check names. */
function referenceOf(own: { operation: string; target?: string | undefined }, onlyTarget: string) {
  const reference = parseOperation(own.operation);
  const operation = reference?.operation ?? own.operation;
  const shape = operationShape(operation);
  const target = own.target ?? reference?.target ?? onlyTarget;
  return { key: `${target} ${shape}`, target, operation, shape };
}

function compileCheck(check: Check, onlyTarget: string, verdict: number): CompiledCheck {
  switch (check.kind) {
    case "action":
      return compileAction(check.action, onlyTarget, verdict);
    case "probe":
      return compileProbe(check.probe, onlyTarget, verdict);
    case "state":
      return compileState(check.state, verdict);
  }
}

function compileAction(action: ActionCheck, onlyTarget: string, verdict: number): CompiledAction {
  const base = referenceOf(action, onlyTarget);
  return {
    ...base,
    kind: "action",
    verdict,
    label: `action ${base.operation}${action.count > 1 ? ` ${action.count} times` : ""}`,
    expectation: compileExpectation(action),
    count: action.count,
    completes: action.completes === true,
    milestone: milestoneOf(action.after, action.target, onlyTarget),
    captures: Object.entries(action.capture).map(([name, path]) => ({ name, path, read: jsonPath(path) })),
    pathNames: [],
  };
}

function milestoneOf(
  operation: string | undefined,
  target: string | undefined,
  onlyTarget: string,
): OperationMatch | undefined {
  return operation === undefined ? undefined : referenceOf({ operation, target }, onlyTarget);
}

function compileProbe(check: ProbeCheck, onlyTarget: string, verdict: number): CompiledProbe {
  const base = referenceOf(check, onlyTarget);
  const reference = parseOperation(check.operation);
  const template = reference?.template ?? "/";
  return {
    ...base,
    kind: "probe",
    verdict,
    label: `probe ${base.operation}`,
    expectation: compileExpectation(check.expect),
    method: reference?.method ?? "GET",
    template,
    given: { document: check.document, arguments: withExactNumbers(check.arguments) },
    query: check.query,
    headers: check.as?.headers,
    milestone: milestoneOf(check.after, check.target, onlyTarget),
    final: check.final,
    deadlineMs: check.deadline,
    needs: [...templateNames(template), ...bracedNames(check.arguments ?? {})],
    isFilled: false,
    readsCaptured: false,
  };
}

/** Whether a probe reads the very thing that an action of the same goal made: by the issued id, and by nothing else. */
function readsCaptured(probe: CompiledProbe, actions: readonly CompiledAction[]): boolean {
  const { query, headers, needs, target } = probe;
  const [name, other] = needs;
  if (name === undefined || other !== undefined) return false;
  if (query !== undefined || headers !== undefined) return false;
  const wanted = kindsReadBy(probe, name);
  return actions.some((action) => {
    const path = action.captures.find((capture) => capture.name === name)?.path;
    if (path === undefined || action.target !== target || /^(?:GET|query) /.test(action.operation))
      return false;
    const kinds = kindsOfPlace(path.match(/[A-Za-z_][\w-]*/g) ?? [], action.operation);
    return wanted.some((kind) => kinds.some((one) => isSameKind(one, kind)));
  });
}

/** The kinds of resource of which a probe reads the one that a captured value identifies; none if it reads something else. */
function kindsReadBy({ operation, method, template, given }: CompiledProbe, name: string): readonly string[] {
  const called = /^(?:query|tool) (.+)$/.exec(operation)?.[1];
  if (called === undefined) {
    if (method !== "GET" || !template.endsWith(`/{${name}}`)) return [];
    return pathParameters(template, `GET ${template}`)[0]?.kinds ?? [];
  }
  const [value, ...others] = Object.values(isJsonObject(given.arguments) ? given.arguments : {});
  if (value !== `{${name}}` || others.length > 0) return [];
  // `order`, `getOrder`, `order_by_id`: the last word names what is read.
  const words = called
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  const by = words.findIndex((word, at) => at > 0 && /^by$/i.test(word));
  const last = words[by < 0 ? words.length - 1 : by - 1];
  return last === undefined ? [] : [kindOf(last)];
}

function compileNever(never: NeverCheck, onlyTarget: string, verdict: number): CompiledProhibition {
  const base = referenceOf(never, onlyTarget);
  const { before, body, headers, text, schema } = never;
  return {
    ...base,
    kind: "never",
    verdict,
    label: `never ${base.operation}${before === undefined ? "" : ` before ${before}`}`,
    expectation: compileExpectation(never),
    milestone: milestoneOf(before, never.target, onlyTarget),
    byTarget: [before, body, headers, text, schema].some((part) => part !== undefined),
  };
}

function compileState(values: StateCheck, verdict: number): CompiledState {
  return {
    kind: "state",
    verdict,
    label: `state ${Object.keys(values).join(", ")}`,
    values: Object.entries(values),
  };
}
