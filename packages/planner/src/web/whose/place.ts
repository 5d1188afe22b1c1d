import type { Clause } from "@ape/catalog/goal/clause";
import { nameOf, type ThingName } from "@ape/catalog/goal/phrases/thing-name";
import { nameAt } from "@ape/catalog/goal/unquoted-name";
import { stem } from "@ape/catalog/words/words";
import { foldIds } from "@ape/core/protocol/operations/operation";
import { isLogin } from "../filling/form-values.ts";
import { isTitled, saysName } from "../named-thing.ts";
import type { PageSituation } from "../page-situation.ts";
import { bare } from "../web-call.ts";
import { isBesideNamed } from "./rows.ts";

/** Where a thing is put, and what it is taken from: `to the tasting Winter cheeses`, `from Blue evening`. */
const PUT = /\b(?:to|onto|into)\s+(?:(?:the|my|our)\s+)?((?:\p{Ll}[\p{L}-]*\s+){0,2})(?=\p{Lu})/u;
const TAKEN = /\b(?:from|out of)\s+(?:(?:the|my|our)\s+)?((?:\p{Ll}[\p{L}-]*\s+){0,2})(?=\p{Lu})/u;

/** The name of the thing that a clause adds something to, or removes it from; undefined if it gives none. */
export function placeOf(clause: Clause): ThingName | undefined {
  const { verb, text } = clause;
  const found = verb === "~add" ? PUT.exec(text) : verb === "~remove" ? TAKEN.exec(text) : null;
  if (found === null) return undefined;
  const behind = text.slice(found.index + found[0].length);
  const name = nameAt(behind, true);
  if (name === undefined) return undefined;
  const nouns = (found[1] ?? "").split(/\s+/).filter((word) => word !== "");
  return { ...nameOf(name), whole: nameAt(behind) ?? name, nouns: nouns.map(stem) };
}

/** Whether the page is that of the place, or follows on it. */
export const isAtPlace = ({ page, calls }: PageSituation, place: ThingName): boolean =>
  [page, calls.at(-2)?.page].some((one) => one !== undefined && isTitled(one, place));

/** The page of a place with only what is about the thing that is taken out of it: `Cancel tasting` removes no wheel from a tasting. */
export function withinPlace(now: PageSituation, place: ThingName): PageSituation {
  const { page, called } = now;
  if (called === undefined || !isTitled(page, place) || !foldIds(bare(page.path)).endsWith("}")) return now;
  const links = page.links.filter(({ near, path }) => near !== "" || !path.startsWith(`${bare(page.path)}/`));
  const forms = page.forms.filter(
    (form) =>
      isLogin(form) ||
      form.near !== "" ||
      isBesideNamed(page, form, called) ||
      form.fields.some(({ enum: options = [] }) => options.some((one) => saysName(String(one), called))),
  );
  return { ...now, page: { ...page, links, forms } };
}
