import { isMethod } from "@ape/core/protocol/operations/operation";
import type { Clause } from "../goal/clause.ts";
import { namesField } from "../goal/phrases/named-field.ts";
import { collectionPath, namesMade } from "../operations/made-resource.ts";
import type { Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { listedLast, operationFor } from "../operations/operation-match.ts";
import { isRemoval, subjectOf } from "../operations/operation-subject.ts";
import { takingOperation } from "../operations/taking-operation.ts";
import { isPaying } from "../operations/verbs/paying.ts";
import { changeByAmount, changedNumber } from "./change-by-amount.ts";
import { makesThing } from "./made-thing.ts";

/** The operation of a clause; a read does not serve one whose verb changes something. */
export function servingOperation(
  clause: Clause,
  catalog: OperationCatalog,
  before: readonly Operation[],
  earlier: readonly Clause[],
): Operation | undefined {
  const best = operationFor(clause, catalog, before, earlier);
  if (isReversal(clause) && (best === undefined || !best.writes || before.includes(best)))
    return reversing(before, catalog);
  // What was made is not made again to change one of its numbers.
  const update =
    best && before.includes(best) && makesThing(best) ? changing(clause, best, catalog) : undefined;
  if (update !== undefined) return update;
  const found = best === undefined ? undefined : (makerBefore(clause, best, catalog, before) ?? best);
  const named = found && formOf(clause, found, catalog);
  if (named !== undefined) return named;
  const form = found?.writes === true ? undefined : formWithField(clause, catalog);
  if (form !== undefined) return form;
  if (found === undefined || found.writes || !CHANGING.has(clause.verb ?? "")) return found;
  const listed = listedLast(before);
  // The verb may be near to the name of what it makes: `reserve a cabin` takes no reservation.
  return takingOperation({ ...clause, weights: clause.object.nouns }, catalog, listed);
}

/**
 * The operation that makes the thing on which `found` acts, where nothing has made or listed one: `book a flat` is no
 * `POST /bookings/{id}/confirm`.
 */
function makerBefore(
  clause: Clause,
  found: Operation,
  { operations }: OperationCatalog,
  before: readonly Operation[],
): Operation | undefined {
  const { verb, text } = clause;
  if (verb === undefined || !TAKING.has(verb) || found.method !== "POST") return undefined;
  // What is paid for, or is one's own, is there.
  if (isPaying(clause) || /\b(?:my|our)\b/i.test(text)) return undefined;
  // `Reserve seats` makes a reservation of a show, and not the show.
  const { isAction, verbClass } = subjectOf(found);
  if (!isAction && verbClass === "create") return undefined;
  const ids = found.inputs.filter((field) => field.in === "path");
  const isMaker = (making: Operation): boolean => ids.some((field) => namesMade(field, found, making));
  const maker = operations.find((making) => making !== found && makesThing(making) && isMaker(making));
  if (maker === undefined) return undefined;
  const { collection } = subjectOf(maker);
  return before.some((other) => subjectOf(other).collection === collection) ? undefined : maker;
}

/** Verbs by which something is made of a thing that was there before. */
const TAKING = new Set(["~buy", "~reserve", "~register"]);

/** Verbs that no read serves. `~add` and `~confirm` are left out: forms and pages are opened by them too. */
const CHANGING = new Set(["~buy", "~reserve", "~create", "~remove", "~update"]);

/**
 * The form of a page that a clause names, where the page is opened to send it: both say the same of themselves, or the form is sent to
 * the page's own path.
 */
function formOf(
  { verb, acts }: Clause,
  page: Operation,
  { operations, web }: OperationCatalog,
): Operation | undefined {
  if (page.writes || verb === "~find" || verb === "~show" || !web.includes(page.target)) return undefined;
  const forms = operations.filter(({ target, writes, login }) => target === page.target && writes && !login);
  return (
    forms.find(({ summary }) => summary !== "" && page.summary.startsWith(summary)) ??
    (acts || verb !== undefined ? forms.find(({ path }) => path === page.path && path !== "/") : undefined)
  );
}

/** The only form of a web application with the field that a clause changes: the one of a profile for `change my phone number`. */
function formWithField(clause: Clause, { operations, web }: OperationCatalog): Operation | undefined {
  if (clause.verb !== "~update" || clause.object.nouns.size === 0) return undefined;
  const [only, ...others] = operations.filter(
    ({ target, writes, login, inputs }) =>
      writes &&
      !login &&
      web.includes(target) &&
      inputs.some((field) => namesField(clause, field.nameTokens, field.textTokens)),
  );
  return others.length > 0 ? undefined : only;
}

/** Whether a clause takes back what one before it did: `give it back`, `undo it`. */
export const isReversal = ({ text }: Clause): boolean => REVERSAL.test(text);
const REVERSAL = /\b(?:take|give|hand|bring|call|pull|send)s?\b(?: [a-z]+){1,3} back\b|\b(?:undo|revert)\b/i;

/** The operation that takes back what was made last: a removal of it, or an action on it that removes by its words. */
function reversing(before: readonly Operation[], { operations }: OperationCatalog): Operation | undefined {
  const made = before.findLast(makesThing);
  // What was removed is not removed again to bring it back.
  if (made === undefined || isRemoval(before.findLast(({ writes }) => writes))) return undefined;
  const { collection } = subjectOf(made);
  const acting = operations.filter(
    (operation) =>
      operation.target === made.target &&
      operation.writes &&
      isMethod(operation.call) &&
      subjectOf(operation).collection === collection,
  );
  return (
    acting.find((one) => subjectOf(one).isAction && subjectOf(one).verbClass === "delete") ??
    acting.find(({ method, path }) => method === "DELETE" && collectionPath(path).endsWith("}"))
  );
}

/** The update of what was made before, where a clause only adds to one of its numbers: `add 2 more seats`. */
function changing(clause: Clause, made: Operation, { operations }: OperationCatalog): Operation | undefined {
  const relative = changeByAmount(clause);
  if (relative === undefined) return undefined;
  const { collection } = subjectOf(made);
  return operations.find(
    (operation) =>
      operation !== made &&
      operation.target === made.target &&
      operation.writes &&
      operation.method !== "DELETE" &&
      subjectOf(operation).collection === collection &&
      operation.inputs.some(({ in: place }) => place === "path") &&
      changedNumber(
        operation.inputs.filter(({ in: place }) => place === "body"),
        relative,
      ) !== undefined,
  );
}
