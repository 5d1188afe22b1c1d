import type { View, ViewAnswer, ViewCall, ViewFact } from "@ape/core/view";

const TRAIL = 20;
const RESULTS = 3;
const FACTS = 24;
/** Values of past calls that the target had issued: they may have left the answers that are still held. */
const USED = 24;
const MAX_USED = 100;

interface Fact {
  value: string;
  secret: boolean;
  /** An answer brought it, not the model. */
  issued: boolean;
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
  secret: boolean;
  issued: boolean;
  /** Where it came from: `step 3 POST /login`. */
  origin: string;
}

/** A session's bounded memory: what it knows, its last calls in a line each, its last answers in digest. */
export class Memory {
  readonly #goal: string;
  readonly #persona: string | undefined;
  readonly #data: ReadonlyMap<string, Fact>;
  #facts: Map<string, Fact> | undefined;
  readonly #trail: ViewCall[] = [];
  readonly #results: ViewAnswer[] = [];
  readonly #used: string[] = [];
  #dropped = 0;

  constructor(
    goal: string,
    persona: string | undefined,
    row: Readonly<Record<string, string>>,
    secret: readonly string[],
  ) {
    this.#goal = goal;
    this.#persona = persona;
    let data: Map<string, Fact> | undefined;
    for (const name in row) {
      data ??= new Map();
      const value = row[name] ?? "";
      const hidden = secret.includes(name);
      const shown: ViewFact = { name, value: hidden ? `{{${name}}}` : value, origin: "data" };
      data.set(name, { value, secret: hidden, issued: false, shown });
    }
    this.#data = data ?? NOTHING;
  }

  /** Keeps a value under a name; beyond 24 the oldest is forgotten, secrets last. A data column is never overwritten. */
  learn({ name, value, shown, secret, issued, origin }: Learned): boolean {
    if (this.#data.has(name)) return false;
    this.#facts ??= new Map();
    const changed = this.#facts.get(name)?.value !== value;
    this.#facts.delete(name);
    this.#facts.set(name, {
      value,
      secret,
      issued,
      shown: { name, value: secret ? `{{${name}}}` : shown, origin },
    });
    if (this.#facts.size > FACTS) forgetOldest(this.#facts);
    return changed;
  }

  forget(name: string): void {
    this.#facts?.delete(name);
  }

  /** The real value behind a placeholder. */
  read(name: string): string | undefined {
    return (this.#data.get(name) ?? this.#facts?.get(name))?.value;
  }

  /** Whether a value came from an answer of this session; what the data row or the model brought did not. */
  hasIssued(value: string): boolean {
    if (this.#used.includes(value)) return true;
    if (this.#facts !== undefined)
      for (const fact of this.#facts.values()) if (fact.issued && fact.value === value) return true;
    // An error only repeats what it was sent.
    for (const { status, body } of this.#results) if (status < 400 && holdsValue(body, value)) return true;
    return false;
  }

  /** Remembers that a call used a value that the target had issued. */
  use(value: string): void {
    if (value.length > MAX_USED || this.#used.includes(value)) return;
    this.#used.push(value);
    if (this.#used.length > USED) this.#used.shift();
  }

  /** Keeps a call and its answer. */
  remember(answer: ViewAnswer): void {
    const { step, target, call, status, note } = answer;
    this.#trail.push(
      note === undefined ? { step, target, call, status } : { step, target, call, status, note },
    );
    if (this.#trail.length > TRAIL) {
      this.#trail.shift();
      this.#dropped += 1;
    }
    this.#results.push(answer);
    if (this.#results.length > RESULTS) this.#results.shift();
  }

  /** What a policy decides from. Its size does not grow with the session. */
  view(problem: string | undefined): View {
    const facts: ViewFact[] = [];
    for (const { shown } of this.#data.values()) facts.push(shown);
    if (this.#facts !== undefined) for (const { shown } of this.#facts.values()) facts.push(shown);
    const view: View = {
      goal: this.#goal,
      facts,
      trail: this.#trail,
      dropped: this.#dropped,
      results: this.#results,
    };
    if (this.#persona !== undefined) view.persona = this.#persona;
    if (problem !== undefined) view.problem = problem;
    return view;
  }
}

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

/** Whether a JSON text holds a text or a number as a whole value, not as a field's name. */
function holdsValue(json: string, value: string): boolean {
  const quoted = JSON.stringify(value);
  for (let at = json.indexOf(quoted); at >= 0; at = json.indexOf(quoted, at + 1)) {
    const after = json[at + quoted.length];
    if (after === undefined || ",]}".includes(after)) return true;
  }
  if (!/^-?\d+(?:\.\d+)?$/.test(value)) return false;
  for (let at = json.indexOf(value); at >= 0; at = json.indexOf(value, at + 1)) {
    const before = json[at - 1];
    const after = json[at + value.length];
    if (before !== undefined && ":[,".includes(before) && after !== undefined && ",]}".includes(after))
      return true;
  }
  return false;
}
