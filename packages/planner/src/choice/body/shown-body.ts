import { namesOf } from "@ape/catalog/goal/changes/noted-text";
import { choiceConstraints } from "@ape/catalog/goal/choice-constraints";
import type { Clause } from "@ape/catalog/goal/clause";
import { saysMove } from "@ape/catalog/goal/phrases/move";
import { isWithoutYear, withYear } from "@ape/catalog/goal/times/points-in-time";
import { type Field, fieldOf } from "@ape/catalog/operations/field";
import { collectionPath } from "@ape/catalog/operations/made-resource";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { subjectOf } from "@ape/catalog/operations/operation-subject";
import { plain, stem, stemsOf } from "@ape/catalog/words/words";
import { isComposite, type Json, type JsonObject } from "@ape/core/lib/json";
import { isNumber, writeJson } from "@ape/core/lib/lossless-number";
import { isPlainIdName } from "@ape/core/protocol/id-name";
import type { Step } from "../../goal/plan.ts";
import { shownThings } from "../../goal/shown-state.ts";
import type { PlanningContext, Request } from "../../planning-context.ts";

const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\dT/;
/** What systems write themselves. */
const OF_SYSTEM = /^(?:created|updated|modified|deleted)|^(?:status|state)$/i;

/**
 * The body of a call of which only the path is known, by the things of its collection that answers show: their properties are its
 * fields. A list that may show such things is read first, where something is made. Undefined where nothing is shown.
 * @param said what the goal gives by its own words
 */
export function shownBody(
  { operation, clause, bindings }: Step,
  said: JsonObject,
  context: PlanningContext,
): { data: JsonObject } | { request: Request } | { unknown: string } | undefined {
  if (clause === undefined || operation.login) return undefined;
  const isMaking = operation.method === "POST" && !operation.path.includes("{");
  const isUpdate = operation.method === "PATCH" || operation.method === "PUT";
  if (!isMaking && !isUpdate) return undefined;
  const things = shownThings(operation, context);
  const fields = fieldsIn(things);
  if (fields.length === 0) {
    const request =
      isMaking && subjectOf(operation).verbClass === "create" ? listCall(operation, context) : undefined;
    return request === undefined ? undefined : { request };
  }
  const data = isMaking
    ? valuesOf({ ...operation, inputs: [...operation.inputs, ...fields] }, clause, bindings, context)
    : movedDay(clause, fields, context);
  const given = new Set(Object.values(data).map((value) => writeJson(value)));
  for (const [name, value] of Object.entries(said)) {
    const isPart = Object.values(data).some(
      (one) => typeof value === "string" && String(one).includes(value),
    );
    if (given.has(writeJson(value)) || isPart) continue;
    const key = keyFor(name, fields);
    if (key === undefined && isUpdate) return { unknown: name };
    data[key ?? name] = value;
  }
  return Object.keys(data).length === 0 ? undefined : { data };
}

/** The read of the list of what a call makes, unless it was tried. */
function listCall(making: Operation, { catalog, progress }: PlanningContext): Request | undefined {
  const list = catalog.operations.find(
    ({ target, path, writes, inputs }) =>
      target === making.target &&
      !writes &&
      collectionPath(path) === collectionPath(making.path) &&
      !inputs.some(({ required }) => required),
  );
  if (list === undefined || progress.calls.some(({ operation }) => operation === list)) return undefined;
  return { target: list.target, method: list.call, path: list.path };
}

/** The properties of things as fields that a call may take: no ids of their own, nothing that systems write. */
function fieldsIn(things: readonly JsonObject[]): Field[] {
  const found = new Map<string, Field>();
  for (const [name, value] of things.flatMap(Object.entries<Json>)) {
    if (found.has(name) || isPlainIdName(name) || OF_SYSTEM.test(name) || isComposite(value)) continue;
    if (value === null) continue;
    const type = isNumber(value) ? "number" : typeof value;
    const text = typeof value === "string" ? value : "";
    const format = DAY.test(text) ? "date" : MOMENT.test(text) ? "date-time" : undefined;
    const field = { in: "body" as const, name, type, required: false, description: "" };
    found.set(name, fieldOf(format === undefined ? field : { ...field, format }, ""));
  }
  return [...found.values()];
}

function valuesOf(
  operation: Operation,
  clause: Clause,
  bindings: Step["bindings"],
  context: PlanningContext,
): JsonObject {
  const values = choiceConstraints({ operation, clause, bindings }, []);
  return Object.fromEntries(
    [...values].flatMap(([field, value]) =>
      field.in === "body" ? [[field.name, dated(value, context)]] : [],
    ),
  );
}

/** The only day of a thing, where a clause moves it to another one. */
function movedDay(clause: Clause, fields: readonly Field[], context: PlanningContext): JsonObject {
  const days = fields.filter(({ format }) => format === "date");
  const [day, ...others] = clause.dates.filter(({ label }) => /\bto$/i.test(label));
  const [field] = days;
  if (!saysMove(clause) || field === undefined || days.length > 1 || day === undefined || others.length > 0)
    return {};
  return { [field.name]: dated(day.value, context) };
}

const dated = (value: Json, { view }: PlanningContext): Json =>
  isWithoutYear(value)
    ? withYear(value, view.results.map(({ body }) => writeJson(body ?? null)).join("\n"), view.today)
    : value;

/** The property that a goal calls by a word: the same, one that has the word, or another word for what people write about a thing. */
function keyFor(name: string, fields: readonly Field[]): string | undefined {
  const words = namesOf(plain(name)).map((word) => stem(word));
  for (const word of words) {
    const field =
      fields.find(({ leaf }) => stemsOf(leaf).join(" ") === word) ??
      fields.find(({ leaf }) => stemsOf(leaf).includes(word));
    if (field !== undefined) return field.name;
  }
  return undefined;
}
