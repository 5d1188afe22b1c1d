import { withoutIdSuffix } from "@ape/core/protocol/id-name";
import type { Clause } from "../../goal/clause.ts";
import { areKin } from "../../words/thesaurus.ts";
import { plain, stem, stemsOf } from "../../words/words.ts";
import { type Field, isReference } from "../field.ts";
import type { Operation, OperationCatalog } from "../operation-catalog.ts";
import { resultNouns, subjectOf } from "../operation-subject.ts";

/** `Set the driver of the bus "Red 5" to Ida Lund`: what is changed, what it is of, and a name. */
const OF_THING =
  /^\W*(?:(?:then|also|please|finally|now|and)\s+)*\p{L}+\s+(?:the|its|their)\s+(\p{Ll}[\p{Ll}-]*)\s+(?:of|for|on|in)\s+(.*?)\s*\bto\s+(?:the\s+)?(?:\p{Ll}[\p{Ll}-]*\s+)?(?:\p{Lu}|quoted\d|$)/iu;

/**
 * The only update that sets the id of another thing by which a clause says what it changes: `change the driver of the bus "Red 5" to
 * Ida Lund` is `PATCH /buses/{id}` with its `driverId`, and changes no driver.
 */
export function referenceChange(clause: Clause, { operations }: OperationCatalog): Operation | undefined {
  if (!clause.active || clause.verb !== "~update") return undefined;
  const [, noun = "", thing = ""] = OF_THING.exec(clause.text) ?? [];
  if (noun === "") return undefined;
  const words = stemsOf(thing);
  const updates = operations.filter(
    (operation) =>
      (operation.method === "PATCH" || operation.method === "PUT") &&
      operation.path.endsWith("}") &&
      operation.inputs.some((field) => setsIdOf(field, noun)),
  );
  const said = updates.filter((operation) =>
    resultNouns(subjectOf(operation)).some((one) => words.some((word) => word === one || areKin(word, one))),
  );
  const meant = said.length > 0 ? said : updates;
  const [only] = meant.filter(({ method }) => method === "PATCH").concat(meant);
  return new Set(meant.map(({ target, path }) => `${target} ${path}`)).size === 1 ? only : undefined;
}

/** Whether an input of a body takes the id of what a noun names: `driverId`, `driver`. */
const setsIdOf = (field: Field, noun: string): boolean =>
  field.in === "body" && isReference(field) && stem(plain(withoutIdSuffix(field.leaf))) === stem(noun);
