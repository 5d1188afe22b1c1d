import type { Field } from "../operations/field.ts";
import type { Operation } from "../operations/operation-catalog.ts";
import type { Clause } from "./clause.ts";

/** A call, the clause that asks for it, and the inputs whose values come from elsewhere. */
export interface ConstrainedStep {
  operation: Operation;
  clause: Clause | undefined;
  bindings: ReadonlyMap<Field, { kind: string; name?: string }>;
}
