import { foldIds } from "@ape/core/protocol/operations/operation";

const MAX_OPERATIONS = 200;
/** Maximum number of names whose operation is cached. */
const MAX_NAMES = 1_000;

/** Bounded names for undocumented operations: ids are folded, at most 200 per target, then `other`. */
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
