import { choiceConstraints } from "../src/goal/choice-constraints.ts";
import { type Clause, clausesOf } from "../src/goal/clause.ts";
import { type Operation, OperationCatalog } from "../src/operations/operation-catalog.ts";
import { apiOf } from "./api-lines.ts";

/** The first clause of a goal; `verbs` are stems of those that an API has. */
export function firstClause(goal: string, verbs: readonly string[] = []): Clause {
  const [clause] = clausesOf(goal, new Set(verbs));
  if (clause === undefined) throw new Error(`no clause in ${goal}`);
  return clause;
}

/** The only operation of a REST API that a line of {@link apiOf} gives. */
export function onlyOperation(line: string): Operation {
  const [operation] = new OperationCatalog([apiOf("rest", line)]).operations;
  if (operation === undefined) throw new Error(`no operation in ${line}`);
  return operation;
}

/** What the first clause of a goal gives to the inputs of an operation, by their names. */
export function valuesStated(goal: string, operation: Operation): Record<string, unknown> {
  const values = choiceConstraints({ operation, clause: firstClause(goal), bindings: new Map() }, []);
  return Object.fromEntries([...values].map(([{ name }, value]) => [name, value]));
}
