import { inputChangedBy, valueAfterChange } from "@ape/catalog/checks/change-by-amount";
import { choiceConstraints } from "@ape/catalog/goal/choice-constraints";
import { type Clause, clauseText } from "@ape/catalog/goal/clause";
import { statedBody } from "@ape/catalog/goal/stated-body";
import { datesIn, isWithoutYear, withYear } from "@ape/catalog/goal/times/points-in-time";
import { changedFields, fieldsSetTo, isPlainUpdate } from "@ape/catalog/operations/changed-fields";
import type { Field } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { grantOf, isGrant } from "@ape/catalog/operations/refresh-operation";
import { plain } from "@ape/catalog/words/words";
import { isComposite, isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { encodeSegment } from "@ape/core/lib/percent";
import { seedOf } from "@ape/core/lib/random";
import { MAX_ITEMS } from "@ape/core/protocol/fields/value-limits";
import { namesPassword } from "@ape/core/protocol/sign-in";
import { credentialsIn, isData } from "../goal/fact-assignment.ts";
import { leftUndone, type Plan, quotedList, type Step } from "../goal/plan.ts";
import { replacedThing } from "../goal/replaced-thing.ts";
import { changeOfShown } from "../goal/shown-state.ts";
import { unmetAssertions } from "../goal/unmet-assertions.ts";
import {
  doneText,
  finishWith,
  type PlannerDecision,
  type PlanningContext,
  type Request,
  sentValue,
} from "../planning-context.ts";
import { isRefresh } from "../repair/token-refresh.ts";
import { distinctItem } from "./body/distinct-item.ts";
import { completeObjects } from "./body/object-size.ts";
import { shownBody } from "./body/shown-body.ts";
import { valuesLeft } from "./body/values-left.ts";
import { showsKind, unshownKinds } from "./by-name/related-thing.ts";
import { coerce, defaultFor } from "./default-value.ts";
import { resolveInput } from "./input-resolution.ts";
import { keptValue, sentBefore } from "./kept-value.ts";
import { idempotencyKey, isPrecondition, versionOf } from "./precondition.ts";
import { boundBroken } from "./stated-bound.ts";

/** Changes to a call, by name of the input; undefined leaves the input out. */
export type Changes = ReadonlyMap<Field, Json | undefined>;

const DEEPEST = 6;
const NONE: Changes = new Map();

/** The call for a step, or the one that is needed before it. */
export function decideStep(
  index: number,
  context: PlanningContext,
  changes: Changes = NONE,
  depth = 0,
): PlannerDecision {
  const step = context.plan.steps[index];
  if (step === undefined) return finishWith(endOf(context));
  const { operation } = step;
  const choices = context.plan.choices.filter(
    (choice) =>
      choice.step === index ||
      [...step.bindings.values()].some((binding) => binding.kind === "choice" && binding.choice === choice),
  );
  const constraints = choiceConstraints(step, choices);
  const asked = constraints.size === 0 ? askedFields(step) : new Set<Field>();
  const lost = step.clause === undefined ? undefined : valueLost(step, step.clause, constraints, changes);
  if (lost !== undefined) return finishWith(`Cannot go on: the new ${lost.leaf} is not understood.`);
  const values = new Map<Field, Json>();
  // Values that the error did not mention are sent again.
  const accepted = operation.writes
    ? context.progress.attempts[index]?.findLast(
        (call) => call.status !== 400 && call.status !== 422 && !call.cut && !isRefresh(call),
      )
    : undefined;
  const changed = step.clause === undefined ? undefined : inputChangedBy(step.clause, operation);
  let place = 0;
  let thing: ReturnType<typeof replacedThing>;
  for (const field of operation.inputs) {
    if (field.in === "body" && thing === undefined)
      thing = replacedThing(step, values, context, changed !== undefined);
    if (changes.has(field)) {
      const changed = changes.get(field);
      if (changed !== undefined) values.set(field, changed);
      continue;
    }
    const binding = step.bindings.get(field);
    if (binding !== undefined) {
      const found = resolveInput(field, binding, context);
      if (found.kind === "call") return found;
      if (found.kind === "step" && found.step !== index && depth < DEEPEST)
        return decideStep(found.step, context, NONE, depth + 1);
      if (found.kind === "value") values.set(field, coerce(found.value, field));
      else if (
        binding.kind === "choice" ||
        (binding.kind === "answer" && (binding.source.made || binding.nth !== undefined))
      )
        return finishWith(`Cannot go on: ${found.kind === "none" ? found.reason : "no way to it"}.`);
      if (values.has(field)) continue;
    }
    const before = binding === undefined && accepted !== undefined ? sentValue(accepted, field) : undefined;
    if (before !== undefined) {
      values.set(field, coerce(before, field));
      continue;
    }
    if (field === changed) {
      const shown = thing?.valueOf(field);
      if (shown === undefined && thing?.read !== undefined) return { kind: "call", request: thing.read };
      const value = changedValue(step, field, shown ?? keptValue(step, field, context));
      if (value === undefined) return finishWith(`Cannot go on: the ${field.leaf} before is not known.`);
      values.set(field, value);
      continue;
    }
    const beyond = boundBroken(field, constraints.get(field));
    if (beyond !== undefined) return finishWith(`Cannot go on: ${beyond}.`);
    const key = idempotencyKey(field, index, context);
    const grant = isGrant(field) && takesPassword(operation) ? grantOf(field, "password") : undefined;
    const wished = key ?? grant ?? constraints.get(field);
    const isKept = operation.method === "PUT" && wished === undefined && !asked.has(field);
    const had = isKept ? thing?.valueOf(field) : undefined;
    if (isWithoutYear(wished)) values.set(field, withYear(wished, shownIn(context), context.view.today));
    else if (wished !== undefined) values.set(field, coerce(wished, field));
    else if (had !== undefined) values.set(field, coerce(had, field));
    else if (isKept && thing?.read !== undefined && field.in === "body")
      return { kind: "call", request: thing.read };
    else if (asked.has(field) && newValueLost(step, context.plan).length > 0)
      return finishWith(
        `Cannot go on: the new ${field.leaf} is not understood: ${quotedList(newValueLost(step, context.plan))}.`,
      );
    else if (asked.has(field) && step.clause !== undefined && NEW_VALUE.test(step.clause.text))
      return finishWith(`Cannot go on: the new ${field.leaf} is not understood.`);
    else if (isNeeded(field, operation.inputs) || asked.has(field)) {
      const known =
        (asked.has(field) ? undefined : keptValue(step, field, context)) ?? sentBefore(step, field, context);
      // Nothing is made up where the goal may give it in words that nothing has taken.
      const left = known === undefined ? valuesLeft(step, field, context.plan) : [];
      if (left.length > 0)
        return finishWith(
          `Cannot go on: the ${field.leaf} is not understood; nothing takes ${quotedList(left)}.`,
        );
      values.set(field, known ?? defaultFor(field, place, seedFor(index, context), context.session));
    }
    place += 1;
  }
  completeObjects(values, {
    inputs: operation.inputs,
    isAsked: (field) => step.bindings.has(field) || changes.has(field) || constraints.has(field),
    valueFor: (field) => {
      place += 1;
      return (
        keptValue(step, field, context) ??
        sentBefore(step, field, context) ??
        defaultFor(field, place, seedFor(index, context), context.session)
      );
    },
  });
  const request = requestOf(step, values);
  if (operation.undocumented === true && request.data === undefined) {
    const data = bodyByWords(step, context);
    const shown = shownBody(step, data, context);
    if (shown !== undefined && "request" in shown) return { kind: "call", request: shown.request };
    if (shown !== undefined && "unknown" in shown)
      return finishWith(`Cannot go on: nothing here shows a ${shown.unknown}.`);
    const body = shown?.data ?? data;
    const sent = Object.keys(body).length > 0 ? body : changeByWords(step, context);
    if (sent === undefined && UPDATES.has(operation.method))
      return finishWith(`Cannot go on: the goal gives nothing to send for ${quotedList([wordsOf(step)])}.`);
    if (sent !== undefined) request.data = sent;
  }
  if (isEmptyChange(operation, request.data) && step.clause !== undefined)
    return finishWith(`Cannot go on: nothing of ${quotedList([wordsOf(step)])} is understood as a change.`);
  const conditions = operation.inputs.filter(isPrecondition);
  if (conditions.length === 0) return { kind: "call", request };
  for (const field of conditions) {
    const version = versionOf(field, operation, request.path, context);
    if (version !== undefined && "request" in version) return { kind: "call", request: version.request };
    if (version !== undefined) values.set(field, version.value);
    else values.delete(field);
  }
  return { kind: "call", request: requestOf(step, values) };
}

/** What a clause says that nothing has taken: where its update has no value, the new one is among that. */
function newValueLost({ clause }: Step, { notUnderstood }: Plan): string[] {
  const said = ` ${plain(clause?.said ?? "")} `;
  return notUnderstood.filter((text) => said.includes(` ${plain(text)} `));
}

/** What a clause changes something to, other than to any new value. */
const NEW_VALUE =
  /\bto\s+(?!(?:an?|another|any|some|something|anything|whatever|it|them|be|make|the same|else)\b)[\p{L}\p{N}]/iu;

/** A field that an update would leave as it is, although the clause gives it a new value. */
const valueLost = (
  { operation, bindings }: Step,
  clause: Clause,
  constraints: ReadonlyMap<Field, Json>,
  changes: Changes,
): Field | undefined =>
  fieldsSetTo(clause, operation).find(
    (field) =>
      !constraints.has(field) &&
      !bindings.has(field) &&
      !changes.has(field) &&
      inputChangedBy(clause, operation) !== field &&
      !operation.inputs.some((inner) => constraints.has(inner) && inner.name.startsWith(`${field.name}.`)),
  );

/** What the answers at hand show, as text. */
const shownIn = ({ view }: PlanningContext): string =>
  view.results.map(({ body }) => writeJson(body ?? null)).join("\n");

const takesPassword = ({ login, inputs }: Operation): boolean =>
  login && inputs.some(({ in: place, leaf }) => place === "body" && namesPassword(leaf));

/** The value of a field after a change by an amount, of what the thing had before. */
function changedValue(step: Step, field: Field, before: Json | undefined): Json | undefined {
  return before === undefined || step.clause === undefined
    ? undefined
    : valueAfterChange(step.clause, field, before);
}

/** What is sent without anything to change would change nothing. */
const UPDATES: ReadonlySet<string> = new Set(["PATCH", "PUT"]);

/** Whether a partial update of a thing itself would change nothing of it. */
const isEmptyChange = ({ method, path }: Operation, data: Json | undefined): boolean =>
  method === "PATCH" && path.endsWith("}") && isJsonObject(data) && Object.keys(data).length === 0;

const wordsOf = ({ clause, operation }: Step): string =>
  clause === undefined ? operation.key : clauseText(clause);

/** The body of an update of which only the path is known, by what answers show of the thing. */
const changeByWords = ({ operation, clause }: Step, context: PlanningContext): JsonObject | undefined =>
  clause === undefined || !UPDATES.has(operation.method)
    ? undefined
    : changeOfShown(clause, operation, context);

/** The body of a call of which only the path is known: what the clause names, and who logs in. */
function bodyByWords({ operation, clause }: Step, { view }: PlanningContext): JsonObject {
  const data = view.facts.filter(isData);
  if (operation.login) return Object.fromEntries(credentialsIn(data).map(({ name, value }) => [name, value]));
  return clause === undefined
    ? {}
    : statedBody(clause, new Map(data.map(({ name, value }) => [name, value])));
}

/** A seed for a step: calls that a clause asks for several times differ, also where they are decided together. */
function seedFor(index: number, { plan: { steps }, seed }: PlanningContext): number {
  const { clause, operation } = steps[index] ?? {};
  const before = steps
    .slice(0, index)
    .filter((step) => step.operation === operation && step.clause === clause);
  return before.length === 0 || clause === undefined ? seed : seedOf(seed, before.length);
}

/** What a step that updates a thing has to change, although the goal gives no value for it. */
function askedFields({ clause, operation }: Step): ReadonlySet<Field> {
  if (clause === undefined || !isPlainUpdate(clause, operation)) return new Set();
  return new Set(changedFields(clause, operation));
}

/** Why a session ends after the last step: what it could not do is named. */
function endOf(context: PlanningContext): string {
  const { plan, progress } = context;
  // Which fields a call without a document has is known when it is made.
  const sent = progress.calls.flatMap(({ ok, operation, data }) =>
    ok && operation?.undocumented === true ? ` ${plain(writeJson(data ?? null))} ` : [],
  );
  const isSent = (text: string): boolean => {
    const said = text.replace(/^(?:in|at|to|for|from|with|on|by|of) (?=\S)/, "");
    const days = datesIn(said).map(({ value }) => value.replace(/^--/, ""));
    return sent.some((body) => [said, ...days].some((one) => body.includes(` ${plain(one)} `)));
  };
  const understood = plan.notUnderstood.filter((text) => sent.length === 0 || !isSent(text));
  const notUnderstood = [...new Set([...understood, ...unshownKinds(context)])];
  const lost = notUnderstood.length === 0 ? "" : `; not understood: ${quotedList(notUnderstood)}`;
  const unmet = unmetAssertions(context);
  const besides = `${unmet.length === 0 ? "" : `; not so: ${quotedList(unmet)}`}${lost}`;
  const found = plan.choices.flatMap((choice) =>
    choice.kind !== undefined && showsKind(choice, context) ? (choice.kind.clause ?? []) : [],
  );
  const left = leftUndone({ ...plan, uncovered: plan.uncovered.filter((text) => !found.includes(text)) });
  if (left.length === 0) return doneText(besides);
  return `The other parts of the goal are done; ${left.join("; ")}${besides}.`;
}

/** Required, like everything that contains it; an object is made by its fields. */
function isNeeded(field: Field, inputs: readonly Field[]): boolean {
  if (!field.required && field.in !== "path") return false;
  for (const other of inputs) {
    if (other === field || other.in !== field.in) continue;
    const inside = (inner: string, outer: string) =>
      inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[]`);
    if (inside(field.name, other.name) && !other.required) return false;
    if (inside(other.name, field.name) && other.required) return false;
  }
  return true;
}

function requestOf({ operation }: Step, values: ReadonlyMap<Field, Json>): Request {
  const request: Request = { target: operation.target, method: operation.call, path: operation.path };
  let data: Json | undefined = operation.inputs.some(({ in: place, name }) => place === "body" && name !== "")
    ? {}
    : undefined;
  /** Parameter values by field: an object is made of its fields. */
  const parameters = new Map<Field, Json>();
  for (const [field, value] of values) {
    if (field.in === "body") data = setAtPath(data, field.name, value);
    else {
      const holder = holderOf(field, operation.inputs);
      const inner = holder === field ? "" : field.name.slice(holder.name.length + 1);
      parameters.set(holder, inner === "" ? value : setAtPath(parameters.get(holder), inner, value));
    }
  }
  for (const [{ in: place, name }, value] of parameters) {
    if (place === "path") request.path = request.path.replace(`{${name}}`, segment(textOf(value)));
    else if (place === "query") request.query = { ...request.query, [name]: value };
    else if (place === "header") request.headers = { ...request.headers, [name]: textOf(value) };
    else if (place === "cookie") {
      const pair = `${name}=${segment(textOf(value))}`;
      const before = request.headers?.cookie;
      request.headers = { ...request.headers, cookie: before === undefined ? pair : `${before}; ${pair}` };
    }
  }
  if (data !== undefined) request.data = padLists(data, operation.inputs);
  return request;
}

/** A body whose lists have as many items as they need: copies of the first one, or others where no two may be equal. */
function padLists(data: Json, inputs: readonly Field[]): Json {
  let padded = data;
  for (const field of inputs) {
    const { in: place, name, type, minItems, uniqueItems } = field;
    if (place !== "body" || minItems === undefined || minItems > MAX_ITEMS || name.includes("[]")) continue;
    if (type !== "array" && !type.endsWith("[]")) continue;
    const items = name === "" ? padded : valueAt(padded, name);
    const [first] = Array.isArray(items) ? items : [];
    if (!Array.isArray(items) || first === undefined || items.length >= minItems) continue;
    const filled = [...items];
    const own = itemField(field, inputs, first);
    const part = (property: string): Field | undefined =>
      inputs.find((one) => one.in === "body" && one.name === `${name}[].${property}`);
    while (filled.length < minItems) {
      const next =
        uniqueItems === true
          ? distinctItem(own, filled, (seed) => defaultFor(own, 0, seed), part)
          : structuredClone(first);
      if (next === undefined) break;
      filled.push(next);
    }
    padded = setAtPath(padded, name, filled);
  }
  return padded;
}

/** What the items of a list are: the list's own bounds where they are plain values, else what the first one is. */
function itemField(list: Field, inputs: readonly Field[], first: Json): Field {
  const { minItems: _, uniqueItems: __, example: ___, ...rest } = list;
  if (list.type.endsWith("[]")) return { ...rest, type: list.type.slice(0, -2) };
  return (
    inputs.find(({ in: place, name }) => place === "body" && name === `${list.name}[]`) ?? {
      ...rest,
      type: typeof first,
    }
  );
}

const valueAt = (data: Json, name: string): Json | undefined =>
  name.split(".").reduce<Json | undefined>((at, part) => (isJsonObject(at) ? at[part] : undefined), data);

/** The parameter that contains a field: itself, unless it is a property of an object, `filter.colour`. */
function holderOf(field: Field, inputs: readonly Field[]): Field {
  return (
    inputs.find(
      (other) => other.in === field.in && other.type === "object" && field.name.startsWith(`${other.name}.`),
    ) ?? field
  );
}

const textOf = (value: Json): string => (isComposite(value) ? writeJson(value) : String(value));

const segment = (value: string): string => (/^\{\{.+\}\}$/.test(value) ? value : encodeSegment(value));

/** Sets a value at a dotted name; `lines[].id` is the `id` of the only line. */
export function setAtPath(into: Json | undefined, name: string, value: Json): Json {
  const match = /^(\[\]|[^.[]+)\.?(.*)$/.exec(name);
  if (match === null) return value;
  const [, head = "", rest = ""] = match;
  if (head === "[]") {
    const list = Array.isArray(into) ? into : [];
    return [setAtPath(list[0], rest, value), ...list.slice(1)];
  }
  const object: JsonObject = isJsonObject(into) ? into : {};
  object[head] = setAtPath(object[head], rest, value);
  return object;
}
