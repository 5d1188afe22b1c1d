import type { Json } from "@ape/core/lib/json";
import { type Field, isDate, isText } from "../../operations/field.ts";
import { plain } from "../../words/words.ts";
import type { Clause } from "../clause.ts";
import type { StatedTime } from "./points-in-time.ts";
import { isTimeOfDay } from "./stated-times.ts";

const DAY_NAME = /\b(?:date|day|starts?|begins?|starting|beginning|when|from|scheduled|departure|arrival)\b/;
/** Days on which something was written down, and days of birth, tell nothing apart that takes place. */
const OF_RECORD =
  /\b(?:created|updated|changed|modified|deleted|added|registered|joined|born|birth\w*|since)\b/;

/** Whether a field of a list says on which day something is. */
export function isDayOfThing(field: Field): boolean {
  const name = plain(field.leaf);
  if (OF_RECORD.test(name)) return false;
  if (isDate(field)) return true;
  return isText(field) && field.enum === undefined && field.format === undefined && DAY_NAME.test(name);
}

/** Whether a field of a list says at what time something is. */
export const isTimeOfThing = (field: Field): boolean =>
  !OF_RECORD.test(plain(field.leaf)) && (isTimeOfDay(field) || field.format === "date-time");

/** A bound in time is no point in time. */
const BOUND = /\b(?:before|after|until|till|by|since|between|and|from|to|through|than)\W*(?:the\W*)?$/i;

const SPAN = /\b(?:from|between)\b.*\bto\b/i;

/**
 * The days and the times by which a clause tells what it chooses from others: no input takes them, and they are no bounds.
 * @param given the values of the inputs
 */
export function pointsOfChoice(
  { dates, times, text }: Pick<Clause, "dates" | "times" | "text">,
  given: readonly Json[],
): { days: StatedTime[]; times: StatedTime[] } {
  const taken = given.filter((value): value is string => typeof value === "string");
  // `Move it to 4 March`: only what begins somewhere ends there.
  const isBound = (label: string): boolean =>
    BOUND.test(label) && (SPAN.test(text) || !/\bto\W*(?:the\W*)?$/i.test(label));
  const isOpen = ({ value, label }: StatedTime): boolean =>
    !isBound(label) && !taken.some((text) => text.includes(value));
  return { days: dates.filter(isOpen), times: times.filter(isOpen) };
}

/** Whether a value of a field is on a day, or at a time, that a goal gives. */
export function isAt(value: Json, { value: point }: StatedTime): boolean {
  if (typeof value !== "string") return false;
  if (point.startsWith("--")) return new RegExp(`^\\d{4}${point.slice(1)}(?!\\d)`).test(value);
  if (/^\d\d:\d\d$/.test(point))
    return new RegExp(`(?:^|[T ])0?${point.replace(/^0/, "")}(?!\\d)`).test(value);
  return value.startsWith(point);
}
