import type { Field } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import type { Json } from "@ape/core/lib/json";
import { encodeSegment } from "@ape/core/lib/percent";
import type { ListChoice } from "../goal/plan.ts";
import { IN_SIGHT, type PlanningContext, type Request, successfulCalls } from "../planning-context.ts";
import { itemFields, itemsOf, readItem } from "./response-values.ts";

/** The operation that shows one item of a list, and which of its inputs identifies the item. */
interface Detail {
  operation: Operation;
  input: Field;
  /** The list's field for that input. */
  by: Field;
}

/** The operation that reads one item of a choice's list, if the API has one that needs only its id. */
export function detailFor(
  choice: Pick<ListChoice, "step">,
  { catalog, plan }: PlanningContext,
): Detail | undefined {
  const list = plan.steps[choice.step]?.operation;
  for (const operation of catalog.operations) {
    if (operation.writes || operation === list || operation.target !== list?.target) continue;
    const needed = operation.inputs.filter(({ required, in: place }) => required || place === "path");
    const [input] = needed;
    if (input === undefined || needed.length > 1 || input.in !== "path") continue;
    // Its answer must be the item, not a list of what belongs to it.
    if (operation.list !== undefined || !operation.path.endsWith(`{${input.name}}`)) continue;
    const source = catalog.sources(operation, input)[0];
    if (source?.operation === list && source.listed) return { operation, input, by: source.field };
  }
  return undefined;
}

/**
 * What a user does who looks at things before acting on one of several: the read of an item that is still to be made, or
 * the item to take. Undefined if nothing can be read on its own, or the goal asks for it anyway.
 * @param pick chooses one of some items
 */
export function inspectBeforeUse(
  choice: ListChoice,
  items: readonly Json[],
  context: PlanningContext,
  pick: (from: readonly Json[]) => Json,
): { request: Request } | { item: Json } | undefined {
  const { looks, changesMind } = context.persona;
  const list = context.plan.steps[choice.step]?.operation;
  const detail = looks === 0 ? undefined : detailFor(choice, context);
  if (detail === undefined) return undefined;
  const { operation, input, by } = detail;
  if (context.plan.steps.some((step) => step.operation === operation)) return undefined;
  const fields = list === undefined ? [] : itemFields(list);
  const nameOf = (item: Json): string => String(readItem(item, by, fields));
  const seen = new Set(
    context.progress.calls
      .filter((call) => call.operation === operation)
      .map(({ params }) => params[input.name]),
  );
  const looked = items.filter((item) => seen.has(nameOf(item)));
  const others = items.filter((item) => !seen.has(nameOf(item)));
  if (looked.length < looks && others.length > 0 && staysInSight(items, list, context)) {
    const path = operation.path.replace(`{${input.name}}`, encodeSegment(nameOf(pick(others))));
    return { request: { target: operation.target, method: operation.call, path } };
  }
  return { item: pick(changesMind && others.length > 0 ? others : looked.length === 0 ? items : looked) };
}

/** Whether the list that has the items is still in the view after one more answer. */
function staysInSight(
  items: readonly Json[],
  list: Operation | undefined,
  context: PlanningContext,
): boolean {
  const shown =
    list && successfulCalls(context, list).findLast(({ answer }) => holds(answer?.body, items, list));
  const at = context.view.results.findIndex(({ step }) => step === shown?.answer?.step);
  return at >= 0 && context.view.results.length - at < IN_SIGHT;
}

const holds = (body: Json | undefined, items: readonly Json[], list: Operation): boolean =>
  itemsOf(body, list).includes(items[0] ?? null);
