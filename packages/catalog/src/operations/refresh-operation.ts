import type { Json } from "@ape/core/lib/json";
import type { Field } from "./field.ts";

const REFRESH = /\brefresh\b|\brenew(?:al)?\b/;

/** Whether words mention renewing something. */
export const namesRefresh = (words: string): boolean => REFRESH.test(words);

/** Whether an operation's words say that it renews credentials. */
export function isTokenRefresh(words: string, inputs: readonly Field[]): boolean {
  return namesRefresh(words) && inputs.some((field) => field.in === "body" && namesRefresh(field.words));
}

/** Whether an input says by which means credentials are issued: `grant_type` (RFC 6749, section 4). */
export const isGrant = ({ in: place, leaf }: Pick<Field, "in" | "leaf">): boolean =>
  place === "body" && /^grant_?type$/i.test(leaf);

/** The value of such an input: the option that names the means, else its name in RFC 6749; undefined if no option does. */
export function grantOf({ enum: options }: Field, means: "password" | "refresh_token"): Json | undefined {
  const pattern = means === "password" ? /password/i : /refresh/i;
  return options === undefined
    ? means
    : options.find((option) => typeof option === "string" && pattern.test(option));
}

/** The input of a login that takes a token to renew credentials, where one operation does both. */
export const refreshInput = ({
  login,
  inputs,
}: {
  login: boolean;
  inputs: readonly Field[];
}): Field | undefined =>
  login ? inputs.find(({ in: place, leaf }) => place === "body" && /refresh/i.test(leaf)) : undefined;
