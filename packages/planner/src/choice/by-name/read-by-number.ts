import { type Field, isNumeric } from "@ape/catalog/operations/field";
import type { Operation, OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import type { ListChoice } from "../../goal/plan.ts";
import { type PlanningContext, type Request, successfulCalls } from "../../planning-context.ts";
import { isOwnNumber } from "./numbered-item.ts";

/**
 * The read of a thing by the number that a goal gives, where the list does not show it, or the id that such a read has confirmed.
 * Undefined if nothing reads a thing by such a number, or it was tried in vain.
 */
export function readByNumber(
  { called, numbers, about, step }: ListChoice,
  field: Field,
  context: PlanningContext,
): { request: Request } | { id: string } | undefined {
  const thing = called?.numbered;
  const listing = context.plan.steps[step]?.operation;
  // `Segment 4 of core NEEM-2` has that number within the core.
  const isOfOther = numbers !== undefined || about !== undefined;
  if (thing === undefined || isOfOther || listing === undefined || !isOwnNumber(thing, listing))
    return undefined;
  // What the list shows is read first: its things may have numbers that are no ids.
  if (successfulCalls(context, listing).length === 0) return undefined;
  const reading = readingOf(listing, field, context.catalog);
  if (reading === undefined || !takes(reading.input, thing.number)) return undefined;
  const { operation, input } = reading;
  const made = context.progress.calls.filter(
    (call) => call.operation === operation && call.params[input.name] === thing.number,
  );
  if (made.length === 0) {
    const path = operation.path.replace(`{${input.name}}`, thing.number);
    return { request: { target: operation.target, method: operation.call, path } };
  }
  return made.some(({ ok }) => ok) ? { id: thing.number } : undefined;
}

/** The operation that reads one thing of a list by the value of a field of it. */
function readingOf(
  listing: Operation,
  by: Field,
  catalog: OperationCatalog,
): { operation: Operation; input: Field } | undefined {
  for (const operation of catalog.operations) {
    const { writes, target, list, inputs, path } = operation;
    if (writes || target !== listing.target || operation === listing || list !== undefined) continue;
    const [input, ...others] = inputs.filter(({ required, in: place }) => required || place === "path");
    if (input?.in !== "path" || others.length > 0 || !path.endsWith(`{${input.name}}`)) continue;
    const isOfList = catalog
      .sources(operation, input)
      .some((source) => source.listed && source.operation === listing && source.field === by);
    if (isOfList) return { operation, input };
  }
  return undefined;
}

/** Whether an input may be a plain number. */
const takes = (input: Field, number: string): boolean =>
  isNumeric(input) ||
  (input.format !== "uuid" && (input.pattern === undefined || matches(input.pattern, number)));

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return false;
  }
}
