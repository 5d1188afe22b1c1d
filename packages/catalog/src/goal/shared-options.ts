import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import type { Json } from "@ape/core/lib/json";
import type { Field } from "../operations/field.ts";
import { plain } from "../words/words.ts";
import { hasRoleOf } from "./stated-names.ts";

/** The name of a field, or its label, stands beside the option: `destination Linz`, `full insurance`. */
const BY_NAME = 3;
/** The preposition before the option is that of the field: `to Linz`. */
const BY_ROLE = 2;

/** An option of a field at a place in a text. */
interface Mention {
  field: Field;
  option: string;
  at: number;
  score: number;
}

/**
 * Gives options that several fields offer alike to one field each, by the words beside each: `from Graz to Linz`. A field
 * that is left without one loses the value that it had from them.
 * @param text the clause that names the options
 */
export function assignSharedOptions(
  fields: readonly Field[],
  text: string,
  constraints: Map<Field, Json>,
): void {
  const said = ` ${plain(text)} `;
  const alike = fields.filter((field) => {
    const value = constraints.get(field);
    return (
      typeof value === "string" &&
      said.includes(` ${plain(value)} `) &&
      fields.some((other) => other !== field && offers(other, value))
    );
  });
  if (alike.length < 2) return;
  const mentions = alike.flatMap((field) => mentionsOf(field, said));
  mentions.sort((one, two) => two.score - one.score || one.at - two.at);
  const given = new Map<Field, string>();
  const spent = new Set<number>();
  for (const { field, option, at } of mentions) {
    if (given.has(field) || spent.has(at)) continue;
    given.set(field, option);
    spent.add(at);
  }
  for (const field of alike) {
    const option = given.get(field);
    if (option === undefined) constraints.delete(field);
    else constraints.set(field, option);
  }
}

const offers = (field: Field, option: string): boolean => field.enum?.includes(option) === true;

function mentionsOf(field: Field, said: string): Mention[] {
  const names = [plain(field.leaf), plain(field.description)].filter((name) => name !== "");
  const words = names.join(" ");
  return (field.enum ?? []).flatMap((option): Mention[] => {
    if (typeof option !== "string" || plain(option) === "") return [];
    return [...said.matchAll(new RegExp(` ${escapeRegExp(plain(option))}(?= )`, "gu"))].map(({ index }) => {
      const before = said.slice(0, index);
      const behind = said.slice(index + 1 + plain(option).length);
      const isNamed = names.some(
        (name) => ` ${before}`.endsWith(` ${name}`) || behind.startsWith(` ${name} `),
      );
      const preposition = before.split(" ").findLast((word) => word !== "the" && word !== "") ?? "";
      const isOfRole = preposition !== "" && hasRoleOf(preposition, words);
      return { field, option, at: index, score: (isNamed ? BY_NAME : 0) + (isOfRole ? BY_ROLE : 0) };
    });
  });
}
