import { isMethod } from "@ape/core/protocol/operations/operation";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import type { Clause } from "../../goal/clause.ts";
import { isKindOfThing } from "../../goal/phrases/numbered-thing.ts";
import type { ToldThing } from "../../goal/things/told-things.ts";
import { type Field, isLoginName, isNameText } from "../../operations/field.ts";
import { collectionPath, withoutItem } from "../../operations/made-resource.ts";
import type { OperationCatalog } from "../../operations/operation-catalog.ts";
import { isRemoval, resultNouns, subjectOf } from "../../operations/operation-subject.ts";
import { isAgentNoun } from "../../words/agent-noun.ts";
import { mainNouns } from "../../words/object-phrase.ts";
import { areKin } from "../../words/thesaurus.ts";
import { meaningOf, plain, stem } from "../../words/words.ts";
import type { ChangePart } from "../goal-parts.ts";
import { makesThing } from "../made-thing.ts";
import { readOfThing, type ThingRead } from "../thing-read.ts";
import { thingsTold } from "./clauses-about.ts";
import { parameterOf } from "./path-things.ts";
import { referencesOf } from "./references.ts";
import { hasOtherNumber, isCode, isCodeField, isFreeText, tells } from "./telling-fields.ts";

/** What shows that a part was about the very things that the goal names. */
export interface IdentityDemands {
  /** Reads of these things by their ids, and what each must show; of a list the field of the entry that must show it. */
  reads: { read: ThingRead; text: string; field?: Field }[];
  /** Ids in the part's own answer: `hearingId` is 21. */
  ids: Map<Field, number>;
  /** The parameters of the part's path that are numbers or codes of the goal. */
  fixed: { field: Field; text: string }[];
}

/** A thing that a part may be about, by the read that shows it. */
interface Candidate {
  read: ThingRead;
  /** The part acts on it; else its answer or its path has the id of it. */
  isOwn: boolean;
}

/** What the checks of a part can demand of the things that the goal names; nothing where it acts on what the goal itself has made. */
export function identityDemands(part: ChangePart, catalog: OperationCatalog): IdentityDemands {
  const demands: IdentityDemands = { reads: [], ids: new Map(), fixed: [] };
  const { operation, madeBy, about } = part;
  if (madeBy !== undefined || !isMethod(operation.call)) return demands;
  const candidates = [
    ...ownOf(part, catalog),
    ...referencesOf(part, catalog).map((read) => ({ read, isOwn: false })),
  ];
  const given = [...part.values.values()].flat().map((value) => plain(String(value)));
  for (const clause of about)
    for (const told of thingsTold(clause)) {
      if (given.some((value) => ` ${value} `.includes(` ${plain(told.text)} `))) continue;
      if (told.isNumber && demandNumber(told, part, candidates, demands)) continue;
      const candidate = told.isNumber ? undefined : candidateOf(told, part, clause, candidates, catalog);
      if (candidate !== undefined) demands.reads.push(shownBy(candidate.read, told.text));
      else demandInPath(told, part, catalog, demands);
    }
  return demands;
}

/** What a read must show of a name: a list in the field of its entry that has names. */
function shownBy(read: ThingRead, text: string): IdentityDemands["reads"][number] {
  const field = read.isList ? nameFieldOf(read, text) : undefined;
  return { read, text, ...(field === undefined ? {} : { field }) };
}

/** The one field of a list's entries that can hold a text, beside names by which persons sign in. */
function nameFieldOf({ fields }: ThingRead, text: string): Field | undefined {
  const named = fields.filter(isCode(text) ? isCodeField : (field) => isNameText(field) && isFreeText(field));
  const [only, ...others] = named.filter((field) => named.length === 1 || !isLoginName(field));
  return others.length === 0 ? only : undefined;
}

/** Demands a number as the id that the part's path or answer has; returns whether one of them can be that. */
function demandNumber(
  told: ToldThing,
  { operation }: ChangePart,
  candidates: readonly Candidate[],
  { fixed, ids }: IdentityDemands,
): boolean {
  const candidate = candidates.find((one) => isKindOf(one, told, one.isOwn));
  if (candidate === undefined || hasOtherNumber(candidate.read.fields)) return false;
  const field = candidate.isOwn
    ? operation.inputs.findLast(({ in: place }) => place === "path")
    : candidate.read.idField;
  if (field === undefined) return false;
  if (field.in === "path") fix(fixed, field, told.text);
  else ids.set(field, Number(told.text));
  return true;
}

