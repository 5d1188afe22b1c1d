import type { Field } from "./field.ts";

const REFRESH = /\brefresh\b|\brenew(?:al)?\b/;

/** Whether words mention renewing something. */
export const namesRefresh = (words: string): boolean => REFRESH.test(words);

/** Whether an operation's words say that it renews credentials. */
export function isTokenRefresh(words: string, inputs: readonly Field[]): boolean {
  return namesRefresh(words) && inputs.some((field) => field.in === "body" && namesRefresh(field.words));
}
