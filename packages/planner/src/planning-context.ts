import type { Field } from "@ape/catalog/operations/field";
import type { Operation, OperationCatalog, Source } from "@ape/catalog/operations/operation-catalog";
import { isComposite, isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { parseJson } from "@ape/core/lib/lossless-number";
import { isPlainIdName } from "@ape/core/protocol/id-name";
import { parseOperation, type Verb } from "@ape/core/protocol/operations/operation";
import type { ViewFact } from "@ape/core/protocol/view";
import type { PersonaTraits } from "./choice/persona-traits.ts";
import { itemsOf, valueAt } from "./choice/response-values.ts";
import type { PastCall } from "./goal/past-call.ts";
import type { Plan } from "./goal/plan.ts";
import type { PlanProgress } from "./goal/progress.ts";
import type { ReadView } from "./prompt/view-reader.ts";

/** Number of answers in a view. */
export const IN_SIGHT = 3;

/** Everything that a decision depends on. */
export interface PlanningContext {
  catalog: OperationCatalog;
  plan: Plan;
  view: ReadView;
  progress: PlanProgress;
  /** Decides where a user would choose freely. */
  seed: number;
  /** Decides what must be the same in all calls of a session. */
  session: number;
  /** The persona's traits. */
  persona: PersonaTraits;
  /** Names of the tools that may be used. */
  tools: ReadonlySet<string>;
}

/** A call to make. */
export interface Request {
  target: string;
  method: Verb;
  path: string;
  query?: Record<string, Json>;
  headers?: Record<string, string>;
  data?: Json;
}

/** The next decision. */
export type PlannerDecision =
  | { kind: "call"; request: Request }
  | { kind: "submit"; target: string; form: string; fields: JsonObject; submit?: string }
  | { kind: "keep"; name: string; value: Json }
  | { kind: "finish"; reason: string };

export const finishWith = (reason: string): PlannerDecision => ({ kind: "finish", reason });

/**
 * The last words of a session that has done what it understood.
 * @param besides what it guessed or did not understand, each after a semicolon; empty if there is nothing of that
 */
export const doneText = (besides: string): string =>
  besides === "" ? "Every part of the goal is done." : `What was understood of the goal is done${besides}.`;

/** What the answers of a list that are still visible have shown. */
export const itemsShown = (listing: Operation, context: PlanningContext): Json[] =>
  successfulCalls(context, listing).flatMap(({ answer }) => itemsOf(answer?.body, listing));

/** The same call once more. */
export function repeatCall(call: PastCall): PlannerDecision | undefined {
  if (call.method === undefined || call.cut) return undefined;
  const request: Request = { target: call.target, method: call.method, path: call.path };
  if (Object.keys(call.query).length > 0) request.query = { ...call.query };
  if (call.data !== undefined) request.data = call.data;
  return { kind: "call", request };
}

/** The value that a past call sent for an input. */
export function sentValue(call: PastCall, field: Field): Json | undefined {
  if (field.in === "path") return call.params[field.name];
  if (field.in === "query") return call.query[field.name] ?? inObject(call.query, field.name);
  return field.in === "body" ? deepValue(call.data, field.name) : undefined;
}

/** The value that a past call sent for an input, as text, also the only one of a list; undefined if it is no plain value. */
export function sentText(call: PastCall, field: Field): string | undefined {
  const sent = sentValue(call, field);
  const value = Array.isArray(sent) && sent.length === 1 ? sent[0] : sent;
  return value === undefined || value === null || isComposite(value) ? undefined : String(value);
}

/** The value of `filter.colour` if the query has the object `filter` as JSON. */
function inObject(query: Readonly<Record<string, string>>, name: string): Json | undefined {
  const dot = name.indexOf(".");
  const text = dot < 0 ? undefined : query[name.slice(0, dot)];
  if (text === undefined || !text.startsWith("{")) return undefined;
  try {
    return valueAt(parseJson(text) as Json, name.slice(dot + 1));
  } catch {
    return undefined;
  }
}

function deepValue(data: Json | undefined, name: string): Json | undefined {
  const [head = "", ...rest] = name.split("[]");
  let at = valueAt(data, head);
  for (const part of rest) {
    if (!Array.isArray(at)) return undefined;
    at = valueAt(at[0], part);
  }
  // A body that was cut is read flat.
  return at ?? (isJsonObject(data) ? data[name.split(".").at(-1) ?? name] : undefined);
}

/** The past calls of an operation that succeeded, latest last. */
export function successfulCalls({ progress }: PlanningContext, operation: Operation): PastCall[] {
  return progress.calls.filter((call) => call.operation === operation && call.ok);
}

/** The name under which a value of an answer is kept in the session's state; the session keeps 60 characters of it. */
export function noteName({ operation, field }: Source, nth?: number): string {
  const number = nth === undefined ? "" : `_${nth + 1}`;
  const name = `${field.name} of ${operation.key}`.replaceAll(/[^A-Za-z0-9]+/g, "_");
  return `${name.slice(0, 60 - number.length)}${number}`;
}

/** A fact with the value of an answer's field: kept by the planner itself, or gained by the session. */
export function factFor(
  { view, catalog }: PlanningContext,
  source: Source,
  nth?: number,
): ViewFact | undefined {
  const kept = noteName(source, nth);
  const own = view.facts.find(({ name }) => name === kept);
  // What the session itself has gained is of the last call alone.
  if (own !== undefined || nth !== undefined) return own;
  let found: ViewFact | undefined;
  let latest = -1;
  for (const fact of view.facts) {
    const named = fact.name === source.field.leaf || fact.name === source.field.name;
    if (!named && !(source.made && isPlainIdName(fact.name))) continue;
    const match = /^step (\d+) (.+)$/.exec(fact.origin);
    const step = Number(match?.[1] ?? -1);
    if (match === null || step < latest || !comesFrom(match[2] as string, source.operation, catalog))
      continue;
    found = fact;
    latest = step;
  }
  return found;
}

function comesFrom(origin: string, operation: Operation, catalog: OperationCatalog): boolean {
  const ref = parseOperation(origin.replace(/\?.*$/, ""));
  if (ref === undefined) return false;
  if (ref.operation === operation.key) return true;
  return catalog.at(operation.target, ref.method, ref.template) === operation;
}
