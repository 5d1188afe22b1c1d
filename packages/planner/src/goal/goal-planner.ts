import { choiceConstraints } from "@ape/catalog/goal/choice-constraints";
import { asksForAction, type Clause, joined } from "@ape/catalog/goal/clause";
import { goalClauses, inOrderOfMention } from "@ape/catalog/goal/goal-clauses";
import { notUnderstood } from "@ape/catalog/goal/not-understood";
import { isMove, remakes } from "@ape/catalog/goal/phrases/move";
import { isWordOf } from "@ape/catalog/goal/phrases/named-thing";
import { plainNameOf } from "@ape/catalog/goal/phrases/plain-name";
import { type ThingName, thingNamed } from "@ape/catalog/goal/phrases/thing-name";
import { isAboutEach, timesOf } from "@ape/catalog/goal/repetition";
import { bodyValues } from "@ape/catalog/goal/stated-body";
import { isStatedByName, numberBeside } from "@ape/catalog/goal/stated-values";
import { isByOptionalId } from "@ape/catalog/operations/by-optional-id";
import {
  changedFields,
  isPlainUpdate,
  lacksChange,
  setsOwnNumber,
} from "@ape/catalog/operations/changed-fields";
import { type Field, isNameText, isNumeric, isReference } from "@ape/catalog/operations/field";
import type { Operation, OperationCatalog, Source } from "@ape/catalog/operations/operation-catalog";
import { continuesStep, operationFor, operationSimilarity } from "@ape/catalog/operations/operation-match";
import { subjectOf } from "@ape/catalog/operations/operation-subject";
import { isIdName, isPlainIdName } from "@ape/core/protocol/id-name";
import type { ViewFact } from "@ape/core/protocol/view";
import { showsNames } from "../choice/by-name/called-item.ts";
import { isMade, madeByName, nameOfActedOn, nameOfThing, statedValues } from "./called.ts";
import { createdResourceFor, ownIdOf } from "./created-resource.ts";
import { assignFacts } from "./fact-assignment.ts";
import { nameChoice, nameChoices } from "./named-choices.ts";
import { namesWithoutThing } from "./names-without-thing.ts";
import {
  isForUnknownOnes,
  isListOfNumber,
  isPartOfKnown,
  isUnknownPart,
  numberOf,
  numberOfListed,
  putInPlace,
  unknownNumber,
} from "./numbered-names.ts";
import type { Binding, ListChoice, Plan, Step } from "./plan.ts";
import { isOwnId, isOwnProperty, sourceMerit } from "./source-merit.ts";
import { fieldsOfCodes } from "./sources/fields-of-codes.ts";
import { isMentioned, isOfOthers } from "./sources/mentioned-source.ts";
import { leaveUnaskedFilters } from "./sources/unasked-filters.ts";
import { namesNeeded, tellByTime } from "./told-by-time.ts";
import { sameThing } from "./topic-name.ts";
import { UnservedClauses } from "./unserved-clauses.ts";

const DEEPEST = 4;
/** What it counts for a list that the clause calls one of its things by name. */
const CALLED = 2;

/** Plans a goal over the APIs. `data` are the facts that every session of this goal starts with. */
export function planGoal(goal: string, catalog: OperationCatalog, data: readonly ViewFact[]): Plan {
  return planClauses(goalClauses(goal, catalog), catalog, data);
}

