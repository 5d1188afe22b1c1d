import type { Json } from "@ape/core/lib/json";
import { type Field, isCursor, isOffset, isPage, isSearch, isText } from "../operations/field.ts";
import type { Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { subjectOf } from "../operations/operation-subject.ts";
import type { ChangePart } from "./changed-thing.ts";
import { sharesNoun } from "./thing-read.ts";

/** A tool that reads what another one was given. */
export interface ToolProbe {
  read: Operation;
  /** Its arguments, from the goal's own values. */
  given: Record<string, string>;
  /** What its answer must contain. */
  contains: string;
}

/** A shorter text may stand on any page and in any answer. */
const SHORTEST = 4;

/** Whether a text can be searched for in an answer: it tells something, and is the same in every session. */
export const canBeRead = (text: string): boolean => text.trim().length >= SHORTEST && !text.includes("{{");

/**
 * A read of what a tool wrote, for tools whose answers no schema describes: one that takes the same values (`read_file` by the
 * path that `write_file` had) or none (`read_graph`), and whose answer then contains another value that the goal names.
 * Undefined if there is none, or if the goal names too few values.
 */
export function toolProbe(part: ChangePart, { operations }: OperationCatalog): ToolProbe | undefined {
  const { operation: making, values } = part;
  const { verbClass } = subjectOf(making);
  if (making.call !== "tool" || verbClass === "delete") return undefined;
  const texts = new Map<Field, string>();
  for (const [field, value] of values) if (isTelling(value)) texts.set(field, value);
  let best: ToolProbe | undefined;
  let most = 0;
  for (const read of operations) {
    if (read.target !== making.target || read.call !== "tool" || read.writes || !sharesNoun(making, read))
      continue;
    const found = probeBy(read, texts);
    if (found === undefined) continue;
    const score = closeness(read, found, texts);
    if (score <= most) continue;
    best = found;
    most = score;
  }
  return best;
}

const isTelling = (value: Json): value is string => typeof value === "string" && canBeRead(value);

function probeBy(read: Operation, texts: ReadonlyMap<Field, string>): ToolProbe | undefined {
  if (read.inputs.some((field) => isPage(field) || isOffset(field) || isCursor(field))) return undefined;
  const rest = new Map(texts);
  const given: Record<string, string> = {};
  for (const input of read.inputs.filter(({ required }) => required)) {
    const same = [...rest].find(([field]) => field.leaf === input.leaf && isText(input) && !isSearch(input));
    if (same === undefined) return undefined;
    given[input.name] = same[1];
    rest.delete(same[0]);
  }
  const [contains] = rest.values();
  return contains === undefined ? undefined : { read, given, contains };
}

/** How sure it is that a read shows a value: by the words for the value, and by the arguments that name the thing. */
function closeness(
  { summary, weights }: Operation,
  { given, contains }: ToolProbe,
  texts: ReadonlyMap<Field, string>,
): number {
  const [field] = [...texts].find(([, text]) => text === contains) ?? [];
  const isNamed = [...(field?.nameTokens.keys() ?? [])].some((token) => weights.has(token));
  return 1 + Object.keys(given).length + (isNamed ? 2 : 0) - (/\bdeprecated\b/i.test(summary) ? 1.5 : 0);
}
