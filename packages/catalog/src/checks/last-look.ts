import { isPlainIdName } from "@ape/core/protocol/id-name";
import { choiceConstraints } from "../goal/choice-constraints.ts";
import type { Clause } from "../goal/clause.ts";
import { isWordOf } from "../goal/phrases/named-thing.ts";
import { nounWanted } from "../goal/phrases/noun-wanted.ts";
import { thingNamed } from "../goal/phrases/thing-name.ts";
import { type Field, isNameText, isReference } from "../operations/field.ts";
import { collectionPath, withoutItem } from "../operations/made-resource.ts";
import type { Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { plain, stem } from "../words/words.ts";
import type { CheckDraft } from "./check-draft.ts";
import type { GoalPart } from "./goal-parts.ts";

/**
 * The only proof of a goal that changes nothing: its last read.
 * @param name writes an operation as checks name it
 */
export function lastLook(
  parts: readonly GoalPart[],
  catalog: OperationCatalog,
  name: (operation: Pick<Operation, "target" | "key">) => string,
): { why: string; check: CheckDraft; proves: readonly string[] }[] {
  const part = parts.findLast(({ kind, operation }) => kind === "look" && operation !== undefined);
  if (part?.operation === undefined) return [];
  const { clause } = part;
  const operation = pageOfOne(part.operation, clause, catalog);
  const isPage = catalog.web.includes(operation.target);
  const text =
    nameLookedFor(operation, clause, isPage, catalog) ??
    (isPage ? nounWanted(clause) : optionLookedFor(operation, clause));
  return [
    {
      why: `"${part.text}": the goal changes nothing, so only this read shows that it was followed`,
      check: {
        action: {
          operation: name(looked(part, operation, catalog)),
          status: "2xx",
          ...(text === undefined ? {} : { text: { contains: text } }),
        },
      },
      proves: [part.text],
    },
  ];
}

/** One thing of a web application is seen on its own page, and not in the list that leads there. */
function pageOfOne(
  operation: Operation,
  { plural, verb, text }: Clause,
  { operations, web }: OperationCatalog,
): Operation {
  if (!web.includes(operation.target) || plural || !(verb === "~show" || ONE.test(text))) return operation;
  const { target, call } = operation;
  const path = collectionPath(operation.path);
  return (
    operations.find(
      (other) =>
        other.target === target &&
        other.call === call &&
        other.path !== operation.path &&
        other.path.endsWith("}") &&
        withoutItem(other.path) === path,
    ) ?? operation
  );
}

/** A text about one thing: `the guide about tyres`. */
const ONE = /\b(?:open|read|view|show|see) (?:it|the|that|this|an?|my)\b/i;

/** The name of what is looked for, where the answer or the page says what it is of. A text alone may be words to search by. */
function nameLookedFor(
  operation: Operation,
  clause: Clause,
  isPage: boolean,
  catalog: OperationCatalog,
): string | undefined {
  const name = thingNamed(clause);
  if (name === undefined || isPage) return name?.text;
  const isTerm = name.nouns.length === 0 && clause.quoted.includes(name.text);
  const isShown = operation.answers.some((field) => isNameText(field) || isReference(field));
  if (isTerm || !isShown || isWordOf(name, operation)) return undefined;
  const isOfOther =
    name.of || clause.names.some(({ text, preposition }) => text === name.text && preposition !== "");
  return isOfOther && showsIdsOfOthers(operation, catalog) ? undefined : name.text;
}

/** The option that the one thing has which is looked for, where the list shows it: `red` of `find a red volcano`. */
function optionLookedFor(operation: Operation, clause: Clause): string | undefined {
  const { list, inputs } = operation;
  if (!clause.indefinite || list === undefined) return undefined;
  const values = choiceConstraints({ operation, clause, bindings: new Map() }, []);
  return inputs.flatMap((input) => {
    const value = input.enum === undefined ? undefined : values.get(input);
    const isShown = list.fields.some((field) => withinItem(field) === input.leaf);
    return typeof value === "string" && isShown ? value : [];
  })[0];
}

/**
 * Whether an answer shows what its things are of by ids or codes alone: the bulletins about Askell have `"volcano": "ASK"`, and
 * its name is in no answer.
 */
function showsIdsOfOthers(operation: Operation, { operations }: OperationCatalog): boolean {
  const fields = operation.list?.fields ?? operation.answers;
  if (fields.some((field) => isNameText(field) && withinItem(field).includes("."))) return false;
  return fields.some(
    (field) =>
      !withinItem(field).includes(".") &&
      (isReference(field)
        ? !isPlainIdName(field.leaf)
        : operations.some((other) => listsByCode(other, field, operation))),
  );
}

/** A field's name within an item of a list: `site.name` of `items[].site.name`. */
const withinItem = ({ name }: Field): string => name.slice(name.lastIndexOf("[]") + 1).replace(/^\]?\./, "");

/** Whether an operation lists things with codes that a field of other things is called after. */
const listsByCode = ({ target, list, writes, path }: Operation, { leaf }: Field, own: Operation): boolean =>
  target === own.target &&
  !writes &&
  path !== own.path &&
  list?.fields.some((field) => CODE.test(field.leaf)) === true &&
  stem(plain(path.split("/").at(-1) ?? "")) === stem(plain(leaf));
const CODE = /^(?:code|key|tag|slug|symbol|ref|reference|sku)$/i;

/** Several things are seen in their list, even where the document does not say that it is one. */
function looked(
  { clause, madeBy }: GoalPart,
  operation: Operation,
  { operations }: OperationCatalog,
): Operation {
  const collection = withoutItem(operation.path);
  if (!clause.plural || madeBy !== undefined || collection === operation.path) return operation;
  const { target, call } = operation;
  return (
    operations.find((other) => other.target === target && other.call === call && other.path === collection) ??
    operation
  );
}
