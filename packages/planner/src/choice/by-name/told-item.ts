import type { ToldField } from "@ape/catalog/goal/things/told-field";
import type { Field } from "@ape/catalog/operations/field";
import { isNamedBy } from "@ape/catalog/words/field-names";
import { plain } from "@ape/catalog/words/words";
import { isComposite, isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { encodeSegment } from "@ape/core/lib/percent";
import type { ListChoice } from "../../goal/plan.ts";
import { itemsShown, type PlanningContext, type Request, successfulCalls } from "../../planning-context.ts";
import { detailFor } from "../inspection.ts";
import { itemFields, readItem } from "../response-values.ts";

/** Things that are read one by one, where their list does not show by what the goal tells them. */
const MOST_READS = 8;

/** The value that a thing shows in the field by which a goal tells it; undefined where it shows no such field. */
function shownValue(item: JsonObject, { leaves, name }: ToldField): Json | undefined {
  const words = name.split(/\s+/).map(plain);
  const key = Object.keys(item).find(
    (one) => leaves.includes(one) || isNamedBy({ leaf: one, description: "" }, words),
  );
  return key === undefined ? undefined : item[key];
}

function isValue(shown: Json, { value, name }: ToldField): boolean {
  if (typeof shown === "boolean") return shown === !/^(?:no|false|off)$/i.test(value);
  if (isComposite(shown))
    return Array.isArray(shown) && shown.some((one) => isValue(one, { ...TOLD, value, name }));
  const own = plain(String(shown));
  return (
    own === plain(value) ||
    own === plain(`${name} ${value}`) ||
    (shown !== null && Number(shown) === Number(value))
  );
}
const TOLD: ToldField = { noun: "", name: "", leaves: [], value: "", said: "" };

/** The item as its own read shows it, where that was made. */
function inFull(item: Json, choice: ListChoice, context: PlanningContext): JsonObject | undefined {
  if (!isJsonObject(item)) return undefined;
  const read = readOf(item, choice, context);
  const body = read?.calls.find(({ answer }) => answer !== undefined)?.answer?.body;
  if (!isJsonObject(body)) return item;
  const [inner, ...others] = Object.values(body).filter(isJsonObject);
  return { ...(others.length === 0 ? inner : {}), ...body, ...item };
}

function readOf(item: Json, choice: ListChoice, context: PlanningContext) {
  const listing = context.plan.steps[choice.step]?.operation;
  const detail = detailFor(choice, context);
  if (detail === undefined || listing === undefined) return undefined;
  const { operation, input, by } = detail;
  const id = readItem(item, by, itemFields(listing));
  if (id === undefined || id === null || isComposite(id)) return undefined;
  const calls = successfulCalls(context, operation).filter(({ params }) => params[input.name] === String(id));
  const isTried = context.progress.calls.some(
    (call) => call.operation === operation && call.params[input.name] === String(id),
  );
  const path = operation.path.replace(`{${input.name}}`, encodeSegment(String(id)));
  return { calls, isTried, request: { target: operation.target, method: operation.call, path } };
}

/** Whether an item has all the values by which a goal tells the thing that it means: what does not show them is not meant. */
export function hasTold(item: Json, choice: ListChoice, context: PlanningContext): boolean {
  const { told = [] } = choice;
  if (told.length === 0) return true;
  const full = inFull(item, choice, context);
  if (full === undefined) return false;
  return told.every((one) => {
    const shown = shownValue(full, one);
    return shown !== undefined && isValue(shown, one);
  });
}

/** The read of a listed thing that does not show by what the goal tells it; undefined where all of them show it, or were read. */
export function readForTold(choice: ListChoice, field: Field, context: PlanningContext): Request | undefined {
  const { told = [], step } = choice;
  const listing = context.plan.steps[step]?.operation;
  if (told.length === 0 || listing === undefined) return undefined;
  const hidden = itemsShown(listing, context).filter(
    (item) =>
      isJsonObject(item) &&
      readItem(item, field, itemFields(listing)) !== undefined &&
      told.some((one) => shownValue(item, one) === undefined) &&
      told.every((one) => {
        const shown = shownValue(item, one);
        return shown === undefined || isValue(shown, one);
      }),
  );
  for (const item of hidden.slice(0, MOST_READS)) {
    const read = readOf(item, choice, context);
    if (read !== undefined && !read.isTried) return read.request;
  }
  return undefined;
}
