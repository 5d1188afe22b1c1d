import type { Json } from "@ape/core/lib/json";
import {
  foldedNote,
  type ShownBody,
  unfoldNote,
  type View,
  type ViewAnswer,
  type ViewCall,
  type ViewDone,
  type ViewFact,
  type ViewSearch,
} from "@ape/core/protocol/view";
import { type AnswerSource, type Issue, issuesIn, offersPath } from "../attribution/provenance.ts";
import { noteShown, showsRestriction } from "../attribution/resource-state.ts";
import { shownStates } from "../attribution/shown-state.ts";
import type { DataRow } from "../session/data-row.ts";

const TRAIL = 20;
const RESULTS = 3;
const FACTS = 24;
/** Operations of which successes are counted after their calls left the history. */
const MAX_DONE = 24;
/** Values of past calls that the target had issued: the answers that issued them may no longer be held. */
const USED = 24;
const MAX_USED = 100;
/** Longest value that can be the id of several things. */
const MAX_AMBIGUOUS = 6;
const MAX_ISSUES = 4;
const NO_ISSUES: readonly Issue[] = [];

interface Fact {
  value: string;
  secret: boolean;
  /** The target that issued a secret, the only one it may be sent to; undefined for other values. */
  issuer: string | undefined;
  /** Where an answer showed it; undefined if the model or the data row brought it. */
  issue: Issue | undefined;
  /** That answer was about the session's own account. */
  own: boolean;
  /** As the policy sees it. */
  shown: ViewFact;
}

const NOTHING: ReadonlyMap<string, Fact> = new Map();

/** What to keep under a name. */
export interface Learned {
  name: string;
  value: string;
  /** As the policy may see it: secrets as placeholders. */
  shown: string;
  /** For a secret: the target that issued it. */
  issuer: string | undefined;
  issue: Issue | undefined;
  own?: boolean;
  /** Where it came from: `step 3 POST /login`. */
  origin: string;
}

/** A session's bounded memory: facts, its last calls in one line each, its last answers as digests. */
export class Memory {
  readonly #goal: string;
  readonly #persona: string | undefined;
  readonly #data: ReadonlyMap<string, Fact>;
  /** The targets that secrets of the data row may be sent to; undefined for every one. */
  readonly #secretFor: readonly string[] | undefined;
  #facts: Map<string, Fact> | undefined;
  readonly #trail: ViewCall[] = [];
  readonly #results: ViewAnswer[] = [];
  /** Operation and path of each of the results. */
  readonly #sources: AnswerSource[] = [];
  #used: Map<string, readonly Issue[]> | undefined;
  /** Operations of the calls of the history. */
  readonly #operations: string[] = [];
  #dropped = 0;
  #done: ViewDone[] | undefined;
  /** How often in a row the last call had the same answer. */
  #repeats = 1;
  #found: ViewSearch | undefined;

  constructor(goal: string, persona: string | undefined, row: DataRow | undefined) {
    const { values = {}, secret = [], secretFor } = row ?? {};
    this.#secretFor = secretFor;
    this.#goal = goal;
    this.#persona = persona;
    let data: Map<string, Fact> | undefined;
    for (const name in values) {
      data ??= new Map();
      const value = values[name] ?? "";
      const hidden = secret.includes(name);
      const shown: ViewFact = { name, value: hidden ? `{{${name}}}` : value, origin: "data" };
      data.set(name, { value, secret: hidden, issuer: undefined, issue: undefined, own: true, shown });
    }
    this.#data = data ?? NOTHING;
  }

  /** Keeps a value under a name; beyond 24 the oldest is forgotten, secrets last. A data column is never overwritten. */
  learn({ name, value, shown, issuer, issue, own = false, origin }: Learned): boolean {
    if (this.#data.has(name)) return false;
    this.#facts ??= new Map();
    const secret = issuer !== undefined;
    const key = keyOf(name, issuer);
    const changed = this.#facts.get(key)?.value !== value;
    this.#facts.delete(key);
    this.#facts.set(key, {
      value,
      secret,
      issuer,
      issue,
      own,
      shown: { name, value: secret ? `{{${name}}}` : shown, origin },
    });
    if (this.#facts.size > FACTS) forgetOldest(this.#facts);
    return changed;
  }

