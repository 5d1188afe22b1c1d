import type { Clause } from "../../goal/clause.ts";
import { asserts } from "../../goal/things/sought-text.ts";
import { plain } from "../../words/words.ts";
import type { Operation, OperationCatalog } from "../operation-catalog.ts";

const STATE =
  /\b(?:is|are|was|were)\s+(?:(?:now|still|really|not)\s+)*(\p{L}[\p{L}-]*(?:\s\p{L}+)?)[.\s]*$/iu;

/**
 * The read of the only kind of thing that can be in the state that a clause asserts, where it calls the thing by a name or a code
 * alone: `check that SM-02 is online`, where instruments can be `online`.
 */
export function assertedRead(clause: Clause, { operations }: OperationCatalog): Operation | undefined {
  if (!asserts(clause) || clause.object.refers || clause.object.nouns.size > 0) return undefined;
  const state = plain(STATE.exec(clause.text)?.[1] ?? "");
  if (state === "") return undefined;
  const reads = operations.filter(
    ({ writes, list, path, answers }) =>
      !writes &&
      list === undefined &&
      path.endsWith("}") &&
      answers.some(({ enum: options }) => options?.some((option) => plain(String(option)) === state)),
  );
  return reads.length === 1 ? reads[0] : undefined;
}
