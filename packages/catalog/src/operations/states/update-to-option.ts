import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import type { Clause } from "../../goal/clause.ts";
import { plainNameOf } from "../../goal/phrases/plain-name.ts";
import { thingNamed } from "../../goal/phrases/thing-name.ts";
import { plain, stem } from "../../words/words.ts";
import type { Operation, OperationCatalog } from "../operation-catalog.ts";

/** Verbs that bring a thing into a state: `put the hearing back to scheduled`. */
const PUTS: ReadonlySet<string> = new Set("put bring return reset turn switch".split(" ").map(stem));
const PUT_TO = /\b(?:to|into)\s+(\p{Ll}+(?:\s\p{Ll}+)?)[.\s]*$/u;

/** Whether the verb of a clause brings a thing into a state that the clause names. */
export const putsInto = ({ lead = "" }: Clause): boolean => PUTS.has(lead);

/**
 * The only update that can bring a thing into the state that a clause wants, where it calls the thing by a name or says with its verb
 * that it is put there: `mark the oil lamp as good`, where props have a condition that can be `good`.
 */
export function updateToOption(clause: Clause, catalog: OperationCatalog): Operation | undefined {
  const { wanted, text, active } = clause;
  const puts = putsInto(clause);
  const said =
    (puts ? PUT_TO.exec(text)?.[1] : undefined) ?? (wanted?.negated === false ? wanted.word : undefined);
  if (!active || said === undefined) return undefined;
  const option = plain(said);
  const before = puts ? "(?:as|back to|to|into)" : "as";
  if (!new RegExp(`\\b${before} ${escapeRegExp(option)}\\b`, "i").test(text)) return undefined;
  if (!puts && plainNameOf(clause, catalog) === undefined && thingNamed(clause) === undefined)
    return undefined;
  const updates = catalog.operations.filter(
    ({ writes, path, inputs }) =>
      writes &&
      path.endsWith("}") &&
      inputs.some(
        (field) => field.in === "body" && field.enum?.some((one) => plain(String(one)) === option) === true,
      ),
  );
  const [only] = updates.filter(({ method }) => method === "PATCH").concat(updates);
  return new Set(updates.map(({ target, path }) => `${target} ${path}`)).size === 1 ? only : undefined;
}
