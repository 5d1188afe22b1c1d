import { isMethod } from "@ape/core/protocol/operations/operation";
import type { Field } from "../../operations/field.ts";
import { collectionPath, withoutItem } from "../../operations/made-resource.ts";
import type { Operation, OperationCatalog } from "../../operations/operation-catalog.ts";
import { resultNouns, subjectOf } from "../../operations/operation-subject.ts";
import { areKin } from "../../words/thesaurus.ts";
import { answerPath, entryPath } from "../answer-path.ts";
import type { CheckDraft, ExpectedValue, SingleCheckDraft } from "../check-draft.ts";
import type { GoalPart } from "../goal-parts.ts";
import { thingsTold } from "../identity/clauses-about.ts";
import { parameterOf } from "../identity/path-things.ts";
import { tells } from "../identity/telling-fields.ts";
import { topFields, unnamed } from "../thing-read.ts";
import { assertedIn } from "./asserted-value.ts";

/**
 * The check of what a part asserts, by a read that the session makes: `GET /instruments/{id}` shows `SM-02` and that it is online,
 * or the list does. Undefined where no read of one thing knows what is asserted.
 */
export function assertionCheck(
  part: GoalPart,
  catalog: OperationCatalog,
  name: (operation: Pick<Operation, "target" | "key">) => string,
): { read: Operation; check: CheckDraft } | undefined {
  const read = readOf(part, catalog);
  const [asserted] = read === undefined ? [] : assertedIn(topFields(read.answers), [part.clause]);
  if (read === undefined || asserted === undefined) return undefined;
  const [field, value] = asserted;
  const told = part.about.flatMap(thingsTold);
  let { key } = read;
  for (const one of told) {
    const parameter = parameterOf(one, read, catalog);
    if (parameter !== undefined) key = key.replace(`{${parameter.name}}`, one.text);
  }
  const isFixed = key !== read.key;
  const text = topFields(read.answers).some(tells) ? told.find((one) => !one.isNumber)?.text : undefined;
  const single: SingleCheckDraft = {
    action: {
      operation: name({ target: read.target, key }),
      status: "2xx",
      body: { [answerPath(read, field)]: value },
      ...(isFixed || text === undefined ? {} : { text: { contains: text } }),
    },
  };
  const entry = isFixed || text === undefined ? undefined : inList(read, text, field, value, catalog, name);
  return { read, check: entry === undefined ? single : { anyOf: [single, entry] } };
}

/** The read of one thing that knows what a part asserts: the part's own, else the only one, of things of the noun that it names. */
function readOf(
  { clause, about, operation }: GoalPart,
  { operations }: OperationCatalog,
): Operation | undefined {
  const reads = operations.filter(
    ({ target, writes, call, path, answers }) =>
      (operation === undefined || target === operation.target) &&
      !writes &&
      isMethod(call) &&
      collectionPath(path).endsWith("}") &&
      assertedIn(topFields(answers), [clause]).size > 0,
  );
  const nouns = about.flatMap((one) => [
    ...one.object.nouns.keys(),
    ...thingsTold(one).flatMap(({ noun }) => noun ?? []),
  ]);
  const ofNoun = reads.filter((read) =>
    resultNouns(subjectOf(read)).some((own) => nouns.some((noun) => areKin(own, noun))),
  );
  const found = reads.find((read) => read === operation);
  const [only, ...others] = ofNoun.length > 0 ? ofNoun : reads;
  return found ?? (others.length === 0 ? only : undefined);
}

/** The same by the list of such things, of the entry that has the name or the code. */
function inList(
  read: Operation,
  text: string,
  field: Field,
  value: ExpectedValue,
  { operations }: OperationCatalog,
  name: (operation: Pick<Operation, "target" | "key">) => string,
): SingleCheckDraft | undefined {
  const path = unnamed(withoutItem(collectionPath(read.path)));
  const list = operations.find(
    (one) =>
      one.target === read.target && !one.writes && one.list !== undefined && unnamed(one.path) === path,
  );
  const key = list?.list?.fields.find((one) => tells(one))?.leaf;
  if (list === undefined || key === undefined) return undefined;
  const place = entryPath(list, key, text, field.leaf);
  return { action: { operation: name(list), status: "2xx", body: { [place]: value } } };
}
