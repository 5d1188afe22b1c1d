import { foldIds } from "@ape/core/protocol/operations/operation";

const MAX_OPERATIONS = 200;
/** Names whose operation is kept, because they come again and again. */
const MAX_NAMES = 1_000;

/** Bounded names for what no document names: ids folded, at most 200 of a target, then `other`. */
export class OperationLabels {
  readonly #known = new Set<string>();
  readonly #seen = new Map<string, string>();

  of(verb: string, name: string): string {
    const call = `${verb} ${name}`;
    const seen = this.#seen.get(call);
    if (seen !== undefined) return seen;
    const label = this.#labelOf(`${verb} ${foldIds(name)}`);
    if (this.#seen.size < MAX_NAMES) this.#seen.set(call, label);
    return label;
  }

  #labelOf(folded: string): string {
    if (this.#known.has(folded)) return folded;
    if (this.#known.size >= MAX_OPERATIONS) return "other";
    this.#known.add(folded);
    return folded;
  }
}
