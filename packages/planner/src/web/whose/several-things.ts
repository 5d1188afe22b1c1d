import type { Clause } from "@ape/catalog/goal/clause";
import { isAboutAll } from "@ape/catalog/goal/phrases/position";
import { mainNouns } from "@ape/catalog/words/object-phrase";
import { areKin } from "@ape/catalog/words/thesaurus";
import { plain, stem } from "@ape/catalog/words/words";
import { isPlural } from "@ape/core/protocol/operations/path-words";
import { bare, type WebCall } from "../web-call.ts";
import { isOfKind } from "./rows.ts";

/** What a verb acts on, where it is several things: `the wheels`. */
const THINGS = /^\W*\S+(?:\s+(?:off|up|out|down|away|back))?\s+((?:the|my|our)\s+(\p{Ll}[\p{L}-]*))/iu;
const ALL = /\b(?:all|every|each)(?: of)?(?: (?:the|my|our|your|its|their|these|those))? \p{Ll}+/iu;

/** The several things that a clause changes, of which only one page was used at a time: `all wheels`. Undefined where it is one thing. */
export function severalIn(clause: Clause, calls: readonly WebCall[]): string | undefined {
  const nouns = mainNouns(clause);
  if (clause.verb === "~find" || clause.verb === "~show" || clause.indefinite) return undefined;
  if (isAboutAll(clause, nouns)) return ALL.exec(clause.said)?.[0] ?? "all";
  const [, things, word = ""] = THINGS.exec(clause.text) ?? [];
  if (things === undefined || !clause.acts || !isPlural(word)) return undefined;
  if (!nouns.some((noun) => areKin(noun, stem(plain(word))))) return undefined;
  // There are several of them, and one was opened.
  const opened = calls.find(({ kind, ok, at }) => kind === "link" && ok && isOfKind(at, nouns));
  const shown = new Set(
    calls.flatMap(({ page }) =>
      (page?.links ?? []).filter(({ path }) => isOfKind(path, nouns)).map(({ path }) => bare(path)),
    ),
  );
  return opened !== undefined && (shown.size > 1 || calls.some(({ page }) => page === undefined))
    ? things
    : undefined;
}
