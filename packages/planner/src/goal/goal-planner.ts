import { asksForAction, type Clause, clausesOf, joined } from "@ape/catalog/goal/clause";
import { isStatedByName } from "@ape/catalog/goal/stated-values";
import { isByOptionalId } from "@ape/catalog/operations/by-optional-id";
import { type Field, isReference } from "@ape/catalog/operations/field";
import type { Operation, OperationCatalog, Source } from "@ape/catalog/operations/operation-catalog";
import { continuesStep, operationFor, operationSimilarity } from "@ape/catalog/operations/operation-match";
import { ownNouns, subjectOf } from "@ape/catalog/operations/operation-subject";
import { plain, stem, tokens } from "@ape/catalog/words/words";
import { isIdName, isPlainIdName } from "@ape/core/protocol/id-name";
import { isMethod } from "@ape/core/protocol/operations/operation";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import type { ViewFact } from "@ape/core/protocol/view";
import { createdResourceFor } from "./created-resource.ts";
import { assignFacts } from "./fact-assignment.ts";
import type { Binding, ListChoice, Plan, Step } from "./plan.ts";

const DEEPEST = 4;
/** What it counts for a source that it is about the very kind of things that an input names, or is not. */
const OWN_ID = 0.2;
const JOINED_ID = 1.2;
/** Collections that things are added to. */
const INTO = /\b(?:to|into|in|onto)(?: (?:the|a|an|your|their|customer|user|my|own))* (\w+)/;

/** Plans a goal over the APIs. `data` are the facts that every session of this goal starts with. */
export function planGoal(goal: string, catalog: OperationCatalog, data: readonly ViewFact[]): Plan {
  const clauses = clausesOf(goal, catalog.verbs);
  const draft = new Draft(catalog, data, clauses);
  for (const [index, clause] of clauses.entries()) draft.take(clause, index);
  return draft.end();
}

class Draft {
  readonly #catalog: OperationCatalog;
  readonly #data: readonly ViewFact[];
  readonly #clauses: readonly Clause[];
  readonly #steps: Step[] = [];
  readonly #choices: ListChoice[] = [];
  readonly #uncovered: string[] = [];
  /** From the clause that lists to the last one that chooses. */
  readonly #spans = new Map<ListChoice, [number, number]>();
  readonly #clauseOf = new Map<Step, number>();
  #at = 0;

  constructor(catalog: OperationCatalog, data: readonly ViewFact[], clauses: readonly Clause[]) {
    this.#catalog = catalog;
    this.#data = data;
    this.#clauses = clauses;
  }

