import { withoutIdSuffix } from "@ape/core/protocol/id-name";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import { makesThing } from "../../checks/made-thing.ts";
import { placeNamed } from "../../operations/changed-fields.ts";
import { type Field, isNameText, isReference, isText, isWhereabouts } from "../../operations/field.ts";
import type { Operation, OperationCatalog } from "../../operations/operation-catalog.ts";
import { operationFor } from "../../operations/operation-match.ts";
import { ownNouns, resultNouns, subjectOf } from "../../operations/operation-subject.ts";
import { mainNouns } from "../../words/object-phrase.ts";
import { areKin, verbOfNoun } from "../../words/thesaurus.ts";
import { plain, stem, stemsOf } from "../../words/words.ts";
import { type Clause, clauseOf } from "../clause.ts";
import { marked } from "../goal-text.ts";
import { changeOfMove, isMove, placeMovedTo, remakes } from "../phrases/move.ts";
import { isDayOfThing, isTimeOfThing } from "../times/days-of-choice.ts";
import { assignedThings } from "./assigned-thing.ts";
import { type NotedText, namesOf, notedText } from "./noted-text.ts";
import { type SaidFact, saidFact } from "./said-fact.ts";
import { isFlagCalled, saidFlags } from "./said-flag.ts";

/** Stands for a text that is none of the goal's quoted ones. */
const NEW_TEXT = "{text}";

/** What else a clause may be read as, and which operations serve it so. */
interface Reading {
  written: string;
  /** A text that the clause has not in quotation marks. */
  text?: string;
  serves: (operation: Operation, clause: Clause) => boolean;
}

/**
 * Clauses in the words of a change, where that is what is here: what moves a thing to another day or place, puts a text on it, or
 * wants something to be written down of it.
 */
export function asChanges(clauses: readonly Clause[], catalog: OperationCatalog): Clause[] {
  const isRead = (clause: Clause): boolean =>
    isMove(clause) || readingsOf(clause, catalog).length > 0 || flagReadings(clause, catalog).length > 0;
  if (!clauses.some(isRead)) return [...clauses];
  const { quotes } = marked(clauses.map(({ said }) => said).join("\n"));
  const before: Operation[] = [];
  const found: Clause[] = [];
  for (const [at, clause] of clauses.entries()) {
    const earlier = clauses.slice(0, at);
    const own = clause.active ? operationFor(clause, catalog, before, earlier) : undefined;
    let [taken, served] = [clause, own];
    for (const { written, text, serves } of readings(clause, own, catalog)) {
      const all = text === undefined ? quotes : [...quotes, { text, written: text }];
      const read = {
        ...clauseOf(written.replace(NEW_TEXT, `quoted${quotes.length}`), catalog.verbs, all, earlier.at(-1)),
        said: clause.said,
        ...(clause.told === undefined ? {} : { told: clause.told }),
        quoted: text === undefined ? clause.quoted : [text],
        ...(text === undefined ? {} : { dates: clause.dates, times: clause.times }),
      };
      const operation = operationFor(read, catalog, before, earlier);
      if (operation === undefined || !serves(operation, read)) continue;
      [taken, served] = [read, operation];
      break;
    }
    found.push(taken);
    if (served !== undefined && !served.login) before.push(served);
  }
  return found;
}

function readings(clause: Clause, own: Operation | undefined, catalog: OperationCatalog): readonly Reading[] {
  if (isMove(clause))
    return own?.writes !== true || remakes(own, clause)
      ? [
          ...placed(clause),
          ...located(clause, catalog),
          { written: changeOfMove(clause.written), serves: takesChange },
        ]
      : [];
  const fact = clause.active ? saidFact(clause.written) : undefined;
  // The sentence is the text of what is made: `note that the boiler leaks`, `POST /boilers/{id}/notes`.
  if (fact !== undefined && own?.writes === true && !isChange(own))
    return [
      ...optionReadings(fact, own),
      ...["note", ...ownNouns(subjectOf(own))].map((noun) => ({
        written: `add the ${noun} ${NEW_TEXT} to ${fact.thing}`,
        text: fact.sentence,
        serves: (operation: Operation) => operation === own,
      })),
    ];
  const flags = own === undefined || makesThing(own) ? flagReadings(clause, catalog) : [];
  if (flags.length > 0) return flags;
  return readingsOf(clause, catalog).filter(
    () =>
      own?.writes !== true || fact !== undefined || !isCalledSo(own, clause) || makesAssigned(own, clause),
  );
}

