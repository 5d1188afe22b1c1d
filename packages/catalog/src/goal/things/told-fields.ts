import { type Field, isNameText, isReference, isText } from "../../operations/field.ts";
import type { Operation, OperationCatalog } from "../../operations/operation-catalog.ts";
import { operationFor } from "../../operations/operation-match.ts";
import { isRemoval, resultNouns, subjectOf } from "../../operations/operation-subject.ts";
import { isNamedBy } from "../../words/field-names.ts";
import { STOP } from "../../words/lexicon.ts";
import { areKin } from "../../words/thesaurus.ts";
import { plain, stem } from "../../words/words.ts";
import { type Clause, clauseOf } from "../clause.ts";
import { type MarkedGoal, marked } from "../goal-text.ts";
import { isDayOfThing, isTimeOfThing } from "../times/days-of-choice.ts";
import type { ToldField } from "./told-field.ts";

/** A thing that there is, and what is said of it. */
const TOLD =
  /\b([Tt]he|[Mm]y|[Oo]ur|[Tt]hat|[Tt]his|[Aa]n?|[Aa]ny)\s+((?:\p{Ll}[\p{L}'’-]*\s+){1,3}?)(?:(?:of|for)\s+(?:the\s+)?(?:\p{Lu}[\p{L}'’.-]*\s+)+)?(?:with|having)\s+(?=(?:the\s+|an?\s+|its\s+)?\p{Ll})/gu;
const ARTICLE = /^(?:the|an?|its)\s+/i;
/** What ends a value. */
const END = /^(?:\s*$|\s*[,.;:!?]|\s+(?:to|and|for|in|on|at|from|because|by|as|of|then|into|with)\b)/i;
const VALUE =
  /^(?:(?:is|of|=)\s+)?(quoted\d+|[\p{Lu}\p{N}][\p{L}\p{N}./-]*(?:\s[\p{Lu}\p{N}][\p{L}\p{N}./-]*)*|\p{Ll}[\p{L}\p{N}-]*)/u;
const AND = /^\s+and\s+(?:with\s+)?/;
const LABEL = /^(?:numbers?|no|nr|num|ids?|reference|ref|code|name|title|key)$/;
const NUMBER_LABEL = /^(?:number|no|nr|num)$/;

/**
 * The clauses of a goal without what tells their things by fields, which is noted beside them: it says which thing is meant, and is
 * nothing that is sent.
 */
export function withToldFields(
  clauses: readonly Clause[],
  goal: string,
  catalog: OperationCatalog,
): Clause[] {
  if (!clauses.some(({ written }) => written.search(TOLD) >= 0)) return [...clauses];
  const { quotes } = marked(goal);
  const before: Operation[] = [];
  const found: Clause[] = [];
  for (const clause of clauses) {
    let taken = clause;
    let operation = clause.active ? operationFor(clause, catalog, before, found) : undefined;
    if (operation !== undefined && !operation.login) {
      const { told, rest } = toldIn(clause, operation, catalog, quotes);
      if (told.length > 0) {
        const bare = clauseOf(rest, catalog.verbs, quotes, found.at(-1));
        taken = { ...bare, said: clause.said, told };
        operation = operationFor(taken, catalog, before, found);
      }
    }
    found.push(taken);
    if (operation !== undefined && !operation.login) before.push(operation);
  }
  return found;
}

function toldIn(
  clause: Clause,
  operation: Operation,
  catalog: OperationCatalog,
  quotes: MarkedGoal["quotes"],
): { told: ToldField[]; rest: string } {
  const { written } = clause;
  const told: ToldField[] = [];
  let rest = written;
  let read = 0;
  for (const match of written.matchAll(TOLD)) {
    // `The colour red and with` of `with the colour red and with the floor 3` is no thing.
    if (match.index < read) continue;
    if (/^a/i.test(match[1] ?? "") && !(operation.writes && actsOnOne(operation))) continue;
    const noun = stem((match[2] ?? "").trim().split(/\s+/).at(-1)?.toLowerCase() ?? "");
    const fields = fieldsOf(noun, operation, catalog);
    if (fields === undefined) continue;
    const from = match.index + match[0].length;
    const start = match.index + match[0].search(/\s+(?:with|having)\s+$/i);
    const own: ToldField[] = [];
    let at = from;
    for (;;) {
      const one = fieldAt(written.slice(at), noun, fields, operation, quotes);
      if (one === undefined) break;
      if (!isTelling(one.field, operation, written.slice(0, match.index), written.slice(at + one.length)))
        break;
      own.push(one.told);
      at += one.length;
      const and = AND.exec(written.slice(at))?.[0];
      if (
        and === undefined ||
        fieldAt(written.slice(at + and.length), noun, fields, operation, quotes) === undefined
      )
        break;
      at += and.length;
    }
    if (own.length === 0) continue;
    told.push(...own);
    read = at;
    rest = rest.replace(written.slice(start, at), "");
  }
  return { told, rest };
}

/** Whether an operation changes or removes a thing that there is. */
const actsOnOne = (operation: Operation): boolean => {
  const { isAction, verbClass } = subjectOf(operation);
  return isAction || verbClass === "update" || isRemoval(operation);
};

