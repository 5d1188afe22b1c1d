import { isSearch } from "@ape/catalog/operations/field";
import { plain, stem } from "@ape/catalog/words/words";
import { isComposite, type Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import type { PastCall } from "../../goal/past-call.ts";
import type { ListChoice } from "../../goal/plan.ts";
import { type PlanningContext, sentText, successfulCalls } from "../../planning-context.ts";
import { inItem, itemFields, itemsOf, readItem } from "../response-values.ts";

/** What a list was asked for in one of its fields, or in the texts of its things. */
interface AskedFilter {
  value: string;
  fits: (item: Json) => boolean;
}

/**
 * The filters of a choice's list that one of its calls has left out: where a list shows nothing with them it is read
 * without, and what does not fit them is still not meant: `find a volcano with alert red and lower its alert` where none
 * is red. Filters that no field of the list shows are none of these, except searches in its texts; where the goal gives a name,
 * that decides: lists are asked for names wherever they might be.
 */
function filtersLeftOut(
  { step, called, about }: ListChoice,
  page: PastCall,
  context: PlanningContext,
): AskedFilter[] {
  const { operation } = context.plan.steps[step] ?? {};
  const calls = (context.progress.attempts[step] ?? []).filter((call) => call.ok && call !== page);
  if (operation === undefined || operation.writes || calls.length === 0) return [];
  if (called !== undefined || about !== undefined) return [];
  const fields = itemFields(operation);
  return operation.inputs.flatMap((input) => {
    if (input.required || input.in === "path" || input.in === "header") return [];
    const value = calls.map((call) => sentText(call, input)).find((sent) => sent !== undefined);
    if (value === undefined || sentText(page, input) !== undefined) return [];
    const shown = fields.find((field) => inItem(field) === input.leaf);
    if (shown !== undefined)
      return { value, fits: (item: Json) => hasValue(readItem(item, shown, fields), value) };
    return isSearch(input) ? { value, fits: (item: Json) => sharesWord(item, value) } : [];
  });
}

/** Whether an item of a call's answer has what that call did not ask for and an earlier one did: {@link filtersLeftOut}. */
export function fitsFilters(
  choice: ListChoice,
  page: PastCall,
  context: PlanningContext,
): (item: Json) => boolean {
  const filters = filtersLeftOut(choice, page, context);
  return (item) => filters.every(({ fits }) => fits(item));
}

/** The values that the choice's list was asked for and that nothing has which it shows without: `red`. */
export function valuesNotFound(choice: ListChoice, context: PlanningContext): string[] {
  const { operation } = context.plan.steps[choice.step] ?? {};
  const page = operation === undefined ? undefined : successfulCalls(context, operation).at(-1);
  if (operation === undefined || page === undefined) return [];
  const items = itemsOf(page.answer?.body, operation);
  return filtersLeftOut(choice, page, context).flatMap(({ value, fits }) => (items.some(fits) ? [] : value));
}

function sharesWord(item: Json, text: string): boolean {
  const said = new Set(stems(writeJson(item)));
  return stems(text).some((word) => said.has(word));
}

const stems = (text: string): string[] => plain(text).split(" ").map(stem);

/** Whether a field shows a value: alone, within a longer text, or among others. What an item does not say excludes it not. */
function hasValue(had: Json | undefined, wanted: string): boolean {
  if (had === undefined || had === null) return true;
  if (Array.isArray(had)) return had.length === 0 || had.some((one) => hasValue(one, wanted));
  return (
    isComposite(had) ||
    ` ${plain(String(had))} `.includes(` ${plain(wanted)} `) ||
    String(had).startsWith(wanted)
  );
}
