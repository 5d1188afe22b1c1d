import { type Field, isDate, isReference, isText } from "../../operations/field.ts";
import { plain, type WeightedTokens, weightedTokens } from "../../words/words.ts";
import type { Clause } from "../clause.ts";
import type { ConstrainedStep } from "../constrained-step.ts";
import type { StatedTime } from "./points-in-time.ts";

/** A date or a time that the clauses give for a field: by the words before it, else in order. */
export function timeFor(field: Field, step: ConstrainedStep, clauses: readonly Clause[]): string | undefined {
  const isDay = isDate(field);
  const isFilter = field.in === "query" && !step.operation.writes;
  const stated = clauses.flatMap((clause) => {
    const own = isDay ? clause.dates : clause.times;
    return isFilter && clause.verb === "~update"
      ? own.filter(({ label }) => !NEW.test(label))
      : newOnes(own, clause);
  });
  if (stated.length === 0) return undefined;
  const alike = step.operation.inputs.filter(
    (other) => other.in === field.in && (isDay ? other.format === field.format : isTimeOfDay(other)),
  );
  // A day of birth is no other day.
  const born = stated.filter(({ label }) => BORN.test(label));
  const time = isBirth(field)
    ? born[0]
    : assigned(
        alike.filter((other) => !isBirth(other)),
        stated.filter((one) => !born.includes(one)),
      ).get(field);
  if (time === undefined || field.format !== "date-time") return time?.value;
  const hour = clauses.flatMap(({ times }) => times)[stated.indexOf(time)]?.value ?? "10:00";
  return `${time.value}T${hour}:00Z`;
}

/** What a thing is changed to finds it in no list. */
const NEW = /\b(?:to|until|till)\W*(?:the\W*)?$/i;
const OLD = /\b(?:of|on|at|for)\W*(?:the\W*)?$/i;
const OLD_OR_FROM = /\b(?:of|on|at|for|from)\W*(?:the\W*)?$/i;

/** Of a change, the day or the time that the thing has afterwards: `move the visit of 3 May to 5 May`. */
function newOnes(stated: readonly StatedTime[], { verb, text }: Clause): readonly StatedTime[] {
  if (stated.length < 2) return stated.filter((one) => !(verb === "~update" && isOfThing(one, text)));
  const after = stated.filter(({ label }) => /\bto\W*(?:the\W*)?$/i.test(label));
  // `From` begins a span, unless something is changed.
  const old = verb === "~update" ? OLD_OR_FROM : OLD;
  const before = stated.filter(({ label }) => old.test(label));
  return after.length > 0 && after.length + before.length === stated.length ? after : stated;
}

/** Whether a point in time tells which thing gets another value: `change the room of the hearing on 8 December to 305`. */
const isOfThing = ({ label, text: written }: StatedTime, text: string): boolean => {
  const behind = text.slice(text.indexOf(written) + written.length);
  return OLD.test(label) && /^\s+(?:to|into|as)\s+\S/i.test(behind);
};

/** What begins behind `from`, and ends behind `until`. */
const EDGES: readonly (readonly [RegExp, RegExp])[] = [
  [
    /\b(?:from|starting|beginning|since)(?: (?:on|at))?$/i,
    /\b(?:from|start|starts|begin|begins|arrival|check ?in|since)\b/,
  ],
  [
    /\b(?:to|until|till|through|ending)(?: (?:on|at))?$/i,
    /\b(?:to|until|end|ends|finish|return|check ?out|leave|till)\b/,
  ],
];

const BORN = /\b(?:born|birth(?:day)?|birthdate)\b/i;
const isBirth = ({ words }: Field): boolean => /\b(?:birth ?(?:day|date)?|dob|born)\b/.test(words);

const isNamed = ({ nameTokens }: Field, words: WeightedTokens): boolean =>
  [...words.keys()].some((word) => (nameTokens.get(word) ?? 0) >= 1);

const isEdge = (field: Field, label: string): boolean =>
  EDGES.some(([before, names]) => before.test(label) && names.test(plain(field.leaf)));

function assigned(fields: readonly Field[], stated: readonly StatedTime[]): Map<Field, StatedTime> {
  const found = new Map<Field, StatedTime>();
  const left = new Set(stated);
  for (const time of stated) {
    const words = weightedTokens(time.label);
    const named = fields.find(
      (field) => !found.has(field) && (isEdge(field, time.label) || isNamed(field, words)),
    );
    if (named === undefined) continue;
    found.set(named, time);
    left.delete(time);
  }
  const open = fields.filter((field) => !found.has(field));
  const needed = open.filter(({ required }) => required);
  // An optional one is only meant where there are as many as are given, or none is required.
  const rest = needed.length > 0 && left.size <= needed.length ? needed : open;
  for (const [index, time] of [...left].entries()) {
    const field = rest[index];
    if (field !== undefined) found.set(field, time);
  }
  return found;
}

const HOUR =
  /\b(?:time|hour|start|starts|begin|begins|end|ends|until|from|opening|closing|pick ?up|arrival|departure)\b/;
const DAY = /\b(?:date|day|zone|stamp)\b/;

/** Whether a text holds a time of day. */
export function isTimeOfDay(field: Field): boolean {
  if (field.format === "time") return true;
  if (!isText(field) || field.format !== undefined || field.enum !== undefined || isReference(field))
    return false;
  const words = plain(field.leaf);
  return (HOUR.test(words) || /\bHH\b|hh:mm/i.test(field.description)) && !DAY.test(words);
}
