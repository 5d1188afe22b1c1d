import { choiceConstraints } from "@ape/catalog/goal/choice-constraints";
import type { Clause } from "@ape/catalog/goal/clause";
import { codesIn } from "@ape/catalog/goal/values/written-code";
import type { Field } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";

/** The fields of a body to which a clause gives a code: they are taken from nothing else, `create the job TR-26/121`. */
export function fieldsOfCodes(operation: Operation, clause: Clause): Field[] {
  const codes = codesIn(clause.text);
  if (codes.length === 0) return [];
  return [...choiceConstraints({ operation, clause, bindings: new Map() }, [])].flatMap(([field, value]) =>
    field.in === "body" && !OF_PROGRAMS.test(field.leaf) && codes.includes(String(value)) ? field : [],
  );
}

/** Names of ids that only programs write. */
const OF_PROGRAMS = /(?:id|guid|key|slug|handle)$/i;
