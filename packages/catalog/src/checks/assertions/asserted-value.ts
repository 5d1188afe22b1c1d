import type { Clause } from "../../goal/clause.ts";
import { type Field, isNumeric, isText } from "../../operations/field.ts";
import { plain } from "../../words/words.ts";
import type { ExpectedValue } from "../check-draft.ts";
import { isFreeText } from "../identity/telling-fields.ts";

/** `Check that the trip is underway`, `make sure its purpose is "Swap filter"`; `see whether it is starred` only asks. */
const ASSERTION =
  /\b(?:(?:check|verify|confirm|see)\s+that|(?:ensure|make sure)(?:\s+that)?)\s+(?<subject>.+?)\s+(?:is|are|was|were)\s+(?:now\s+|still\s+|really\s+|indeed\s+)?(?<negated>not\s+)?(?:set to\s+)?(?<value>.+?)[.!\s]*$/iu;
/** What is said of a field of a thing: `its purpose`, `the purpose of it`. */
const FIELD = /^(?:its|their|his|her|the)\s+(?<name>[\p{L} -]+?)(?:\s+of\s.+)?$/iu;
const QUOTED = /^["“'‘](.*)["”'’]$/su;

/** What a clause says that has to be so. */
export interface Assertion {
  /** What it is said of, as the goal says it. */
  subject: string;
  negated: boolean;
  value: string;
}

/** What a clause asserts; undefined where it asserts nothing that can be compared. */
export function assertionOf({ said }: Pick<Clause, "said">): Assertion | undefined {
  const { subject = "", negated, value = "" } = ASSERTION.exec(said)?.groups ?? {};
  return subject === "" || value === "" ? undefined : { subject, negated: negated !== undefined, value };
}

/** Whether a clause asserts something that a check can compare. */
export const makesAssertion = (clause: Pick<Clause, "said">): boolean => assertionOf(clause) !== undefined;

/** What the fields of an answer must hold for what clauses assert: values and states that the document knows. */
export function assertedIn(
  fields: readonly Field[],
  clauses: readonly Pick<Clause, "said">[],
): Map<Field, ExpectedValue> {
  const values = new Map<Field, ExpectedValue>();
  for (const assertion of clauses.map(assertionOf)) {
    const found = assertion && (ofField(fields, assertion) ?? ofState(fields, assertion));
    if (found !== undefined) values.set(...found);
  }
  return values;
}

/** A value of the field that the assertion names. */
function ofField(
  fields: readonly Field[],
  { subject, negated, value }: Assertion,
): [Field, ExpectedValue] | undefined {
  const name = plain(FIELD.exec(subject)?.groups?.name ?? "");
  const field = name === "" ? undefined : fields.find(({ leaf }) => plain(leaf) === name);
  if (field === undefined) return undefined;
  const text = QUOTED.exec(value)?.[1] ?? value;
  const wanted =
    optionOf(field, text) ??
    (isNumeric(field) && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined) ??
    (isText(field) && isFreeText(field) ? text : undefined);
  return wanted === undefined ? undefined : [field, negated ? { ne: wanted } : wanted];
}

/** A state that a field of the document can have. */
function ofState(
  fields: readonly Field[],
  { negated, value }: Assertion,
): [Field, ExpectedValue] | undefined {
  for (const field of fields) {
    const option = optionOf(field, value);
    if (option !== undefined) return [field, negated ? { ne: option } : option];
    const flag = plain(field.leaf).replace(/^(?:is|has|was) /, "");
    if (field.type === "boolean" && flag === plain(value)) return [field, !negated];
  }
  return undefined;
}

const optionOf = ({ enum: options }: Field, text: string): string | undefined =>
  options?.find((option): option is string => typeof option === "string" && plain(option) === plain(text));
