import type { View, ViewAnswer, ViewCall, ViewFact } from "@ape/core/view";

const TRAIL = 20;
const RESULTS = 3;
const FACTS = 24;

interface Fact {
  value: string;
  secret: boolean;
  /** As the policy sees it. */
  shown: ViewFact;
}

const factOf = (name: string, value: string, secret: boolean, origin: string): Fact => ({
  value,
  secret,
  shown: { name, value: secret ? `{{${name}}}` : value, origin },
});

/** A session's bounded memory: what it knows, its last calls in a line each, its last answers in digest. */
export class Memory {
  readonly #goal: string;
  readonly #persona: string | undefined;
  readonly #data: ReadonlyMap<string, Fact>;
  readonly #facts = new Map<string, Fact>();
  readonly #trail: ViewCall[] = [];
  readonly #results: ViewAnswer[] = [];
  #dropped = 0;

  constructor(
    goal: string,
    persona: string | undefined,
    row: Readonly<Record<string, string>>,
    secret: readonly string[],
  ) {
    this.#goal = goal;
    this.#persona = persona;
    this.#data = new Map(
      Object.entries(row).map(([name, value]) => [name, factOf(name, value, secret.includes(name), "data")]),
    );
  }

  /** Keeps a value under a name; the oldest of more than 24 is forgotten. A data column is never overwritten. */
  learn(name: string, value: string, secret: boolean, origin: string): boolean {
    if (this.#data.has(name)) return false;
    const changed = this.#facts.get(name)?.value !== value;
    this.#facts.delete(name);
    this.#facts.set(name, factOf(name, value, secret, origin));
    if (this.#facts.size > FACTS) {
      const oldest = this.#facts.keys().next().value;
      if (oldest !== undefined) this.#facts.delete(oldest);
    }
    return changed;
  }

  forget(name: string): void {
    this.#facts.delete(name);
  }

  /** The real value behind a placeholder. */
  read(name: string): string | undefined {
    return (this.#data.get(name) ?? this.#facts.get(name))?.value;
  }

  /** Whether a value was gained from an answer of this session (a data row's values are not). */
  hasGained(value: string): boolean {
    for (const fact of this.#facts.values()) if (fact.value === value) return true;
    const quoted = JSON.stringify(value);
    for (const result of this.#results) {
      const text = result.body;
      if (text.includes(quoted) || (/^-?\d+$/.test(value) && new RegExp(`[:[,]${value}[,}\\]]`).test(text)))
        return true;
    }
    return false;
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
    for (const list of [this.#data, this.#facts]) for (const { shown } of list.values()) facts.push(shown);
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

  /** Every secret of the data row, for masking. */
  *secrets(): Generator<string> {
    for (const list of [this.#data, this.#facts])
      for (const fact of list.values()) if (fact.secret) yield fact.value;
  }
}
