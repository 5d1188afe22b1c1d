import { type Field, isNameText, isSearch, isText } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import type { PastCall } from "../../goal/past-call.ts";
import type { ListChoice } from "../../goal/plan.ts";
import { type PlanningContext, type Request, successfulCalls } from "../../planning-context.ts";
import { nextPage } from "../listed/paging.ts";
import { itemFields, visibleList } from "../response-values.ts";

/** The filter of a list that finds its things by their names, if it has one: words to search for, or the very field. */
function filterByName(operation: Operation): Field | undefined {
  const filters = operation.inputs.filter(
    (field) => field.in === "query" && isText(field) && field.enum === undefined && !field.required,
  );
  const names = new Set(itemFields(operation).flatMap((field) => (isNameText(field) ? [field.leaf] : [])));
  return filters.find(isSearch) ?? filters.find(({ leaf }) => names.has(leaf));
}

/**
 * The call that looks further for a thing with a name, where what was shown has none: a search for it where more is left than
 * was shown, then the next part of the list as it was.
 */
export function searchByName(
  { called }: ListChoice,
  operation: Operation,
  context: PlanningContext,
): Request | undefined {
  if (called === undefined) return undefined;
  const calls = successfulCalls(context, operation);
  const filter = filterByName(operation);
  const isSearched = (call: PastCall): boolean => filter !== undefined && filter.name in call.query;
  const listed = calls.findLast((call) => !isSearched(call));
  const onward = listed === undefined ? undefined : nextPage(listed, operation);
  const hidden = visibleList(listed?.answer?.body, operation)?.hidden ?? 0;
  const last = calls.at(-1);
  if (
    filter !== undefined &&
    last?.method !== undefined &&
    !calls.some(isSearched) &&
    (onward !== undefined || hidden > 0)
  )
    return {
      target: last.target,
      method: last.method,
      path: last.path,
      query: { [filter.name]: called.text },
    };
  return onward;
}