/** What is made of a fact that names an option of it: `record that Grim is lame`, `POST /checks` with a `result`. */
function optionReadings({ thing, value }: SaidFact, own: Operation): Reading[] {
  const noun = singularOf(own);
  if (noun === "") return [];
  return own.inputs.flatMap(({ in: place, leaf, enum: options = [] }) => {
    const option = options.find(
      (one) => typeof one === "string" && ` ${plain(value)} `.startsWith(` ${plain(one)} `),
    );
    return place === "body" && option !== undefined
      ? [
          {
            written: `record a ${noun} of ${thing} with ${plain(leaf)} ${value}`,
            serves: (operation: Operation) => operation === own,
          },
        ]
      : [];
  });
}

const singularOf = (operation: Operation): string => {
  const name = plain(lastPart(subjectOf(operation).collection));
  return /[^s]s$/.test(name) ? name.slice(0, -1) : name;
};

const readingsOf = (clause: Clause, catalog: OperationCatalog): readonly Reading[] => {
  if (!clause.active) return [];
  const noted = notedText(clause.written);
  const assigned = assignmentReadings(clause.written, catalog);
  if (noted !== undefined || assigned.length > 0)
    return [...assigned, ...(noted === undefined ? [] : noteReadings(noted))];
  const fact = saidFact(clause.written);
  return fact === undefined ? [] : factReadings(fact, catalog);
};

/** A state in which a clause brings a thing with a name, for a field that is true or false: `make Ida Lund unavailable`. */
const flagReadings = ({ active, written }: Clause, { operations }: OperationCatalog): Reading[] =>
  (active ? saidFlags(written) : []).flatMap(({ thing, word, isSo }) => {
    const fields = operations
      .filter(isChange)
      .flatMap(({ inputs }) => inputs.filter((field) => field.in === "body" && isFlagCalled(field, word)));
    return [...new Set(fields.map(({ leaf }) => plain(leaf)))].map((name) => ({
      written: ofThing(name, thing, String(isSo)),
      serves: (operation: Operation) => changes(operation, (field) => isFlagCalled(field, word)),
    }));
  });

/** Whether what an operation makes has the very noun of what a clause puts somewhere, or one that means the same. */
function isCalledSo(operation: Operation, clause: Clause): boolean {
  const nouns = notedText(clause.written)?.nouns ?? [];
  const own = ownNouns(subjectOf(operation));
  return (
    nouns.length === 0 ||
    nouns.some((noun) => own.includes(stem(noun)) || own.some((one) => areKin(one, stem(noun))))
  );
}

/** Whether an operation would make another one of the very thing that a clause assigns or is assigned to: `put Ann on the job`. */
const makesAssigned = (own: Operation, clause: Clause): boolean =>
  !clause.indefinite &&
  makesThing(own) &&
  mainNouns(clause).some((noun) => resultNouns(subjectOf(own)).includes(noun)) &&
  assignedThings(clause.written).length > 0;

const ofThing = (noun: string, thing: string, value: string): string =>
  /^(?:it|them)$/i.test(thing) ? `set its ${noun} to ${value}` : `set the ${noun} of ${thing} to ${value}`;

const noteReadings = ({ nouns, text, thing }: NotedText): Reading[] =>
  nouns.map((noun) => ({
    written: ofThing(noun, thing, text),
    serves: (operation) => changes(operation, (field) => isText(field) && isNamed(field, noun)),
  }));

function factReadings(
  { sentence, thing, property, verb, value }: SaidFact,
  catalog: OperationCatalog,
): Reading[] {
  const names = property === undefined ? fieldsOfVerb(verb, catalog) : [property];
  return [
    ...names.map((name) => ({
      written: ofThing(name, thing, value),
      serves: (operation: Operation) => changes(operation, (field) => isNamed(field, name)),
    })),
    ...namesOf("note").map((noun) => ({
      written: ofThing(noun, thing, NEW_TEXT),
      text: sentence,
      serves: (operation: Operation) => changes(operation, (field) => isText(field) && isNamed(field, noun)),
    })),
  ];
}

/**
 * A person or a thing that is assigned is the one of the field for its id: of the one that the clause names, else of the only one
 * that a change has.
 */
