import type { Clause } from "@ape/catalog/goal/clause";
import type { Field } from "@ape/catalog/operations/field";
import type { Operation, Source } from "@ape/catalog/operations/operation-catalog";

/** Something that is chosen from a list, by its constraints. */
export interface ListChoice {
  /** Index of the step that lists. */
  step: number;
  /** Clauses that say what is wanted. */
  clauses: Clause[];
  /** Must differ from what the other choices of the list have taken. */
  apart: boolean;
}

/** Where an input gets its value from. */
export type Binding =
  | { kind: "fact"; name: string }
  | { kind: "choice"; choice: ListChoice; field: Field }
  | { kind: "answer"; step: number; source: Source };

/** One call that the goal needs. */
export interface Step {
  operation: Operation;
  /** What asked for it; undefined where another step needs it. */
  clause: Clause | undefined;
  bindings: Map<Field, Binding>;
}

/** The way to a goal: calls in their order, each input bound to where its value comes from. */
export interface Plan {
  steps: Step[];
  choices: ListChoice[];
}
