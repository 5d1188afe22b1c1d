import type { ThingName } from "@ape/catalog/goal/phrases/thing-name";
import { foldIds } from "@ape/core/protocol/operations/operation";
import { isLogin } from "../filling/form-values.ts";
import { isTitled, saysName } from "../named-thing.ts";
import type { PageSituation } from "../page-situation.ts";
import { bare } from "../web-call.ts";
import { isBesideNamed } from "./rows.ts";

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
