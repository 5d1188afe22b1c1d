import type { SystemPlan } from "./draw.ts";

const IRREGULAR: Readonly<Record<string, string>> = {
  class: "classes",
  dress: "dresses",
  dish: "dishes",
  hire: "hires",
};

/** The plural of a noun of the word list. */
export function plural(noun: string): string {
  const known = IRREGULAR[noun];
  if (known !== undefined) return known;
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** Words as the name of a field: `startDate` or `start_date`. */
export function nameInStyle({ snake }: Pick<SystemPlan, "snake">, ...words: readonly string[]): string {
  const parts = words.join(" ").toLowerCase().split(/[ -]+/);
  if (snake) return parts.join("_");
  return parts.map((part, index) => (index === 0 ? part : capital(part))).join("");
}

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Words as one word of a type's name: `CallOff`. */
export const pascalCase = (...words: readonly string[]): string =>
  words
    .flatMap((word) => word.split(/[ -]/))
    .map(capital)
    .join("");

/** The name of a thing's own id. */
export function idName(plan: SystemPlan, thing: string): string {
  if (plan.idField === "named") return nameInStyle(plan, thing, "id");
  return plan.idField;
}

/** The name of a field that refers to a thing. */
export function referenceName(plan: SystemPlan, thing: string): string {
  return nameInStyle(plan, thing, plan.idField === "code" ? "code" : "id");
}
