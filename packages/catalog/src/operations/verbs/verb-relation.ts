import { isMethod } from "@ape/core/protocol/operations/operation";
import { pathWords } from "@ape/core/protocol/operations/path-words";
import type { Clause } from "../../goal/clause.ts";
import { VERB_CLASSES, type VerbClass } from "../../words/lexicon.ts";
import { isMostlyVerb } from "../../words/verb-words.ts";
import { meaningOf, stem, tokens } from "../../words/words.ts";
import { changedFields } from "../changed-fields.ts";
import { isTakingOf } from "../name-of-made.ts";
import type { Agreement } from "../operation-agreement.ts";
import type { Operation } from "../operation-catalog.ts";
import { isPurchase, resultNouns, subjectOf } from "../operation-subject.ts";
import { isPaying, isPayment } from "./paying.ts";
import { isPlainly } from "./plain-verb.ts";

/** Verbs that say what happens to a session: where nothing is called so, other rules decide. */
const OF_SESSIONS: ReadonlySet<string> = new Set(["~login", "~logout", "~register"]);
const EMPTIES: ReadonlySet<string> = new Set(["empty", "clear"].map(stem));
/** The path of a thing that is in no other. */
const ONE_THING = /^[^{}]*\{[^{}]*\}$/;
const MAKE = stem("make");
/** Verbs with what they set or make as their object: `change the address`, `request a refund`. */
const WITH_OBJECT: ReadonlySet<VerbClass | undefined> = new Set(["update", "create"]);

/**
 * Whether the verb of a clause has anything to do with what an operation does to a thing. That both are about the same thing is no
 * reason to call it: where the only thing that can be done to a boat is to archive it, `rent it`, `paint it` and `change it` are
 * not served.
 */
export function servesVerb(clause: Clause, operation: Operation, agreement: Agreement): boolean {
  const { verb, lead } = clause;
  if (!operation.writes || lead === undefined || (verb !== undefined && OF_SESSIONS.has(verb))) return true;
  // Who is paid for an assignment has it already: a payment, or a checkout, is what is made.
  if (isPaying(clause) && operation.verb !== "~buy" && ![...operation.weights.keys()].some(isPayment))
    return false;
  if (makesPlace(clause, operation)) return false;
  if (agreement.verb > 0 || agreement.updates || agreement.moves) return true;
  // To reserve a plot adds no crop to it.
  const { verbClass } = subjectOf(operation);
  if (verb === "~reserve" && (operation.verb === "~add" || verbClass === "update" || verbClass === "delete"))
    return false;
  // To empty a cart throws none away.
  if (EMPTIES.has(lead) && operation.method === "DELETE" && ONE_THING.test(operation.path)) return false;
  // `Make table 4 public` makes nothing.
  if (lead === MAKE && verb === "~create" && clause.wanted !== undefined && stem(clause.wanted.word) !== lead)
    return false;
  if (verb === "~update" && !isPlainly(lead, verb) && !clause.caused)
    return isUpdate(operation) && changedFields(clause, operation).length > 0;
  const done = doneBy(operation);
  // `Moves an order to cancelled` says what the operation does, too.
  if (done.length === 0 || verb === undefined || operation.head.has(verb)) return true;
  const ofClause = VERB_CLASSES.get(verb);
  if (WITH_OBJECT.has(ofClause) && done.some((word) => clause.object.nouns.has(word))) return true;
  if (ofClause === "delete") return subjectOf(operation).verbClass === "delete";
  if (verb === "~buy" && done.some(isPurchase)) return true;
  if (done.some((word) => isTakingOf(clause, word))) return true;
  return done.some((word) => meaningOf(word) === verb);
}

/** Whether an operation makes the very thing that a clause puts something on: `put a note on his assignment` makes no assignment, `send Omar to the lift TK 4` no lift. */
function makesPlace({ text, object, names }: Clause, operation: Operation): boolean {
  const found = PLACE.exec(text);
  const place = found?.[1] ?? found?.[2];
  if (place === undefined || operation.method !== "POST" || operation.path.includes("{")) return false;
  const noun = stem(place);
  // Behind a name that the verb acts on the noun of the place is none of its object.
  const isObject = object.nouns.has(noun) && !names.some(({ preposition }) => preposition === "");
  return !isObject && resultNouns(subjectOf(operation)).includes(noun);
}
const PLACE =
  /\b(?:on|to|into|onto)\s+(?:(?:his|her|its|their|my|our)\s+(\p{Ll}+)(?=[.,;]|\s*$)|the\s+(\p{Ll}+)(?=\s+[\p{Lu}\p{N}]))/u;

const isUpdate = ({ method, path }: Operation): boolean =>
  (method === "PATCH" || method === "PUT") && !isMostlyVerb(pathWords(path).action ?? "");

/** Stems of the verbs of an operation that does something of its own to a thing; empty for one that makes, changes or removes it. */
function doneBy(operation: Operation): readonly string[] {
  const { verbs, verbClass, actsOn, isAction } = subjectOf(operation);
  if (!isMethod(operation.call))
    return operation.call === "mutation" && actsOn.size > 0 && verbClass === undefined ? [...verbs] : [];
  const { action } = pathWords(operation.path);
  if (action === undefined || !(isAction || isMostlyVerb(action))) return [];
  return [...verbs, ...tokens(action)];
}