/** Demands a number or a code in the path, where that is of such a thing: `DELETE /trips/206/members/{memberId}`. */
function demandInPath(
  told: ToldThing,
  { operation }: ChangePart,
  catalog: OperationCatalog,
  { fixed }: IdentityDemands,
): void {
  const field = parameterOf(told, operation, catalog);
  if (field !== undefined) fix(fixed, field, told.text);
}

function fix(fixed: IdentityDemands["fixed"], field: Field, text: string): void {
  if (!fixed.some((one) => one.field === field)) fixed.push({ field, text });
}

/** The thing that a part acts on. */
function ownOf(part: ChangePart, catalog: OperationCatalog): Candidate[] {
  const read = readOfThing(part.operation, catalog);
  return read === undefined || read.isList || makesThing(part.operation) ? [] : [{ read, isOwn: true }];
}

const nounsOf = ({ read }: Candidate): readonly string[] => resultNouns(subjectOf(read.operation));

const isKindOf = (candidate: Candidate, { noun }: ToldThing, otherwise: boolean): boolean =>
  noun === undefined ? otherwise : nounsOf(candidate).some((own) => areKin(own, noun));

/** Which of the candidates has a name: the one of the noun before it, else the only one that has names at all. */
function candidateOf(
  told: ToldThing,
  part: ChangePart,
  clause: Clause,
  candidates: readonly Candidate[],
  { operations }: OperationCatalog,
): Candidate | undefined {
  const { operation, values } = part;
  // In `the rate of Leyla Demir` the name is that of the thing, in `the order of Mara Lind` that of another one.
  const isOfField = (own: Candidate): boolean =>
    !mainNouns(clause).some((noun) => nounsOf(own).some((one) => areKin(one, noun)));
  const mayShow = ({ isOwn }: Candidate): boolean =>
    !(isOwn && (isRemoval(operation) || [...values.keys()].some(isNameText)));
  const named = candidates.find((one) => told.noun !== undefined && isKindOf(one, told, false));
  const canShow = ({ read }: Candidate): boolean =>
    read.isList ? nameFieldOf(read, told.text) !== undefined : read.fields.some(isFreeText);
  if (named !== undefined) return mayShow(named) && canShow(named) ? named : undefined;
  // What was looked for as a thing of one kind is none of another kind: `find the user Bob, add him to a board`.
  const isOfOther = candidates.some((one) => one.isOwn) || clause !== part.clause;
  if (told.noun !== undefined && (isOfOther || isKindOfThing(told.noun, operations))) return undefined;
  // `Enrol for a course as Mia Lang`: a person is no course.
  const mayBe = (one: Candidate): boolean =>
    one.isOwn ||
    (isOfPersons(one) ? PERSONS.test(told.preposition) : told.preposition === "" && !PERSON.test(told.text));
  // A code is what a tag or a number shows, and no first name.
  const hasName = isCode(told.text)
    ? (field: Field) => tells(field) && !NAME_OF_PERSON.test(plain(field.leaf))
    : (field: Field) => isNameText(field) && isFreeText(field);
  const [only, ...others] = candidates.filter(
    (one) => one.read.fields.some(hasName) && (!one.isOwn || isOfField(one)) && mayBe(one),
  );
  return only !== undefined && others.length === 0 && mayShow(only) ? only : undefined;
}

/** Whether things of a path are persons: `/interpreters/{id}`, `/members/{id}`. */
function isOfPersons({ read }: Candidate): boolean {
  const noun = lastPart(withoutItem(collectionPath(read.operation.path))).replace(/s$/, "");
  return isAgentNoun(noun) || meaningOf(stem(plain(noun))) === "~person";
}

const NAME_OF_PERSON = /\b(?:full|first|last|family|given|user) name\b/;
/** What stands before a person for whom or with whom something is done. */
const PERSONS = /^(?:|to|for|with|of)$/;
/** What may be the name of a person. */
const PERSON = /^\p{Lu}[\p{L}'’.-]+(?: \p{L}[\p{L}'’.-]*)* \p{Lu}[\p{L}'’-]+$/u;