/** Plans the clauses of a goal. */
export function planClauses(
  clauses: readonly Clause[],
  catalog: OperationCatalog,
  data: readonly ViewFact[],
): Plan {
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
  readonly #unserved = new UnservedClauses();
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
    const before = inOrderOfMention(this.#steps.filter(({ operation }) => !operation.login));
    const operation = operationFor(clause, this.#catalog, before, this.#clauses.slice(0, index));
    if (last !== undefined && continuesStep(clause, operation, last.operation)) {
      if (last.clause !== undefined) last.clause = joined(last.clause, clause);
      return;
    }
    if (
      operation?.writes &&
      (this.#unserved.isTopicOf(clause, this.#clauses.slice(0, index)) || remakes(operation, clause))
    ) {
      this.#unserved.add(clause);
      return;
    }
    if (operation === undefined) {
      const isSession = clause.verb === "~login" || clause.verb === "~logout";
      if (asksForAction(clause) && !(isSession && this.#needsNoSession())) this.#unserved.leave(clause);
      return;
    }
    if (operation.login && this.#loggedIn(operation.target)) return;
    // To see a thing moves it nowhere.
    if (!operation.writes && isMove(clause)) {
      this.#unserved.leave(clause);
      return;
    }
    if (this.#changesNothing(operation, clause)) {
      this.#unserved.add(clause);
      return;
    }
    const unknown = this.#unknownName(operation, clause) ?? unknownNumber(operation, clause, this.#catalog);
    if (unknown !== undefined) {
      this.#unserved.unnamed.push(unknown);
      return;
    }
    if (isAboutEach(clause) && operation.writes && this.#hasRepeated(before)) {
      if (!this.#placeForEach(operation, clause)) this.#unserved.add(clause);
      return;
    }
    if (
      isForUnknownOnes(operation, clause, this.#clauses.slice(0, this.#at), this.#catalog) ||
      (isUnknownPart(operation, clause, this.#steps, this.#catalog) &&
        sameThing(clause, this.#clauses.slice(0, this.#at)) === undefined)
    ) {
      this.#unserved.add(clause);
      return;
    }
    this.#repeat(this.#place(operation, clause, 0));
    for (const left of leaveUnaskedFilters({ steps: this.#steps, choices: this.#choices }))
      this.#spans.delete(left);
  }

  /** Whether nothing here is for those alone who have logged in, or every call says who makes it. */
  #needsNoSession(): boolean {
    const { operations, signsEachCall, web } = this.#catalog;
    if (signsEachCall) return true;
    const isOpen = operations.every((one) => !one.secured && !one.login && one.undocumented !== true);
    return web.length === 0 && operations.length > 0 && isOpen;
  }

  /** Whether the last thing that was made is one of several that one clause asked for. */
  #hasRepeated(before: readonly Operation[]): boolean {
    const made = before.findLast(({ writes }) => writes);
    const same = this.#steps.filter(({ operation }) => operation === made);
    return same.some(({ clause }, at) => clause !== undefined && clause === same[at + 1]?.clause);
  }

  /** Adds a call for each of several things that one clause has made: `delete them`; false where it takes the id of none. */
  #placeForEach(operation: Operation, clause: Clause): boolean {
    const size = this.#steps.length;
    const step = this.#steps[this.#place(operation, clause, 0)];
    const [id, binding] =
      [...(step?.bindings ?? [])].find(
        ([, one]) => one.kind === "answer" && this.#timesMade(one.source.operation, size).length > 1,
      ) ?? [];
    if (step === undefined || id === undefined || binding?.kind !== "answer") {
      this.#steps.length = size;
      return false;
    }
    for (const [nth, made] of this.#timesMade(binding.source.operation, size).entries()) {
      const own = new Map(step.bindings).set(id, { ...binding, step: made, nth });
      if (nth === 0) step.bindings = own;
      else this.#push(operation, clause, own);
    }
    return true;
  }

  /** The steps before a place that call an operation. */
  #timesMade(operation: Operation, end: number): number[] {
    return this.#steps.slice(0, end).flatMap((step, at) => (step.operation === operation ? at : []));
  }

  /** Adds the further calls that a clause asks for: `create two recipes`. */
  #repeat(index: number): void {
    const step = this.#steps[index];
    if (step?.clause === undefined) return;
    const { operation, clause, bindings } = step;
    for (let times = timesOf(clause, operation, choiceConstraints(step, [])); times > 1; times -= 1) {
      const own = new Map<Field, Binding>();
      for (const [field, binding] of bindings)
        own.set(
          field,
          binding.kind === "choice" && (field.in !== "path" || isOfThing(field, operation))
            ? { ...binding, choice: this.#another(binding.choice) }
            : binding,
        );
      this.#push(operation, clause, own);
    }
  }

  /** A further choice of what is called as the first one: `two wheels of Gouda`. */
  #another(first: ListChoice): ListChoice {
    const { called, about, parts, points } = first;
    const choice = this.#choiceFrom(first.step, true);
    return Object.assign(choice, {
      ...(called === undefined ? {} : { called }),
      ...(about === undefined ? {} : { about }),
      ...(parts === undefined ? {} : { parts }),
      ...(points === undefined ? {} : { points }),
    });
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
    tellByTime(this.#steps);
    for (const [choice, [from, to]] of this.#spans) {
      this.#nameByListing(choice);
      choice.clauses = this.#clauses.slice(from, to + 1);
      if (choice.clauses.every(({ bounds, extreme }) => bounds.length === 0 && extreme === undefined))
        choice.clauses.push(...this.#clauses.filter((_, index) => !covered.has(index)));
    }
    return {
      steps: this.#steps,
      choices: this.#choices,
      uncovered: this.#unserved.texts,
      unnamed: this.#unserved.unnamed,
      notUnderstood: this.#steps.flatMap((step, at) =>
        step.clause !== undefined && this.#steps[at - 1]?.clause === step.clause
          ? []
          : this.#notUnderstood(step),
      ),
    };
  }

  /** The name that the clause gives by which the things are listed: `find the Kilim and clean it`. */
  #nameByListing(choice: ListChoice): void {
    const { clause, operation } = this.#steps[choice.step] ?? {};
    if (clause?.told !== undefined && !choice.apart) choice.told ??= clause.told;
    if (choice.called !== undefined || choice.apart || clause === undefined || operation === undefined)
      return;
    putInPlace(choice, this.#steps, clause);
    const number = numberOfListed(clause, operation);
    const name = thingNamed(clause);
    if (name !== undefined && this.#isFilteredBy(name, choice.step)) return;
    if (number !== undefined) nameChoice(choice, number, this.#steps);
    else if (name !== undefined && !isWordOf(name, operation)) nameChoice(choice, name, this.#steps);
  }

  /** Whether a list is asked for what belongs to a thing of that name alone: `show the bulletins for Askell`. */
  #isFilteredBy({ text }: ThingName, at: number): boolean {
    const bindings = [...(this.#steps[at]?.bindings.values() ?? [])];
    return bindings.some((one) => one.kind === "choice" && one.choice.called?.text === text);
  }

  #notUnderstood(step: Step): string[] {
    const { operation, clause, bindings } = step;
    if (clause === undefined) return [];
    const values = new Map([...choiceConstraints(step, []), ...bodyValues(operation, clause)]);
    const chooses = [...bindings.values()].some(({ kind }) => kind === "choice");
    const columns = this.#data.map(({ name }) => name);
    const times = this.#steps.filter(
      (other) => other.clause === clause && other.operation === operation,
    ).length;
    const name = this.#isKnownByName(step) ? thingNamed(clause)?.text : undefined;
    const left = notUnderstood({ clause, operation, values, chooses, times }, this.#catalog, columns).filter(
      (text) => name === undefined || !text.includes(name),
    );
    const said = left.join(" ");
    const needed = namesNeeded(bindings);
    const isNeeded = (text: string): boolean =>
      needed.includes(text) || needed.includes(text.replace(PREPOSITION, ""));
    return [
      ...left.filter((text) => !isNeeded(text)),
      ...namesWithoutThing(step, values).filter((text) => !said.includes(text) && !isNeeded(text)),
    ];
  }

  /** Whether a step acts on a thing that the goal has made under the name that its clause gives. */
  #isKnownByName({ clause, operation, bindings }: Step): boolean {
    const name = clause === undefined ? undefined : thingNamed(clause);
    if (name === undefined) return false;
    return [...bindings].some(
      ([field, binding]) =>
        binding.kind === "answer" &&
        binding.nth !== undefined &&
        madeByName(this.#steps, operation, field, name)?.at === binding.step,
    );
  }

  #loggedIn(target: string): boolean {
    return this.#steps.some(({ operation }) => operation.login && operation.target === target);
  }

  /** Whether an update would be sent without anything that the clause wants changed. */
  #changesNothing(operation: Operation, clause: Clause): boolean {
    const given = assignFacts(operation, this.#data);
    return lacksChange(clause, operation) && ![...given.keys()].some((field) => field.in === "body");
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
    const changed = clause && isPlainUpdate(clause, operation) ? changedFields(clause, operation) : undefined;
    const isLoose =
      operation.writes && !operation.inputs.some(({ in: place, required }) => place === "body" && required);
    const stated = clause === undefined ? [] : fieldsOfCodes(operation, clause);
    for (const field of operation.inputs) {
      const loose = changed === undefined ? isLoose : changed.includes(field);
      const fact = this.#isElsewhere(operation, field, clause) ? undefined : facts.get(field);
      if (fact !== undefined) bindings.set(field, { kind: "fact", name: fact });
      else if (clause !== undefined && (isStatedByName(field, clause) || stated.includes(field))) continue;
      else if (clause !== undefined && setsOwnNumber(clause, operation, field, this.#catalog)) continue;
      else if (
        (needsSource(field, loose) || field === anyId || this.#isThing(operation, field, clause)) &&
        !operation.login &&
        depth < DEEPEST
      ) {
        const bound = this.#bind(operation, field, clause, depth);
        if (bound !== undefined && !isStatedNumber(field, bound, clause)) bindings.set(field, bound);
      }
    }
    if (clause !== undefined)
      nameChoices(operation, clause, bindings, {
        steps: this.#steps,
        earlier: this.#clauses.slice(0, this.#at),
        catalog: this.#catalog,
        isShared: (choice) => this.#isShared(choice),
        soughtBy: (one) => this.#unserved.soughtBy(one),
        kindSoughtBy: (one) => this.#unserved.kindSoughtBy(one),
      });
    return this.#push(operation, clause, bindings);
  }

  #isShared(choice: ListChoice): boolean {
    return this.#steps.some(({ bindings }) =>
      [...bindings.values()].some((other) => other.kind === "choice" && other.choice === choice),
    );
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
    const sources = this.#catalog
      .sources(owner, field)
      .filter((source) => !isOwnProperty(owner, field, source))
      // A state is no id: `set its alert level to red` is done to the volcano.
      .filter((source) => field.enum !== undefined || source.field.enum === undefined);
    const number = clause === undefined ? undefined : numberOf(owner, clause, field);
    const name =
      number ??
      (clause === undefined
        ? undefined
        : nameOfActedOn(owner, clause, field, statedValues(owner, clause, this.#steps)));
    const isCalled =
      clause !== undefined &&
      ((name ?? nameOfThing(owner, clause, field)) !== undefined ||
        this.#isOfOther(clause) ||
        this.#isToldAnew(clause));
    const own = name === undefined ? undefined : this.#madeByName(owner, field, name, sources);
    if (own !== undefined) return own;
    const made = isCalled ? undefined : createdResourceFor(this.#steps, owner, field, clause, sources);
    if (made !== undefined) return made;
    let best: { source: Source; at: number; score: number } | undefined;
    for (const source of sources) {
      // A number that the goal gives is that of no other thing.
      if (number !== undefined && !isListOfNumber(source, number, owner)) continue;
      const at = this.#steps.findLastIndex(({ operation }) => operation === source.operation);
      const place = { at, isChosenFrom: this.#choices.some(({ step }) => step === at) };
      const isPart = isPartOfKnown(clause, field, source, at);
      const isOwn = isMentioned(clause, field, source.field);
      const isTold = clause === undefined || clause.object.refers || isPart || isOwn;
      const score =
        sourceMerit(owner, field, source, this.#catalog, place) +
        (isOwn ? 0.5 : 0) +
        (isCalled && source.listed && isOwnId(field, source.operation) ? CALLED : 0) +
        (isPart ? CALLED : 0) -
        (!isTold && isOfOthers(field, source, sources) ? CALLED : 0);
      if (best === undefined || score > best.score) best = { source, at, score };
    }
    if (number !== undefined && best === undefined) return undefined;
    const named =
      best === undefined || best.score < 0.3 ? this.#listedByName(owner, field, clause) : undefined;
    if (named !== undefined) return named;
    if (best === undefined || best.score < 0.3)
      return field.in === "path" || field.example === undefined
        ? (this.#lastMade(owner, field) ?? this.#lastChoice(field))
        : undefined;
    const { source } = best;
    if (best.at < 0 && source.listed && clause?.object.refers === true && !clause.another) {
      const last = this.#lastMade(owner, field, true);
      if (last !== undefined) return last;
    }
    const isOther = isReference(field) && !isOwnId(field, source.operation);
    const isKnown = isMentioned(clause, field, source.field) || isPartOfKnown(clause, field, source, best.at);
    if (source.listed && isOther && !isKnown) {
      const last = this.#lastMade(owner, field);
      if (last !== undefined) return last;
    }
    const at = best.at >= 0 ? best.at : this.#place(source.operation, undefined, depth + 1);
    if (!source.listed) return { kind: "answer", step: at, source };
    return {
      kind: "choice",
      choice: this.#choiceFrom(at, clause?.another === true, name),
      field: source.field,
    };
  }

  /** Whether a clause says what its thing is of, and no earlier one has spoken of that: `the repair of the tile cutter`. */
  #isOfOther(clause: Clause): boolean {
    const part = plainNameOf(clause, this.#catalog);
    if (part?.of !== true) return false;
    return !this.#steps.some((step) => step.clause?.said.toLowerCase().includes(part.text) === true);
  }

  /** Whether a clause tells its thing by values that no earlier one has spoken of: the goal has made no such thing. */
  #isToldAnew({ told = [] }: Clause): boolean {
    return told.some(
      ({ value }) =>
        !this.#steps.some((step) => step.clause?.said.toLowerCase().includes(value.toLowerCase())),
    );
  }

  /** Whether an input is named after a thing that a list here has: `turbineTag`, or the `vehicle` of a clause that rents one. */
  #isThing(owner: Operation, field: Field, clause: Clause | undefined): boolean {
    if (this.#catalog.keyOfThing(owner, field) !== undefined) return true;
    if (clause === undefined || this.#catalog.thingList(owner, field) === undefined) return false;
    return clause.object.refers || [...clause.weights.keys()].some((word) => field.nameTokens.has(word));
  }

  /**
   * The choice from a list by a name that a clause gives: the user Maria for the `assigneeId` of `assign it to Maria`, if only
   * one list has things, or people, with ids and names.
   */
  #listedByName(owner: Operation, field: Field, clause: Clause | undefined): Binding | undefined {
    // What people number themselves is no id of a person: `fileNumber`.
    const isId = isIdName(field.leaf) && !/number$/i.test(field.leaf);
    if (clause === undefined || clause.names.length === 0 || !isId) return undefined;
    const { collection } = subjectOf(owner);
    const lists = this.#catalog.operations.filter((operation) => {
      const { target, writes, list, inputs } = operation;
      return (
        target === owner.target &&
        !writes &&
        !inputs.some(({ required }) => required) &&
        list?.fields.some(isNameText) === true &&
        list.fields.some(({ leaf }) => isPlainIdName(leaf)) &&
        subjectOf(operation).collection !== collection
      );
    });
    const people = lists.filter(({ head, weights }) => head.has("~person") || weights.has("~person"));
    const [only, ...others] = people.length > 0 ? people : lists;
    const id = only?.list?.fields.find(({ leaf }) => isPlainIdName(leaf));
    if (only === undefined || id === undefined || others.length > 0) return undefined;
    const at = this.#steps.findLastIndex(({ operation }) => operation === only);
    const step = at >= 0 ? at : this.#place(only, undefined, 1);
    return { kind: "choice", choice: this.#choiceFrom(step, false), field: id };
  }

  /**
   * Whether a clause wants a value of an answer rather than the session's own value of that name: `follow its author`.
   */
  #isElsewhere(owner: Operation, field: Field, clause: Clause | undefined): boolean {
    return this.#catalog
      .sources(owner, field)
      .some(({ field: source, listed }) => listed && isMentioned(clause, field, source));
  }

  #choiceFrom(step: number, another: boolean, name?: ThingName): ListChoice {
    const last = this.#choices.findLast((choice) => choice.step === step);
    if (last !== undefined && !another && !this.#isOther(last, name)) {
      const span = this.#spans.get(last);
      if (span !== undefined) span[1] = Math.max(span[1], this.#at);
      return last;
    }
    const choice: ListChoice = {
      step,
      clauses: [],
      apart: last !== undefined && (another || name === undefined),
    };
    const listing = this.#steps[step];
    const from = listing === undefined ? this.#at : (this.#clauseOf.get(listing) ?? this.#at);
    this.#choices.push(choice);
    this.#spans.set(choice, [last === undefined ? from : this.#at, Math.max(from, this.#at)]);
    return choice;
  }

  /** Whether a choice has been made of another thing than the one that has a name. */
  #isOther(choice: ListChoice, name: ThingName | undefined): boolean {
    if (name === undefined || !this.#isShared(choice)) return false;
    return choice.called?.text !== name.text;
  }

  /** The thing that the goal itself has made under a name. */
  #madeByName(
    owner: Operation,
    field: Field,
    name: ThingName,
    sources: readonly Source[],
  ): Binding | undefined {
    const made = madeByName(this.#steps, owner, field, name);
    if (made === undefined || made.isGone) return undefined;
    const making = this.#steps[made.at] as Step;
    const source = ownIdOf(making.operation, field, sources);
    return source === undefined ? undefined : { kind: "answer", step: made.at, source, nth: made.nth };
  }

  /** The name of what a clause acts on, where it is not known of anything: no list shows names, and nothing was made under it. */
  #unknownName(operation: Operation, clause: Clause): ThingName | undefined {
    if (thingNamed(clause) === undefined) return undefined;
    const values = statedValues(operation, clause, this.#steps);
    for (const field of operation.inputs) {
      // The day or the size of a thing has no name.
      if (field.in !== "path" && !isReference(field) && !this.#catalog.takesListed(operation, field))
        continue;
      const name = nameOfActedOn(operation, clause, field, values);
      if (name === undefined || assignFacts(operation, this.#data).has(field)) continue;
      const made = madeByName(this.#steps, operation, field, name);
      if (made !== undefined) return made.isGone ? name : undefined;
      const sources = this.#catalog.sources(operation, field);
      const isListed = sources.some((source) => source.listed && showsNames(source.operation));
      // Nothing new is made to be what the goal calls by a name.
      const isOnlyMade =
        sources.length > 0 &&
        sources.every(
          ({ operation: { writes, inputs } }) => writes || inputs.some(({ required }) => required),
        );
      if (!isListed && (isOnlyMade || isMade(this.#steps, operation, field))) return name;
    }
    return undefined;
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

const PREPOSITION = /^(?:in|at|on|from|for|with|by|of|under|to) (?:the )?/i;

/** Whether a clause gives the number of the thing itself, `table 7`, and a list shows it by that number. */
const isStatedNumber = (field: Field, bound: Binding, clause: Clause | undefined): boolean =>
  clause !== undefined &&
  bound.kind === "choice" &&
  isNumeric(field) &&
  !/^_?id$/.test(bound.field.leaf) &&
  numberBeside(field, clause) !== undefined;

/** Whether a parameter of a path is that of the thing itself that something is done to, and not of what it is within. */
const isOfThing = ({ name }: Field, operation: Operation): boolean =>
  operation.path.endsWith(`{${name}}`) ||
  (subjectOf(operation).isAction && operation.path.lastIndexOf("{") === operation.path.indexOf(`{${name}}`));

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