  take(clause: Clause, index: number): void {
    this.#at = index;
    if (!clause.active) return;
    const last = this.#steps.at(-1);
    const before = this.#steps.flatMap(({ operation }) => (operation.login ? [] : operation));
    const operation = operationFor(clause, this.#catalog, before, this.#clauses.slice(0, index));
    if (last !== undefined && continuesStep(clause, operation, last.operation)) {
      if (last.clause !== undefined) last.clause = joined(last.clause, clause);
      return;
    }
    if (operation === undefined) {
      if (asksForAction(clause)) this.#uncovered.push(clause.text.replaceAll(/\s+/g, " ").trim());
      return;
    }
    if (operation.login && this.#loggedIn(operation.target)) return;
    this.#place(operation, clause, 0);
  }

  end(): Plan {
    const covered = new Set<number>();
    for (const [from, to] of this.#spans.values()) for (let i = from; i <= to; i += 1) covered.add(i);
    this.#steps.forEach((step, index) => {
      if (
        step.operation.list !== undefined &&
        !step.operation.writes &&
        !this.#choices.some((choice) => choice.step === index)
      )
        this.#choiceFrom(index, false);
    });
    for (const [choice, [from, to]] of this.#spans) {
      choice.clauses = this.#clauses.slice(from, to + 1);
      if (choice.clauses.every(({ bounds, extreme }) => bounds.length === 0 && extreme === undefined))
        choice.clauses.push(...this.#clauses.filter((_, index) => !covered.has(index)));
    }
    return { steps: this.#steps, choices: this.#choices, uncovered: this.#uncovered };
  }

  #loggedIn(target: string): boolean {
    return this.#steps.some(({ operation }) => operation.login && operation.target === target);
  }

  #place(operation: Operation, clause: Clause | undefined, depth: number): number {
    if (operation.secured && !operation.login && !this.#loggedIn(operation.target)) {
      const login = this.#catalog.login(operation.target);
      if (login !== undefined) this.#push(login, undefined, new Map());
    }
    if (clause?.verb === "~buy") this.#fillBefore(operation, depth);
    const facts = assignFacts(operation, this.#data);
    const bindings = new Map<Field, Binding>();
    const [anyId] = isByOptionalId(operation) ? operation.inputs : [];
    const loose =
      operation.writes && !operation.inputs.some(({ in: place, required }) => place === "body" && required);
    for (const field of operation.inputs) {
      const fact = this.#isElsewhere(operation, field, clause) ? undefined : facts.get(field);
      if (fact !== undefined) bindings.set(field, { kind: "fact", name: fact });
      else if (clause !== undefined && isStatedByName(field, clause)) continue;
      else if ((needsSource(field, loose) || field === anyId) && !operation.login && depth < DEEPEST) {
        const bound = this.#bind(operation, field, clause, depth);
        if (bound !== undefined) bindings.set(field, bound);
      }
    }
    return this.#push(operation, clause, bindings);
  }

  #push(operation: Operation, clause: Clause | undefined, bindings: Map<Field, Binding>): number {
    if (operation.login && bindings.size === 0)
      for (const [field, name] of assignFacts(operation, this.#data))
        bindings.set(field, { kind: "fact", name });
    const step: Step = { operation, clause, bindings };
    this.#steps.push(step);
    this.#clauseOf.set(step, this.#at);
    return this.#steps.length - 1;
  }

  #bind(owner: Operation, field: Field, clause: Clause | undefined, depth: number): Binding | undefined {
    const sources = this.#catalog.sources(owner, field);
    const made = createdResourceFor(this.#steps, owner, field, clause, sources);
    if (made !== undefined) return made;
    let best: { source: Source; at: number; score: number } | undefined;
    for (const source of sources) {
      const at = this.#steps.findLastIndex(({ operation }) => operation === source.operation);
      const score =
        this.#merit(owner, field, source, at) + (isMentioned(clause, field, source.field) ? 0.5 : 0);
      if (best === undefined || score > best.score) best = { source, at, score };
    }
    if (best === undefined || best.score < 0.3)
      return field.in === "path" || field.example === undefined
        ? (this.#lastMade(owner, field) ?? this.#lastChoice(field))
        : undefined;
    const { source } = best;
    if (best.at < 0 && source.listed && clause?.object.refers === true && !clause.another) {
      const last = this.#lastMade(owner, field, true);
      if (last !== undefined) return last;
    }
    if (source.listed && isReference(field) && !isOwnId(field, source.operation)) {
      const last = this.#lastMade(owner, field);
      if (last !== undefined) return last;
    }
    const at = best.at >= 0 ? best.at : this.#place(source.operation, undefined, depth + 1);
    if (!source.listed) return { kind: "answer", step: at, source };
    return { kind: "choice", choice: this.#choiceFrom(at, clause?.another === true), field: source.field };
  }

  /**
   * Whether a clause wants a value of an answer rather than the session's own value of that name: `follow its author`.
   */
  #isElsewhere(owner: Operation, field: Field, clause: Clause | undefined): boolean {
    return this.#catalog
      .sources(owner, field)
      .some(({ field: source, listed }) => listed && isMentioned(clause, field, source));
  }

  /** Sources that the goal itself asks for come first, then reads without inputs, then the rest. */
  #merit(owner: Operation, input: Field, { operation, field, listed, score }: Source, at: number): number {
    let merit = score + 0.3 * operationSimilarity(operation, owner, this.#catalog);
    if (isReference(input)) merit += isOwnId(input, operation) ? OWN_ID : -OWN_ID;
    if (isReference(input) && namesJoined(input, operation)) merit += JOINED_ID;
    const needs = operation.inputs.some(
      ({ in: place, required }) => required && (place === "path" || !isMethod(operation.call)),
    );
    if (isOfPart(field, input, operation)) merit -= 0.3;
    if (at >= 0) merit += 0.6;
    else if (operation.writes) merit -= 0.4;
    if (listed && operation.writes) merit -= 0.5;
    // What belongs to other things in a thing that was just made: it has none yet.
    if (listed && isWithinMade(operation, field)) merit -= 1;
    if (!operation.writes && ((needs && !listed) || isByOptionalId(operation))) merit -= 0.6;
    if (operation.verb === "~remove") merit -= 0.5;
    if (listed && owner.writes && owner.method !== "DELETE") {
      if (showsMade(operation, owner)) merit -= 2;
      else if (at < 0 && this.#holds(operation, owner)) merit -= 1;
    }
    if (listed && at >= 0 && owner.writes && !this.#choices.some(({ step }) => step === at)) merit += 0.3;
    return merit;
  }

  /** Whether a list shows the collection that the step adds to: items for a cart are not found in the cart. */
  #holds(list: Operation, owner: Operation): boolean {
    if (list.verb === "~find") return false;
    const [stem = ""] = owner.path.split("{");
    if (stem.startsWith(list.path)) return true;
    const into = INTO.exec(plain(owner.summary))?.[1];
    return into !== undefined && tokens(into).some((token) => list.head.has(token));
  }

  #choiceFrom(step: number, another: boolean): ListChoice {
    const last = this.#choices.findLast((choice) => choice.step === step);
    if (last !== undefined && !another) {
      const span = this.#spans.get(last);
      if (span !== undefined) span[1] = Math.max(span[1], this.#at);
      return last;
    }
    const choice: ListChoice = { step, clauses: [], apart: last !== undefined };
    const listing = this.#steps[step];
    const from = listing === undefined ? this.#at : (this.#clauseOf.get(listing) ?? this.#at);
    this.#choices.push(choice);
    this.#spans.set(choice, [last === undefined ? from : this.#at, Math.max(from, this.#at)]);
    return choice;
  }

  /**
   * Without matching words: the own id of what the last call made, if it has said one.
   * @param ofKind whether it must be a thing of the kind that the input names
   */
  #lastMade(owner: Operation, field: Field, ofKind = false): Binding | undefined {
    const at = this.#steps.findLastIndex(({ operation }) => operation.writes && !operation.login);
    const making = this.#steps[at]?.operation;
    if (making === undefined || making === owner || making.method !== "POST" || !field.required)
      return undefined;
    if (ofKind && (subjectOf(making).verbClass !== "create" || !isOwnId(field, making))) return undefined;
    const id = making.answers.find(
      (answer) => isPlainIdName(answer.leaf) && /^(?:\w+\.)?\w+$/.test(answer.name),
    );
    if (id === undefined) return undefined;
    return { kind: "answer", step: at, source: { operation: making, field: id, listed: false, score: 0 } };
  }

  /** Without matching words: the id of the last thing found. */
  #lastChoice(field: Field): Binding | undefined {
    const at = this.#steps.findLastIndex(
      ({ operation }) => operation.list !== undefined && !operation.writes,
    );
    const list = this.#steps[at]?.operation.list;
    const id = list?.fields.find(isReference);
    if (id === undefined || !field.required) return undefined;
    return { kind: "choice", choice: this.#choiceFrom(at, false), field: id };
  }

  /** A purchase needs an item: adds what was found to the collection that the operation buys. */
  #fillBefore(buying: Operation, depth: number): void {
    if (buying.inputs.some((field) => field.required && isReference(field))) return;
    const feeders = this.#catalog.operations.filter((operation) => this.#feeds(operation, buying));
    if (this.#steps.some(({ operation }) => feeders.includes(operation))) return;
    let best = feeders.length === 1 ? feeders[0] : undefined;
    let most = 0.15;
    for (const operation of feeders) {
      const score = operationSimilarity(operation, buying, this.#catalog);
      if (score <= most) continue;
      best = operation;
      most = score;
    }
    if (best !== undefined) this.#place(best, undefined, depth + 1);
  }

  #feeds(operation: Operation, buying: Operation): boolean {
    if (operation === buying || operation.target !== buying.target || operation.login) return false;
    if (operation.method !== "POST" && operation.method !== "PUT") return false;
    if (operation.verb !== "~add" && operation.verb !== "~create") return false;
    return operation.inputs.some(
      (field) =>
        isReference(field) &&
        this.#catalog.sources(operation, field).some((source) => source.listed && !source.operation.writes),
    );
  }
}

/** Whether an input names things of the kind that an operation is about: `sculptureId` and `GET /sculptures`. */
function isOwnId(input: Field, operation: Operation): boolean {
  for (const [noun, weight] of subjectOf(operation).nouns)
    if (weight === 1 && input.nameTokens.has(noun)) return true;
  return false;
}

/** Whether a field is in a list of other things that an answer shows of what its call has made: `visits[].petId` of a new pet. */
function isWithinMade(making: Operation, field: Field): boolean {
  return (
    subjectOf(making).verbClass === "create" &&
    !field.name.startsWith("[]") &&
    making.answers.some(({ name, leaf }) => name === leaf && isPlainIdName(leaf))
  );
}

/** Whether an id is that of a part of an answer, which the input does not name, although the whole has one, too. */
function isOfPart({ name, leaf }: Field, input: Field, { answers }: Operation): boolean {
  const owner = name.split(".").at(-2);
  if (owner === undefined || name.includes("[]") || !isPlainIdName(leaf)) return false;
  const isNamed = tokens(owner).some((token) => input.nameTokens.has(token));
  return !isNamed && answers.some((other) => other.name === leaf);
}

/** Whether two words of an input together are what an operation is about: "the id of the pet type" and `GET /pettypes`. */
function namesJoined({ words }: Field, operation: Operation): boolean {
  const { nouns } = subjectOf(operation);
  const parts = words.split(" ");
  return parts.some((word, at) => at > 0 && nouns.get(stem(`${parts[at - 1]}${word}`)) === 1);
}

/** Whether a list shows the things that another operation makes: what they are made of is found elsewhere. */
function showsMade(list: Operation, owner: Operation): boolean {
  const { verbClass, nouns, collection } = subjectOf(owner);
  if (verbClass !== "create" || list.target !== owner.target) return false;
  const listed = subjectOf(list);
  const isSame =
    collection === "" || listed.collection === ""
      ? collection === listed.collection && ownNouns(listed).some((noun) => nouns.get(noun) === 1)
      : lastPart(listed.collection) === lastPart(collection);
  if (!isSame) return false;
  // `reserve(seatId)` takes one of `seats`, though both say that they are about tickets.
  const names = [
    ...ownNouns(subjectOf(owner)),
    ...(isMethod(list.call) ? [] : plain(list.path).split(" ").map(stem)),
  ];
  return !owner.inputs.some(
    (field) => isReference(field) && names.some((name) => field.nameTokens.has(name)),
  );
}

const BELONGS = /\b(?:its|their|his|her|whose)\b/i;

/**
 * Whether a clause names something that only the source has: the author in `follow its author`, for `author.username`.
 */
function isMentioned(clause: Clause | undefined, input: Field, source: Field): boolean {
  if (clause === undefined || !BELONGS.test(clause.text)) return false;
  for (const token of source.nameTokens.keys())
    if (!input.nameTokens.has(token) && (clause.weights.get(token) ?? 0) >= 1) return true;
  return false;
}

function needsSource(field: Field, loose: boolean): boolean {
  if (field.in === "header") return false;
  if (field.in === "path") return field.enum === undefined;
  if (!field.required && !(loose && field.in === "body")) return false;
  return (isReference(field) || isListOfIds(field)) && field.enum === undefined;
}

/** Whether a field is a list of the ids of other things. */
function isListOfIds(field: Field): boolean {
  if (!field.type.endsWith("[]") || !isIdName(field.leaf, true)) return false;
  return isReference({ ...field, type: field.type.slice(0, -2) });
}
