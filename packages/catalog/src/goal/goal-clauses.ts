import { makesThing } from "../checks/made-thing.ts";
import { isReference } from "../operations/field.ts";
import { namesMade } from "../operations/made-resource.ts";
import type { Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { operationFor } from "../operations/operation-match.ts";
import { isRemoval, ownNouns, subjectOf } from "../operations/operation-subject.ts";
import { areKin } from "../words/thesaurus.ts";
import { stem, stemsOf, tokens } from "../words/words.ts";
import { asChanges } from "./changes/as-changes.ts";
import { severalThings, takesOne } from "./changes/several-things.ts";
import { choiceConstraints } from "./choice-constraints.ts";
import { type Clause, clauseOf, clausesOf, withAmountsOf } from "./clause.ts";
import { type MarkedGoal, marked } from "./goal-text.ts";
import {
  companionsOf,
  headNounOf,
  type InnerPhrase,
  isName,
  mayHaveInner,
  newThings,
} from "./phrases/inner-phrase.ts";
import { isKindOfThing, numberedThings, withoutNumbers } from "./phrases/numbered-thing.ts";
import { severalNames } from "./phrases/several-names.ts";
import { withToldFields } from "./things/told-fields.ts";

/**
 * The clauses of a goal. What is made for a thing, `for a new customer called Otto`, and what comes along with it, `with two
 * panes`, are clauses of their own where an operation makes them: the former before the thing, the latter after it.
 */
export function goalClauses(goal: string, catalog: OperationCatalog): Clause[] {
  const clauses = withToldFields(
    withoutNounPhrases(clausesOf(goal, catalog.verbs), goal, catalog),
    goal,
    catalog,
  );
  const all = clauses.some(({ written }) => mayHaveInner(written))
    ? new Expansion(catalog, marked(goal).quotes).of(clauses).map((clause) => asTold(clause, clauses))
    : clauses;
  return asChanges(all, catalog).map((clause) => withNumbersAsNames(clause, catalog));
}

/** A clause with what tells the thing of the one that it was. */
function asTold(clause: Clause, clauses: readonly Clause[]): Clause {
  const { told, said } = clauses.find(({ written }) => written === clause.written) ?? {};
  return told === undefined || said === undefined ? clause : { ...clause, told, said };
}

/** A clause in which a number behind the noun of things that are known here is no amount: `order 2`. */
function withNumbersAsNames(clause: Clause, { operations }: OperationCatalog): Clause {
  const things = numberedThings(clause).filter(({ noun }) => isKindOfThing(noun, operations));
  return things.length === 0 ? clause : withAmountsOf(clause, withoutNumbers(clause.text, things));
}

/**
 * The clauses of a goal by what operations there are. What is done to two things of different names is two clauses. What only
 * looks like a clause goes back to the one before: an adjective or a noun that is a verb elsewhere, before the name of a field of
 * what that one asks for (`with 900 grams and clear glaze`).
 */
function withoutNounPhrases(clauses: readonly Clause[], goal: string, catalog: OperationCatalog): Clause[] {
  if (!clauses.slice(1).some(mayBeNounPhrase) && !clauses.some(hasSeveralNames)) return [...clauses];
  const { quotes } = marked(goal);
  const kept: Clause[] = [];
  const before: Operation[] = [];
  for (const clause of clauses) {
    const last = kept.at(-1);
    const asked = before.at(-1);
    const own = clause.active ? operationFor(clause, catalog, before, kept) : undefined;
    if (
      last?.active &&
      asked !== undefined &&
      own === undefined &&
      mayBeNounPhrase(clause) &&
      takes(asked, clause)
    )
      kept[kept.length - 1] = clauseOf(
        `${last.written} and ${clause.written}`,
        catalog.verbs,
        quotes,
        kept.at(-2),
      );
    else {
      const texts = own === undefined ? [clause.written] : textsOfOne(clause.written, own);
      if (texts.length === 1) kept.push(clause);
      else
        for (const [at, text] of texts.entries()) {
          const one = clauseOf(text, catalog.verbs, quotes, kept.at(-1));
          // Each is another thing than the one before.
          const isOther = at > 0 && one.quoted.length === 0 && severalThings(clause.written).length > 1;
          kept.push(isOther ? { ...one, another: true } : one);
        }
      if (own !== undefined && !own.login) before.push(own);
    }
  }
  return kept;
}

const hasSeveralNames = ({ active, written }: Clause): boolean =>
  active && (severalNames(written).length > 1 || severalThings(written).length > 1);

/** The texts of a clause that does to several things what an operation does to one. */
function textsOfOne(written: string, operation: Operation): string[] {
  const names = actsOnOne(operation) ? severalNames(written) : [written];
  if (names.length > 1) return names;
  return takesOne(operation, written) ? severalThings(written) : [written];
}

/** Whether an operation does something to one thing that there is, and needs nothing else: no merging of two. */
function actsOnOne(operation: Operation): boolean {
  const { writes, login, inputs, method } = operation;
  const ids = inputs.filter((field) => field.in === "path" || (field.required && isReference(field)));
  const [only, ...others] = ids;
  if (!writes || login || only === undefined || others.length > 0) return false;
  // What is made in a thing has a name of its own, and what is changed of it has values.
  if (only.in === "path") return method === "DELETE" || subjectOf(operation).isAction;
  return inputs.every((field) => field === only || !field.required);
}

/** Whether a noun stands right behind what is read as a verb, without an article or the like. */
const mayBeNounPhrase = ({ active, object, written }: Clause): boolean =>
  active && !object.refers && object.nouns.size > 0 && BARE_NOUN.test(written);
const BARE_NOUN =
  /^\p{L}+ (?!(?:an?|the|some|any|all|every|my|our|your|its|their|his|her|this|that|these|those|in|on|at|to|for|of|with|off|up|out|down|over|into|from|by|as|it|them|him|me|us)\b)\p{Ll}/u;

/** Whether an operation has an input that the noun of a clause names. */
const takes = ({ inputs, writes }: Operation, { object }: Clause): boolean =>
  writes &&
  inputs.some(
    ({ in: place, leaf }) =>
      place === "body" &&
      stemsOf(leaf).some((word) => object.nouns.get(word) === 1 || object.nouns.get(word) === 0.7),
  );

/** The operations of earlier calls in the order in which `it` may refer to them: what came along with a thing goes first. */
export function inOrderOfMention<
  Call extends { clause: Clause | undefined; operation: Operation | undefined },
>(calls: readonly Call[]): Operation[] {
  const isAlong = ({ clause }: Call): boolean => clause?.along === true;
  return [...calls.filter(isAlong), ...calls.filter((call) => !isAlong(call))].flatMap(
    ({ operation }) => operation ?? [],
  );
}

class Expansion {
  readonly #catalog: OperationCatalog;
  readonly #quotes: MarkedGoal["quotes"];
  readonly #found: Clause[] = [];
  readonly #calls: { clause: Clause; operation: Operation | undefined }[] = [];

  constructor(catalog: OperationCatalog, quotes: MarkedGoal["quotes"]) {
    this.#catalog = catalog;
    this.#quotes = quotes;
  }

  of(clauses: readonly Clause[]): Clause[] {
    for (const clause of clauses) this.#take(clause);
    return this.#found;
  }

  #take(clause: Clause): void {
    const own = this.#again(clause.written, clause.active);
    const operation = this.#servedBy(own);
    if (operation === undefined || !this.#canExpand(operation)) {
      this.#push(own, operation);
      return;
    }
    const made = newThings(own.written).filter((phrase) => this.#makesBefore(phrase, operation));
    const along = companionsOf(own.written).filter((phrase) => this.#makesAfter(phrase, own, operation));
    if (made.length === 0 && along.length === 0) {
      this.#push(own, operation);
      return;
    }
    for (const { written, thing } of made) {
      const first = this.#clause(`create ${thing}`, written);
      this.#push(first, this.#servedBy(first));
    }
    const rest = [...made, ...along].reduce((text, { written }) => text.replace(written, " "), own.written);
    const main = this.#clause(rest.replaceAll(/\s+/g, " ").trim());
    this.#push(main, operation);
    for (const { written, thing } of along) {
      const later: Clause = { ...this.#clause(`add ${thing} to it`, written), along: true };
      this.#push(later, this.#servedBy(later));
    }
  }

  /** Whether an operation makes or changes something for which, or with which, other things are made. */
  #canExpand(operation: Operation): boolean {
    return (
      operation.writes &&
      !operation.login &&
      !isRemoval(operation) &&
      !this.#catalog.web.includes(operation.target)
    );
  }

  #push(clause: Clause, operation: Operation | undefined): void {
    this.#found.push(clause);
    if (clause.active && operation?.login !== true) this.#calls.push({ clause, operation });
  }

  /** A clause as it was, where the one before it may have been another since. */
  #again(written: string, active: boolean): Clause {
    const clause = this.#clause(written);
    return clause.active === active ? clause : { ...clause, active };
  }

  /** @param said the words of the goal, where they are others than what is written */
  #clause(written: string, said?: string): Clause {
    const previous = this.#found.findLast(({ along }) => along !== true);
    const clause = clauseOf(written, this.#catalog.verbs, this.#quotes, previous);
    if (said === undefined) return clause;
    return { ...clause, said: clauseOf(said.trim(), this.#catalog.verbs, this.#quotes).said };
  }

  #servedBy(clause: Clause): Operation | undefined {
    return clause.active
      ? operationFor(clause, this.#catalog, inOrderOfMention(this.#calls), this.#found)
      : undefined;
  }

  /** Whether something new can be made before an operation that takes its id. */
  #makesBefore({ thing }: InnerPhrase, operation: Operation): boolean {
    const making = this.#servedBy(this.#clause(`create ${thing}`));
    if (making === undefined || making === operation || !makesThing(making) || !isNamedIn(thing, making))
      return false;
    const { collection } = subjectOf(making);
    return operation.inputs.some(
      (field) =>
        (field.in === "path" || isReference(field)) &&
        this.#catalog
          .sources(operation, field)
          .some(
            (source) =>
              source.operation === making ||
              (source.listed && collection !== "" && subjectOf(source.operation).collection === collection),
          ),
    );
  }

  /** Whether something can be made in what an operation makes, which has no word for it itself. */
  #makesAfter({ thing }: InnerPhrase, clause: Clause, operation: Operation): boolean {
    const nouns = tokens(headNounOf(thing));
    const takes = operation.inputs.some(({ nameTokens, textTokens }) =>
      nouns.some((noun) => nameTokens.has(noun) || textTokens.has(noun)),
    );
    if (takes || (!isName(thing) && nouns.some((noun) => operation.weights.has(noun)))) return false;
    const given = choiceConstraints({ operation, clause, bindings: new Map() }, []);
    if ([...given.values()].some((value) => thing.includes(String(value)))) return false;
    const later = this.#clause(`add ${thing} to it`);
    const before = [...inOrderOfMention(this.#calls), operation];
    const adding = operationFor(later, this.#catalog, before, [...this.#found, clause]);
    if (adding === undefined || adding === operation || !adding.writes || isRemoval(adding)) return false;
    if (!isName(thing) && !isNamedIn(thing, adding)) return false;
    return adding.inputs.some(
      (field) =>
        namesMade(field, adding, operation) ||
        this.#catalog
          .sources(adding, field)
          .some((source) => source.operation === operation && !source.listed) ||
        (field.in === "path" &&
          adding.path.startsWith(`${subjectOf(operation).collection}/{${field.name}}/`)),
    );
  }
}

/** Whether what is asked for is of the kind that an operation makes. */
const isNamedIn = (thing: string, operation: Operation): boolean => {
  const head = stem(headNounOf(thing));
  const names = ownNouns(subjectOf(operation));
  return names.some((noun) => areKin(head, noun));
};
