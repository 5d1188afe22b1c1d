import type { Clause } from "@ape/catalog/goal/clause";
import { namesField } from "@ape/catalog/goal/phrases/named-field";
import type { ThingName } from "@ape/catalog/goal/phrases/thing-name";
import { type Field, isWhereabouts } from "@ape/catalog/operations/field";
import { mainNouns } from "@ape/catalog/words/object-phrase";
import { stemsOf } from "@ape/catalog/words/words";
import type { Json } from "@ape/core/lib/json";

/**
 * Keeps the value of a change to the field that the clause names: a word of the name names none, as in `set the location of the Steinway
 * Model B`, and no place is given for `change the owner of the Heron to Ada Birk`.
 */
export function keepToldField(
  clause: Clause,
  called: ThingName | undefined,
  fields: readonly Field[],
  stated: Map<Field, Json>,
): void {
  const [head] = mainNouns(clause);
  if (clause.verb !== "~update" || called?.of !== true || head === undefined || clause.object.refers) return;
  const ofName = new Set(stemsOf(called.whole));
  if (ofName.has(head)) return;
  const nouns = new Map([...clause.object.nouns].filter(([noun]) => !ofName.has(noun)));
  const own = { ...clause, object: { ...clause.object, nouns } };
  const isTold = ({ nameTokens, textTokens }: Field): boolean => namesField(own, nameTokens, textTokens);
  const told = fields.filter(isTold);
  for (const [field, value] of stated) {
    if (isTold(field)) continue;
    const isOfName = [...field.nameTokens.keys()].some((word) => ofName.has(word));
    if (!isOfName && !(isWhereabouts(field) && !isWhereabouts({ ...field, leaf: head }))) continue;
    stated.delete(field);
    const [only, ...others] = told;
    if (
      only !== undefined &&
      others.length === 0 &&
      !stated.has(only) &&
      clause.quoted.includes(String(value))
    )
      stated.set(only, value);
  }
}
