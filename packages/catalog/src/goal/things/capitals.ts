import type { Clause } from "../clause.ts";

/** Names that are part of what a clause acts on: `Snow` of `the Snow queen`. */
export function capitals({ said, quoted, names, dates }: Clause): string[] {
  const told = [...quoted, ...names.map(({ text }) => text), ...dates.map(({ text }) => text)].join(" ");
  return Array.from(said.matchAll(/(?<=\p{Ll}\s)\p{Lu}\p{Ll}[\p{L}'-]*/gu), ([word]) => word).filter(
    (word) => !told.includes(word) && !DAYS.test(word) && !PRONOUN.test(word),
  );
}
const PRONOUN = /^(?:We|He|She|They|It|You|My|Our|Your|His|Her|Their|The|This|That|There)$/;
const DAYS =
  /^(?:mon|tues|wednes|thurs|fri|satur|sun)day$|^(?:jan|febr)uary$|^march$|^april$|^may$|^june$|^july$|^august$|^(?:septem|octo|novem|decem)ber$/i;
