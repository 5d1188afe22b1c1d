import type { PageAlert } from "@ape/core/protocol/page";
import type { Element } from "domhandler";
import { isHidden, visibleText } from "./element.ts";
import type { HtmlDocument } from "./html-document.ts";

const MAX_ALERTS = 8;
const MAX_TEXT = 200;
/** Maximum number of marked elements whose text is read: a page may contain any number of empty ones. */
const MAX_LOOKED = 100;
/** Elements that hold no message of the server: their content is shown only without scripts, or never. */
const UNSEEN = new Set(["noscript", "template", "script", "style", "head", "svg"]);
/** Common class names of messages: `alert`, `flash`, `notification`. */
const PLACE =
  /(?:^|[\s_-])(?:alerts?|flash(?:es)?|messages?|messagebox|notif\w*|notices?|toasts?|callout|banner|snackbar|infobox)(?=$|[\s_-])/i;
/** Words that make it an error message. */
const ERROR =
  /(?:^|[\s_-])(?:danger|errors?|errornote|errorlist|fail(?:ed|ure)?|invalid|negative|critical)(?=$|[\s_-])/i;
/** Names that mean both. */
const ERROR_PLACE =
  /(?:^|[\s_-])(?:errornote|errorlist|error[\s_-]?(?:message|summary|box|text)|(?:login|form|field|validation|server|page|auth)[\s_-](?:summary[\s_-])?errors?)(?=$|[\s_-])/i;
const GOOD = /(?:^|[\s_-])(?:success|info|ok|positive|primary|secondary|light)(?=$|[\s_-])/i;
/** Classes that hide an element in common style sheets. */
const HIDING =
  /(?:^|\s)(?:d-none|hidden|is-hidden|hide|invisible|visually-?hidden|sr-only|collapse|v-hide)(?=$|\s)/i;

/**
 * The messages of a page that its mark-up marks as errors (`class="alert alert-danger"`, `id="login_error"`), and those
 * with `role="alert"`, which can be of any kind. At most 8, of 200 characters each; hidden ones are left out.
 */
export function alertsOf(document: HtmlDocument): PageAlert[] {
  const alerts: PageAlert[] = [];
  let looked = 0;
  for (const element of document.elements) {
    if (alerts.length >= MAX_ALERTS || looked >= MAX_LOOKED) break;
    const marks = marksOf(element);
    const isError =
      (ERROR_PLACE.test(marks) || (PLACE.test(marks) && ERROR.test(marks))) && !GOOD.test(marks);
    const isMessage = element.attribs.role === "alert" && !GOOD.test(marks);
    if (!isError && !isMessage) continue;
    looked += 1;
    if (isOutOfSight(element)) continue;
    const text = visibleText(element, MAX_TEXT).replaceAll("\n", " ");
    if (text !== "" && !alerts.some((other) => other.text === text)) alerts.push({ text, isError });
  }
  return alerts;
}

/** Classes and id as words: `MuiAlert-standardError` and `errorMessage` too. */
function marksOf({ attribs }: Element): string {
  const { class: classes = "", id = "" } = attribs;
  if (classes === "" && id === "") return "";
  return `${classes} ${id}`.slice(0, 500).replaceAll(/([a-z])([A-Z])/g, "$1-$2");
}

function isOutOfSight(element: Element): boolean {
  let around: Element | null = element;
  for (let up = 0; around !== null && up < 30; up += 1) {
    if (UNSEEN.has(around.name)) return true;
    if (isHidden(around) || HIDING.test(around.attribs.class ?? "")) return true;
    around = around.parent !== null && "attribs" in around.parent ? (around.parent as Element) : null;
  }
  return false;
}