  /** Forgets a secret that a target issued. */
  forget(name: string, issuer: string): void {
    this.#facts?.delete(keyOf(name, issuer));
  }

  /** The real value behind a name, whatever target it came from. */
  read(name: string): string | undefined {
    const fact = this.#data.get(name) ?? this.#facts?.get(name);
    return (fact ?? this.#secret(name))?.value;
  }

  /** Returns the real value of a placeholder in a call to a target; not secrets of other targets. */
  readFor(name: string, target: string): string | undefined {
    const column = this.#data.get(name);
    if (column !== undefined) return column.secret && !this.#isBoundTo(target) ? undefined : column.value;
    return (this.#facts?.get(keyOf(name, target)) ?? this.#facts?.get(name))?.value;
  }

  /** Why a placeholder cannot be filled in for a target, in one sentence for the model. */
  explain(name: string, target: string): string {
    const owners =
      this.#data.get(name)?.secret === true ? (this.#secretFor ?? []) : [this.#secret(name)?.issuer];
    const [owner] = owners;
    if (owner !== undefined)
      return `{{${name}}} belongs to ${owners.join(" and ")} and is not sent to ${target}: another API must not see it`;
    if (this.#data.has(name))
      return `{{${name}}} is not sent to ${target}: the configuration (data.for) does not say which API it is for`;
    return `nothing is known as {{${name}}}`;
  }

  #isBoundTo(target: string): boolean {
    return this.#secretFor?.includes(target) ?? true;
  }

  /** The latest secret of that name that any target issued. */
  #secret(name: string): Fact | undefined {
    let found: Fact | undefined;
    if (this.#facts !== undefined)
      for (const fact of this.#facts.values()) if (fact.secret && fact.shown.name === name) found = fact;
    return found;
  }

  /** Where answers of this session showed a value; none for what the data row or the model brought. */
  issues(value: string): readonly Issue[] {
    const used = this.#used?.get(value) ?? NO_ISSUES;
    const held = this.#heldIssues(value);
    return held.length === 0 ? used : used.length === 0 ? held : [...used, ...held];
  }

  #heldIssues(value: string): readonly Issue[] {
    let found: Issue[] | undefined;
    if (this.#facts !== undefined)
      for (const fact of this.#facts.values())
        if (fact.issue !== undefined && fact.value === value) {
          found ??= [];
          found.push(fact.issue);
        }
    for (const [at, { status, body }] of this.#results.entries()) {
      // An error only repeats what it was sent.
      if (status >= 400) continue;
      const source = this.#sources[at] as AnswerSource;
      if (source.etag === value) {
        found ??= [];
        found.push({ kinds: ["etag"], operation: source.operation, path: source.path, siblings: [] });
      }
      if (!body.includes(value)) continue;
      found ??= [];
      found.push(...issuesIn(body, value, source));
    }
    return found ?? NO_ISSUES;
  }

  /** Remembers that a call used a value, if a target had issued it: the answer may be forgotten later. */
  use(value: string): void {
    if (value.length > MAX_USED) return;
    const known = this.#used?.get(value);
    // The same small number can name several things.
    if (known !== undefined && (value.length > MAX_AMBIGUOUS || known.length >= MAX_ISSUES)) return;
    const issues = this.#heldIssues(value);
    if (issues.length === 0) return;
    this.#used ??= new Map();
    this.#used.set(value, known === undefined ? issues : [...known, ...issues].slice(0, MAX_ISSUES));
    if (this.#used.size > USED) this.#used.delete(this.#used.keys().next().value as string);
  }

  /** Whether a value stands in the data row. */
  isData(value: string): boolean {
    for (const fact of this.#data.values()) if (fact.value === value) return true;
    return false;
  }

  /** Whether a value is known to be the session's own: of its data row, or of its sign-in. */
  isOwn(value: string): boolean {
    if (this.isData(value)) return true;
    if (this.#facts !== undefined)
      for (const fact of this.#facts.values()) if (fact.own && fact.value === value) return true;
    return false;
  }

  /** Whether an answer that is still held offered a path as a link. */
  offers(path: string): boolean {
    return this.#results.some(
      ({ status, body, headers }) =>
        status < 400 &&
        (offersPath(body, path) || (headers !== undefined && offersPath(JSON.stringify(headers), path))),
    );
  }

  /** The states that answers showed of the resource with an id, the latest last. */
  states(id: string): readonly string[] {
    return shownStates(
      this.#results.filter(({ status }) => status < 400).map(({ body }) => body),
      id,
    );
  }

  /**
   * Whether the answer to the POST that brought a value is held, and nothing that is held about it shows a state, flag or
   * right: neither the answers nor the requests.
   */
  isShownFree(id: string): boolean {
    let created = false;
    for (const [at, { status, body, call }] of this.#results.entries()) {
      if (status >= 400 || !body.includes(id)) continue;
      created ||= (this.#sources[at] as AnswerSource).operation.startsWith("POST ");
      const sent = call.indexOf('{"');
      if (!isFree(body) || (sent >= 0 && !isFree(call.slice(sent)))) return false;
    }
    return created;
  }

  /** Names and values that the held answer to the POST which brought an id showed, and those of its request. */
  shown(id: string): ReadonlySet<string> {
    const shown = new Set<string>();
    for (const [at, { status, body, call }] of this.#results.entries()) {
      if (status >= 400 || !body.includes(id)) continue;
      if (!(this.#sources[at] as AnswerSource).operation.startsWith("POST ")) continue;
      const sent = call.indexOf('{"');
      for (const text of [body, sent < 0 ? "" : call.slice(sent)]) {
        const json = jsonOf(text);
        if (json !== undefined) noteShown(json, shown);
      }
    }
    return shown;
  }

  /**
   * Keeps a call and its answer. The same call with the same answer is kept once, with a count. Answers are dropped in
   * this order: one whose call was repeated, one that failed, the oldest. So failures in a row do not displace the last
   * good answers.
   */
  remember(answer: ViewAnswer, source: AnswerSource): void {
    const last = this.#results.at(-1);
    if (last !== undefined && isSameAnswer(last, answer)) {
      this.#repeats += 1;
      answer.note = foldedNote(answer.note, this.#repeats);
      this.#results[this.#results.length - 1] = answer;
      this.#trail[this.#trail.length - 1] = callOf(answer);
      return;
    }
    this.#repeats = 1;
    const before = isWrite(answer) && answer.status < 400 ? this.#doneIn(answer) : undefined;
    if (before !== undefined)
      answer.note = `${answer.note === undefined ? "" : `${answer.note}; `}the same call went well in step ${before}`;
    this.#trail.push(callOf(answer));
    this.#operations.push(source.operation);
    if (this.#trail.length > TRAIL) this.#drop();
    this.#results.push(answer);
    this.#sources.push(source);
    if (this.#results.length > RESULTS) {
      const at = this.#leastUseful();
      this.#results.splice(at, 1);
      this.#sources.splice(at, 1);
    }
    // An answer whose call left the history has no position.
    const [oldest] = this.#trail;
    while (oldest !== undefined && (this.#results[0]?.step ?? oldest.step) < oldest.step) {
      this.#results.shift();
      this.#sources.shift();
    }
  }

  /** Takes the oldest call off the history; what it did still counts. */
  #drop(): void {
    const call = this.#trail.shift();
    const operation = this.#operations.shift();
    this.#dropped += 1;
    if (call === undefined || operation === undefined || !isGood(call)) return;
    const { times } = unfoldNote(call.note);
    this.#done ??= [];
    const known = this.#done.find((one) => one.operation === operation && one.target === call.target);
    if (known !== undefined) known.times += times;
    else if (this.#done.length < MAX_DONE) this.#done.push({ target: call.target, operation, times });
  }

  /** The step in which the same call succeeded before. */
  #doneIn({ target, call }: ViewAnswer): number | undefined {
    return this.#trail.findLast((one) => one.target === target && one.call === call && isGood(one))?.step;
  }

  /** Of the answers but the last: the first whose call was made again, else the first that failed, else the oldest. */
  #leastUseful(): number {
    const results = this.#results;
    let failed = -1;
    for (let at = 0; at < results.length - 1; at += 1) {
      const one = results[at] as ViewAnswer;
      for (let later = at + 1; later < results.length; later += 1) {
        const { target, call } = results[later] as ViewAnswer;
        if (target === one.target && call === one.call) return at;
      }
      if (failed < 0 && !isGood(one)) failed = at;
    }
    return Math.max(0, failed);
  }

  /** The answer of a step; undefined if it was dropped. */
  answerOf(step: number): ViewAnswer | undefined {
    return this.#results.find((answer) => answer.step === step);
  }

  /** Replaces the shown part of an answer, unless it was dropped. */
  showAnew(step: number, shown: ShownBody): void {
    const at = this.#results.findIndex((answer) => answer.step === step);
    const answer = this.#results[at];
    if (answer === undefined) return;
    const { table: _, ...others } = answer;
    this.#results[at] = { ...others, ...shown };
  }

  /**
   * Keeps the last search among the operations that the prompt leaves out. It is no answer of a target: it issues no
   * value.
   */
  keepFound(search: ViewSearch): void {
    this.#found = search;
  }

  /** What a policy decides from. Its size does not grow with the session. */
  view(problem: string | undefined, now?: Pick<View, "today" | "stepsLeft">): View {
    const facts: ViewFact[] = [];
    for (const { shown } of this.#data.values()) facts.push(shown);
    if (this.#facts !== undefined) for (const { shown } of this.#facts.values()) facts.push(shown);
    const view: View = {
      goal: this.#goal,
      facts,
      trail: this.#trail,
      dropped: this.#dropped,
      results: this.#results,
      ...now,
    };
    if (this.#persona !== undefined) view.persona = this.#persona;
    if (this.#done !== undefined) view.done = this.#done;
    if (this.#found !== undefined) view.found = this.#found;
    if (problem !== undefined) view.problem = problem;
    return view;
  }
}

const isGood = ({ status }: ViewCall): boolean => status >= 200 && status < 400;

const isWrite = ({ call }: ViewCall): boolean => /^(?:POST|PUT|PATCH|DELETE|mutation) /.test(call);

const isSameAnswer = (a: ViewAnswer, b: ViewAnswer): boolean =>
  a.target === b.target && a.call === b.call && a.status === b.status && a.body === b.body;

function callOf({ step, target, call, status, note }: ViewAnswer): ViewCall {
  return note === undefined ? { step, target, call, status } : { step, target, call, status, note };
}

/** Whether a JSON text shows no state in which a refusal could be right; a text that was cut may hold any state. */
function isFree(json: string): boolean {
  const value = jsonOf(json);
  return value !== undefined && !showsRestriction(value);
}

/** Secrets are kept per issuing target, other values by name alone. */
const keyOf = (name: string, issuer: string | undefined): string =>
  issuer === undefined ? name : `${name}\0${issuer}`;

function forgetOldest(facts: Map<string, Fact>): void {
  let oldest: string | undefined;
  for (const [name, { secret }] of facts) {
    oldest ??= name;
    if (secret) continue;
    oldest = name;
    break;
  }
  if (oldest !== undefined) facts.delete(oldest);
}

/** A text's JSON; undefined if it was cut. */
function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
