import type { Clause } from "../clause.ts";
import { nameAt } from "../unquoted-name.ts";

/** Names that are part of what a clause acts on: `Snow` of `the Snow queen`. */
export function capitals({ said, quoted, names, dates }: Clause): string[] {
  const told = [...quoted, ...names.map(({ text }) => text), ...dates.map(({ text }) => text)].join(" ");
  return Array.from(said.matchAll(/(?<=\p{Ll}\s)\p{Lu}\p{Ll}[\p{L}'-]*/gu), ([word]) => word).filter(
    (word) => !told.includes(word) && !DAYS.test(word) && !PRONOUN.test(word),
  );
}
/** The same with the words in capitals that go on behind them: `Veil Nebula` of `the Veil Nebula with three observers`. */
export const capitalNames = (clause: Clause): string[] =>
  capitals(clause).map((word) => nameAt(clause.said.slice(clause.said.indexOf(word)), true) ?? word);

const PRONOUN = /^(?:We|He|She|They|It|You|My|Our|Your|His|Her|Their|The|This|That|There)$/;
const DAYS =
  /^(?:mon|tues|wednes|thurs|fri|satur|sun)day$|^(?:jan|febr)uary$|^march$|^april$|^may$|^june$|^july$|^august$|^(?:septem|octo|novem|decem)ber$/i;
