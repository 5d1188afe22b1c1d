import { referenceEnd } from "../environment.ts";

const BEFORE_VALUE = /[^\s,[\]{}]*$/;
const REST_OF_VALUE = /[^\s,[\]{}]*/y;

/**
 * The value with a `${NAME}` that stands unquoted within braces or brackets, where YAML reads its brace as the beginning
 * of a map; undefined for any other error.
 * @param at of the brace
 */
export function unquotedReference(text: string, at: number): string | undefined {
  if (text[at] !== "{" || text[at - 1] !== "$") return undefined;
  const end = referenceEnd(text, at - 1);
  if (end === undefined || text.slice(at, end).includes("\n")) return undefined;
  const [before = ""] = BEFORE_VALUE.exec(text.slice(Math.max(0, at - 200), at)) ?? [];
  REST_OF_VALUE.lastIndex = end;
  const [rest = ""] = REST_OF_VALUE.exec(text) ?? [];
  return `${before}${text.slice(at, end)}${rest}`;
}
