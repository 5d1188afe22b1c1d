import type { Json } from "@ape/core/lib/json";
import { isPlural } from "@ape/core/protocol/operations/path-words";
import { type Field, isCursor, isNameText, isOffset, isPage, isSearch, isText } from "../operations/field.ts";
import type { Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { ownNouns, subjectOf } from "../operations/operation-subject.ts";
import { plain, stem } from "../words/words.ts";
import type { ChangePart } from "./goal-parts.ts";
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
    if (found === undefined || !canShow(part, found, texts)) continue;
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

/**
 * Whether a read can show the value and would not have shown it before: a list has the names of its things, and shows those
 * of things that are added, not those of things that are changed; nor does it show other things than the ones that are added.
 */
function canShow(
  { operation }: ChangePart,
  { read, given, contains }: ToolProbe,
  texts: ReadonlyMap<Field, string>,
): boolean {
  const [field] = [...texts].find(([, text]) => text === contains) ?? [];
  if (field === undefined) return false;
  if (read.answers.length > 0 && !read.answers.some(({ leaf }) => leaf === field.leaf)) return false;
  const isNamed = [...field.nameTokens.keys()].some((token) => read.weights.has(token));
  const { verbClass } = subjectOf(operation);
  const adds = verbClass === "create" || verbClass === undefined;
  if (Object.keys(given).length > 0) return adds || isNamed || !isNameText(field);
  if (!isNameText(field) && !isNamed) return false;
  return verbClass === "create" && showsAdded(operation, read);
}

/** Whether a read without arguments shows what is added: things of its kind, or all of what it is added to. */
function showsAdded(adding: Operation, read: Operation): boolean {
  const namesOf = ({ path }: Operation): string[] => plain(path).split(" ").slice(1).map(stem);
  const own = new Set([...ownNouns(subjectOf(adding)), ...namesOf(adding)]);
  const isOfThing = namesOf(adding).some((noun) => namesOf(read).includes(noun));
  if (isOfThing || (namesOf(read).length === 0 && ownNouns(subjectOf(read)).some((noun) => own.has(noun))))
    return true;
  return !plain(`${read.path} ${read.summary}`)
    .split(" ")
    .some((word) => isPlural(word) && adding.head.has(stem(word)));
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
