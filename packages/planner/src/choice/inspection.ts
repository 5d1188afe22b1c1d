import type { Field } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import type { Json } from "@ape/core/lib/json";
import { encodeSegment } from "@ape/core/lib/percent";
import type { ListChoice } from "../goal/plan.ts";
import type { PlanningContext, Request } from "../planning-context.ts";
import { readItem } from "./response-values.ts";

/** The operation that shows one item of a list, and which of its inputs identifies the item. */
interface Detail {
  operation: Operation;
  input: Field;
  /** The list's field for that input. */
  by: Field;
}

/** The operation that reads one item of a choice's list, if the API has one that needs only its id. */
function detailFor(choice: ListChoice, { catalog, plan }: PlanningContext): Detail | undefined {
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
 * What a careful user does before acting on one of several items: the read of the item that is still to be made, or the
 * item that was read. Undefined if nothing can be read on its own, or the goal asks for it anyway.
 * @param pick the item that would be chosen
 */
export function inspectBeforeUse(
  choice: ListChoice,
  items: readonly Json[],
  context: PlanningContext,
  pick: () => Json,
): { request: Request } | { item: Json } | undefined {
  const detail = detailFor(choice, context);
  if (detail === undefined) return undefined;
  const { operation, input, by } = detail;
  if (context.plan.steps.some((step) => step.operation === operation)) return undefined;
  const fields = context.plan.steps[choice.step]?.operation.list?.fields ?? [];
  const nameOf = (item: Json): string => String(readItem(item, by, fields));
  const looks = context.progress.calls.filter((call) => call.operation === operation);
  const item = items.find((one) => looks.some(({ params }) => params[input.name] === nameOf(one)));
  if (item !== undefined) return { item };
  const name = nameOf(pick());
  return {
    request: {
      target: operation.target,
      method: operation.call,
      path: operation.path.replace(`{${input.name}}`, encodeSegment(name)),
    },
  };
}