const assignmentReadings = (written: string, { operations }: OperationCatalog): Reading[] =>
  assignedThings(written).flatMap(({ name, thing, noun: said }) => {
    const nouns = operations.filter(isChange).flatMap(({ inputs }) => {
      const ids = inputs.filter((field) => field.in === "body" && isReference(field));
      const meant = said === undefined ? ids : ids.filter((field) => isNamed(field, said));
      return meant.length === 1 ? meant.map(({ leaf }) => plain(withoutIdSuffix(leaf))) : [];
    });
    return [...new Set(nouns)].map((noun) => ({
      written: ofThing(noun, thing, name),
      serves: (operation: Operation) =>
        isChange(operation) &&
        operation.inputs.some((field) => field.in === "body" && isReference(field) && isNamed(field, noun)),
    }));
  });

/** The fields that are called by the noun of a verb: `weightKg` of `weighs`. */
const fieldsOfVerb = (verb: string | undefined, { operations }: OperationCatalog): string[] =>
  verb === undefined
    ? []
    : [
        ...new Set(
          operations.flatMap(({ inputs, writes }) =>
            inputs.flatMap(({ leaf, in: place }) => {
              const word = plain(leaf)
                .split(" ")
                .find((one) => isNounOf(stem(one), verb));
              return writes && place === "body" && word !== undefined ? word : [];
            }),
          ),
        ),
      ];

const isNounOf = (noun: string, verb: string): boolean =>
  noun === verb || verbOfNoun(noun) === verb || (verb.length > 3 && noun.startsWith(verb));

/** Whether an operation changes a thing, and has a field of a kind. */
const changes = (operation: Operation, isField: (field: Field) => boolean): boolean =>
  isUnknownChange(operation) ||
  (isChange(operation) &&
    operation.inputs.some((field) => field.in !== "path" && !isReference(field) && isField(field)));

const isNamed = ({ leaf }: Field, noun: string): boolean => {
  const own = stemsOf(leaf);
  return stemsOf(noun).every((word) => own.includes(word));
};

const isChange = (operation: Operation): boolean =>
  operation.method === "PATCH" || operation.method === "PUT" || subjectOf(operation).verbClass === "update";

/** A change of which only the path is known: what the thing shows says which fields it has. */
const isUnknownChange = ({ undocumented, method }: Operation): boolean =>
  undocumented === true && (method === "PATCH" || method === "PUT");

/** What a clause moves to a value of a field that it names: `move it to room 201`. */
function placed({ written }: Clause): Reading[] {
  const [, thing = "", noun = "", value = ""] = TO_FIELD.exec(written) ?? [];
  return value === ""
    ? []
    : [
        {
          written: ofThing(noun, thing, value),
          serves: (operation) => changes(operation, (field) => isNamed(field, noun)),
        },
      ];
}
const TO_FIELD =
  /^\W*(?:(?:then|also|please|finally|now|and)\s+)*\p{L}+\s+(\S.*?)\s+(?:in|on)?to\s+(?:the\s+)?(\p{Ll}[\p{Ll}-]*(?:\s+(?!number\b)\p{Ll}[\p{Ll}-]*){0,2})\s+((?:number\s+)?(?:quoted\d+|[\p{Lu}\p{N}][\p{L}\p{N}./-]*))[\s.,]*$/u;

/** What a clause moves to a place that is no thing of its own, for a text that says where things are: `move it to shelf 2`. */
function located(clause: Clause, { operations }: OperationCatalog): Reading[] {
  const moved = placeMovedTo(clause);
  if (moved === undefined) return [];
  const { thing, place } = moved;
  const names = operations
    .filter(isChange)
    .flatMap(({ inputs }) => inputs.filter((field) => field.in === "body" && isWhereabouts(field)));
  return [...new Set(names.map(({ leaf }) => plain(leaf)))].map((name) => ({
    written: ofThing(name, thing, NEW_TEXT),
    text: place,
    serves: (operation) => changes(operation, (field) => isWhereabouts(field) && isNamed(field, name)),
  }));
}

/** Whether an operation changes a thing, and has an input for when or where it is. */
function takesChange(operation: Operation, clause: Clause): boolean {
  const { dates, times, names } = clause;
  if (isUnknownChange(operation)) return true;
  if (!isChange(operation)) return false;
  const isDay = ({ format = "" }: Field): boolean => /^date/.test(format);
  const isTaken = (field: Field): boolean =>
    (dates.length > 0 && (isDay(field) || isDayOfThing(field))) ||
    (times.length > 0 && (isDay(field) || isTimeOfThing(field))) ||
    (names.length > 0 && isText(field) && !isNameText(field));
  return (
    placeNamed(clause, operation) !== undefined ||
    operation.inputs.some((field) => field.in !== "path" && isTaken(field))
  );
}
