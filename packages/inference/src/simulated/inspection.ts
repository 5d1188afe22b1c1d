import type { Json } from "@ape/core/json";
import { encodeSegment } from "@ape/core/percent";
import type { Operation } from "./catalogue.ts";
import { readItem } from "./evidence.ts";
import type { Field } from "./field.ts";
import type { Choice } from "./itinerary.ts";
import type { Request, Situation } from "./situation.ts";

/** What a look at one of a list's things shows by itself, and which of its inputs names the thing. */
interface Detail {
  operation: Operation;
  input: Field;
  /** What the list calls what names it. */
  by: Field;
}

/** The read of one thing of a choice's list, where the API has one that needs no more than its name. */
function detailFor(choice: Choice, { catalogue, itinerary }: Situation): Detail | undefined {
  const list = itinerary.steps[choice.step]?.operation;
  for (const operation of catalogue.operations) {
    if (operation.writes || operation === list || operation.target !== list?.target) continue;
    const needed = operation.inputs.filter(({ required, in: place }) => required || place === "path");
    const [input] = needed;
    if (input === undefined || needed.length > 1 || input.in !== "path") continue;
    // What is shown of it must be the thing, not a list of what belongs to it.
    if (operation.list !== undefined || !operation.path.endsWith(`{${input.name}}`)) continue;
    const source = catalogue.sources(operation, input)[0];
    if (source?.operation === list && source.listed) return { operation, input, by: source.field };
  }
  return undefined;
}

/**
 * What somebody careful does before something is done with one of several things: the look at it that is still to be
 * made, or the thing that was looked at. Undefined where nothing can be looked at by itself, or the goal says so anyway.
 * @param pick which of the things it would be
 */
export function inspected(
  choice: Choice,
  items: readonly Json[],
  situation: Situation,
  pick: () => Json,
): { request: Request } | { item: Json } | undefined {
  const detail = detailFor(choice, situation);
  if (detail === undefined) return undefined;
  const { operation, input, by } = detail;
  if (situation.itinerary.steps.some((step) => step.operation === operation)) return undefined;
  const fields = situation.itinerary.steps[choice.step]?.operation.list?.fields ?? [];
  const nameOf = (item: Json): string => String(readItem(item, by, fields));
  const looks = situation.progress.calls.filter((call) => call.operation === operation);
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
