import { foldIds } from "@ape/core/operation";

const MAX_OPERATIONS = 200;

/** Bounded names for what no document names: ids folded, at most 200 of a target, then `other`. */
export class OperationLabels {
  readonly #known = new Set<string>();

  of(verb: string, name: string): string {
    const folded = `${verb} ${foldIds(name)}`;
    if (this.#known.has(folded)) return folded;
    if (this.#known.size >= MAX_OPERATIONS) return "other";
    this.#known.add(folded);
    return folded;
  }
}
