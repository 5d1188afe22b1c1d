import type { Clause } from "@ape/catalog/goal/clause";
import type { ThingName } from "@ape/catalog/goal/phrases/thing-name";
import { mainNouns } from "@ape/catalog/words/object-phrase";
import { areKin, verbEntry } from "@ape/catalog/words/thesaurus";
import { plain, stem, stemsOf } from "@ape/catalog/words/words";
import { foldIds } from "@ape/core/protocol/operations/operation";
import { saidOfLink, saysName } from "../named-thing.ts";
import type { SeenForm, SeenLink, SeenPage } from "../page-reader.ts";
import { bare } from "../web-call.ts";

/**
 * Whether a link beside what is said of one thing leads to that thing, or does something with it. A row may have links to other things:
 * the shelf in the row of a wheel. Its own is the one with the name that the goal has, else the one of the kind that the clause is about,
 * else the first.
 */
export function isOwnOfRow(
  { links }: SeenPage,
  link: SeenLink,
  { clause, called }: { clause: Clause; called: ThingName | undefined },
): boolean {
  if (link.near === "" || isAction(link.text)) return true;
  const row = links.filter(({ near, text }) => near === link.near && !isAction(text));
  const own =
    (called && row.find(({ text, path }) => saysName(`${text} ${lastOf(path)}`, called))) ??
    row.find(({ path }) => isOfKind(path, mainNouns(clause))) ??
    row[0];
  return own === undefined || bare(own.path) === bare(link.path);
}

/** The links that lead to the things of their rows, or do something with them. */
export const ownOfRows = <T extends { near: string }>(
  page: SeenPage,
  items: readonly T[],
  about: { clause: Clause; called: ThingName | undefined },
): T[] => items.filter((item) => !("path" in item) || isOwnOfRow(page, item as unknown as SeenLink, about));

const lastOf = (path: string): string => bare(path).split("/").at(-1) ?? "";

/** Whether a path is that of a thing of one of some kinds: `/wheels/W-101` of a wheel. */
export const isOfKind = (path: string, nouns: readonly string[]): boolean =>
  stemsOf(bare(path).split("/").slice(0, -1).at(-1)?.replaceAll(/[_-]/g, " ") ?? "").some((word) =>
    nouns.some((noun) => areKin(noun, word)),
  );

const isAction = (text: string): boolean =>
  verbEntry(stem(plain(text).split(" ")[0] ?? ""))?.mostly === true && !/\d/.test(text);

/**
 * Whether a button without fields is beside a link to another thing than the one that the goal names, or whose page this is: `Remove` of
 * a wheel on the page of a tasting.
 */
export function isBesideOther(page: SeenPage, form: SeenForm, called: ThingName | undefined): boolean {
  const beside = linkBeside(page, form);
  return beside !== undefined && (called === undefined || !saysName(beside.said, called));
}

/** Whether a button without fields is beside a link to what the goal names. */
export function isBesideNamed(page: SeenPage, form: SeenForm, called: ThingName): boolean {
  const beside = linkBeside(page, form);
  return beside !== undefined && saysName(beside.said, called);
}

/**
 * What the line before a button says, where it begins with a link to another thing than the one whose page this is. Only the sole button
 * of a kind is told so: several have what is beside them of their own.
 */
function linkBeside(page: SeenPage, form: SeenForm): { said: string } | undefined {
  if (!form.writes || form.near !== "" || form.fields.length > 0) return undefined;
  const lines = page.text.split("\n").map((line) => line.trim());
  const at = lines.indexOf(form.label);
  if (at < 1 || lines.lastIndexOf(form.label) !== at) return undefined;
  const before = lines[at - 1] ?? "";
  const link = page.links.find(
    ({ text, path }) => text !== "" && before.startsWith(text) && foldIds(bare(path)).endsWith("}"),
  );
  if (link === undefined || bare(page.path).startsWith(bare(link.path))) return undefined;
  return form.to.startsWith(bare(link.path)) ? undefined : { said: `${saidOfLink(link)} ${before}` };
}

/**
 * Whether a clause removes any thing of a kind that is listed elsewhere, and a page is that of a thing of another kind: no wheel is
 * discarded for `cancel a tasting`.
 */
export function isPageOfOtherKind(page: SeenPage, { verb, indefinite, object }: Clause): boolean {
  const nouns = [...object.nouns].flatMap(([noun, weight]) => (weight === 1 ? [noun] : []));
  if (verb !== "~remove" || !indefinite || nouns.length === 0) return false;
  const segments = bare(page.path)
    .split("/")
    .filter((part) => part !== "");
  if (
    segments.length < 2 ||
    segments.some((_, at) => isOfKind(`/${segments.slice(0, at + 2).join("/")}`, nouns))
  )
    return false;
  return page.links.some(({ path }) => isOfKind(`${bare(path)}/1`, nouns));
}
