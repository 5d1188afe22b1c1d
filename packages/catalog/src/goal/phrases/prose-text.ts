import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import type { Json } from "@ape/core/lib/json";
import { type Field, isText } from "../../operations/field.ts";
import { lastWord, plain, stem } from "../../words/words.ts";
import { type Clause, withAmountsOf } from "../clause.ts";
import type { ConstrainedStep } from "../constrained-step.ts";
import { isQuotedFor } from "../values/quoted-field.ts";
import { causeIn, withoutCause } from "./cause.ts";

/** Fields for why something is done. */
export const REASON = /\b(?:reason|cause|justification|grounds?|explanation|why)\b/;
/** Fields for what is said about something besides. */
const REMARK = /\b(?:comments?|remarks?|notes?|message|feedback)$/;
/** What is no text: `reason for`, `note to`. */
const NO_TEXT = /^(?:to|of|for|from|in|on|at|by|and|or|that|which|is|are|with|from)\b/i;

/**
 * Gives the texts that a clause states without quotation marks in full: behind the name of a field for them, `reason: fog in the
 * fairway`, and behind `because of`.
 * @returns the clause without them
 */
export function assignProse(step: ConstrainedStep, clause: Clause, constraints: Map<Field, Json>): Clause {
  const { operation, bindings } = step;
  if (!operation.writes) return clause;
  const open = operation.inputs.filter(
    (field) =>
      field.in === "body" &&
      isText(field) &&
      field.enum === undefined &&
      field.format === undefined &&
      !bindings.has(field) &&
      isProse(field) &&
      !isQuotedFor(field, clause),
  );
  if (open.length === 0) return clause;
  const cause = causeIn(clause.text);
  let text = cause === undefined ? clause.text : withoutCause(clause.text);
  if (cause !== undefined) {
    const field = open.find(({ leaf }) => REASON.test(plain(leaf))) ?? open[0];
    if (field !== undefined) constraints.set(field, cut(cause, field));
  }
  for (const field of open) {
    if (constraints.has(field)) continue;
    const found = behindName(field, text, clause, operation.inputs);
    if (found === undefined) continue;
    constraints.set(field, cut(found.value, field));
    text = found.rest;
  }
  return text === clause.text ? clause : without(clause, text);
}

const isProse = ({ leaf }: Field): boolean => REASON.test(plain(leaf)) || REMARK.test(plain(leaf));

const cut = (text: string, { maxLength }: Field): string =>
  maxLength === undefined || text.length <= maxLength ? text : text.slice(0, maxLength);

/** The text behind the name of a field, up to the name of another one, and what a clause says without it. */
function behindName(
  field: Field,
  text: string,
  { object }: Clause,
  inputs: readonly Field[],
): { value: string; rest: string } | undefined {
  const word = lastWord(field.leaf);
  const name = new RegExp(
    `(,\\s*|\\s+(?:with|and|as)\\s+|\\s+)(?:(?:the|an?|its|my)\\s+)?(?:\\p{L}+\\s+)?${escapeRegExp(word)}\\b(\\s*[:=]|\\s+is\\b)?\\s+(\\S.*)$`,
    "iu",
  ).exec(text);
  if (name === null) return undefined;
  const [, before = "", sign, behind = ""] = name;
  // What the verb acts on is no label: `delete the note Buoy 7`.
  const isObject = before.trim() === "" && sign === undefined && object.nouns.has(stem(word));
  if (isObject || NO_TEXT.test(behind)) return undefined;
  const others = inputs
    .filter((one) => one !== field && one.in === "body" && one.leaf.length > 2)
    .map(({ leaf }) => escapeRegExp(plain(leaf)).replaceAll(" ", "[ _-]?"));
  const next =
    others.length === 0
      ? null
      : new RegExp(
          `(?:,|\\s+and|\\s+with)\\s+(?:(?:the|an?|its|my)\\s+)?(?:${others.join("|")})\\b`,
          "iu",
        ).exec(behind);
  const value = (next === null ? behind : behind.slice(0, next.index)).replace(/[\s.,;!]+$/, "");
  if (value === "") return undefined;
  const rest = `${text.slice(0, name.index)}${next === null ? "" : behind.slice(next.index)}`;
  return { value, rest };
}

/** A clause of which a part is a text, and says nothing besides. */
function without(clause: Clause, text: string): Clause {
  const { amounts, bounds, ...rest } = withAmountsOf(clause, text);
  return {
    ...rest,
    text,
    // A number of the clause that is a name is no amount without the text either.
    amounts: amounts.filter(({ value }) => clause.amounts.some((one) => one.value === value)),
    bounds: bounds.filter(({ value }) => clause.bounds.some((one) => one.value === value)),
    names: clause.names.filter((name) => text.includes(name.text)),
  };
}