/** The fields that are known of the things of a noun; undefined where an operation makes such a thing. */
function fieldsOf(noun: string, operation: Operation, { operations }: OperationCatalog): Field[] | undefined {
  const subject = subjectOf(operation);
  const isOfNoun = (one: Operation): boolean => resultNouns(subjectOf(one)).some((own) => areKin(own, noun));
  const list = operations.find(
    (one) => one.target === operation.target && one.list !== undefined && !one.writes && isOfNoun(one),
  );
  const makes = subject.verbClass === "create" && !subject.isAction;
  const { collection } = list === undefined ? subject : subjectOf(list);
  if (makes && (list === undefined || collection === subject.collection)) return undefined;
  const isOfSame = (one: Operation): boolean =>
    one === list || (collection !== "" && subjectOf(one).collection === collection);
  return operations
    .filter((one) => one.target === operation.target && isOfSame(one) && !subjectOf(one).isAction)
    .flatMap(({ inputs, answers }) => [...inputs.filter((field) => field.in === "body"), ...answers]);
}

/** Words, and what separates them from what stands behind. */
const lengthOf = (count: number): RegExp => new RegExp(`^(?:\\S+\\s+){${count}}`);

interface FieldAt {
  told: ToldField;
  /** Whether the operation has an input of that name. */
  field: Field | undefined;
  length: number;
}

/** The field and its value at the beginning of a text. */
function fieldAt(
  text: string,
  noun: string,
  fields: readonly Field[],
  operation: Operation,
  quotes: MarkedGoal["quotes"],
): FieldAt | undefined {
  const article = ARTICLE.exec(text)?.[0] ?? "";
  const words =
    /^(?:\p{Ll}[\p{L}-]*\s+){1,3}/u.exec(text.slice(article.length))?.[0].trim().split(/\s+/) ?? [];
  for (let count = words.length; count > 0; count -= 1) {
    const name = words.slice(0, count);
    const said = article.length + (lengthOf(count).exec(text.slice(article.length))?.[0].length ?? 0);
    const behind = text.slice(said);
    const named = fields.filter((field) => isNamedBy(field, name.map(plain)));
    const value = optionAt(behind, named) ?? VALUE.exec(behind);
    const given = value?.[1] ?? "";
    if (value === null || given === "" || STOP.has(given)) continue;
    if (!END.test(behind.slice(value[0].length))) continue;
    const quote = /^quoted(\d+)$/.exec(given)?.[1];
    const own = quote === undefined ? given : (quotes[Number(quote)]?.text ?? "");
    if (own === "" || own.includes("{{") || !isToldBy(name, named, own, noun)) continue;
    if (
      named.length === 0 &&
      !isUnknownField(name, own, article !== "" && quote !== undefined, noun, operation)
    )
      continue;
    return {
      told: {
        noun,
        name: name.join(" "),
        leaves: [...new Set(named.map(({ leaf }) => leaf))],
        value: own,
        said: `${name.join(" ")} ${own}`,
      },
      field: operation.inputs.find(
        (field) => (field.in === "body" || field.in === "query") && isNamedBy(field, name.map(plain)),
      ),
      length: said + value[0].length,
    };
  }
  return undefined;
}

/** An option of several words that a text begins with. */
function optionAt(text: string, fields: readonly Field[]): RegExpExecArray | undefined {
  for (const option of fields.flatMap((field) => field.enum ?? [])) {
    const words = plain(String(option));
    const found = words.includes(" ")
      ? new RegExp(`^(${words.replaceAll(" ", "[ _-]")})`, "i").exec(text)
      : null;
    if (found !== null) return found;
  }
  return undefined;
}

/** Whether fields identify a thing by a value. Its name, its number, its day and its owner do so in other ways, which other code reads. */
function isToldBy(name: readonly string[], fields: readonly Field[], value: string, noun: string): boolean {
  const [last = ""] = name.slice(-1);
  if (name.length === 1 && LABEL.test(last)) return false;
  // `The order with the order number 7`.
  if (LABEL.test(last) && name.slice(0, -1).every((word) => areKin(stem(word), noun))) return false;
  return !fields.some(
    (field) =>
      (isNameText(field) && isText(field)) ||
      isDayOfThing(field) ||
      isTimeOfThing(field) ||
      // `With the musher Aila Niemi`: who has the name is found by it.
      (/^\p{Lu}\p{Ll}/u.test(value) && isReference(field) && !/\d/.test(value)),
  );
}

/** Whether a clause tells a thing by a field that no document has: it is given as a text, or as a number of its own kind. */
function isUnknownField(
  name: readonly string[],
  value: string,
  isQuoted: boolean,
  noun: string,
  { inputs }: Operation,
): boolean {
  if (name.length > 1 && NUMBER_LABEL.test(name.at(-1) ?? "") && /^\d+$/.test(value))
    return !areKin(stem(name[0] ?? ""), noun) && !inputs.some((field) => field.in === "body");
  return (
    isQuoted && !inputs.some((field) => field.in === "body" && isText(field) && field.enum === undefined)
  );
}

/** Whether a field says which thing is meant, although the operation could be sent a value for it: `the class of the entry with ... to C4`. */
function isTelling(field: Field | undefined, operation: Operation, before: string, behind: string): boolean {
  if (field === undefined) return true;
  if (
    operation.method !== "PATCH" &&
    operation.method !== "PUT" &&
    subjectOf(operation).verbClass !== "update"
  )
    return false;
  return (
    /^(?:(?:\s+and\s.*?)?\s+(?:to|by|with)\s|,\s*\S)/.test(behind) || /\b(?:of|for|on)\s*$/i.test(before)
  );
}
