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
/** Names that mean both a message and an error. */
const ERROR_PLACE =
  /(?:^|[\s_-])(?:errornote|errorlist|error[\s_-]?(?:messages?|msg|summary|box|text|list|explanation|container|block|feedback|notice)|(?:login|form|field|input|validation|server|page|auth|item|explain|woocommerce|parsley|mat)[\s_-](?:summary[\s_-])?errors?|(?:flash|callout|alert-box)[\s_-]?alert)(?=$|[\s_-])/i;
/** The message of a field, which style sheets show beside a control that is marked, or with a class of its own. */
const FEEDBACK =
  /(?:^|[\s_-])(?:invalid|validation|error)[\s_-](?:feedback|tooltip|hint|help)(?=$|[\s_-])|(?:^|[\s_-])help[\s_-](?:block|text)[\s_-]error(?=$|[\s_-])/i;
const SHOWN = /(?:^|\s)(?:d-block|show|is-visible|visible|block)(?=$|\s)/i;
/** Names of a whole class that say so alone; with more beside them they can be anything (`error-log`). */
const ERROR_ALONE = /(?:^|\s)(?:errors?|is-danger)(?=$|\s)/i;
/** A message of any kind: by its class, or by the names that Rails and WordPress give to messages. */
const FLASH = /(?:^|\s)(?:flash|flashes|flash[_-]message|wp-die-message)(?=$|\s)/i;
const ALERT_ALONE = /^(?:flash[_-]?)?(?:alert|error)$/i;
/** Colours by which pages without names for their messages tell them apart: Rails' scaffolds, Tailwind. */
const RED = /(?:^|\s)bg-(?:red|rose)-\d{2,3}(?=$|\s)/;
const RED_STYLE = /(?:^|;)\s*color\s*:\s*(?:red|darkred|crimson|#f00|#ff0000)\b/i;
const GREEN = /(?:^|\s)bg-(?:green|emerald)-\d{2,3}(?=$|\s)/;
const GREEN_STYLE = /(?:^|;)\s*color\s*:\s*(?:green|darkgreen|#080|#008000)\b/i;
const BLOCKS: ReadonlySet<string> = new Set(["p", "div", "section"]);
/** Words that a coloured text has at least where it is a sentence, rather than a label. */
const SENTENCE = /(?:\S+\s+){2}\S/;
/** Elements of a list or table of things, whose class is about the thing. */
const OF_DATA = new Set([
  "tr",
  "td",
  "th",
  "tbody",
  "table",
  "dt",
  "dd",
  "article",
  "option",
  "tfoot",
  "thead",
]);
const GOOD = /(?:^|[\s_-])(?:success|info|ok|positive|primary|secondary|light|notice)(?=$|[\s_-])/i;
const GOOD_ALONE = /(?:^|\s)(?:success|notice|is-success)(?=$|\s)/i;
/** Classes that hide an element in the usual style sheets. */
const HIDING =
  /(?:^|\s)(?:d-none|hidden|is-hidden|hide|invisible|visually-?hidden|sr-only|collapse|v-hide)(?=$|\s)/i;

const FILLED_IN = ["input", "select", "textarea"];
const CONTROLS: ReadonlySet<string> = new Set([...FILLED_IN, "form", "label", "body", "html"]);
/** A count is no message. */
const WORD = /\p{L}{2}/u;

/**
 * The messages of a page that its mark-up marks as errors (`class="alert alert-danger"`, `id="login_error"`), and those
 * with `role="alert"`, which can be of any kind; and the texts of those that are marked as good news. At most 8 of each, of
 * 200 characters; hidden ones are left out.
 */
export function messagesOf(document: HtmlDocument): { alerts: PageAlert[]; notices: string[] } {
  const alerts: PageAlert[] = [];
  const notices: string[] = [];
  let looked = 0;
  for (const element of document.elements) {
    if (alerts.length >= MAX_ALERTS || looked >= MAX_LOOKED) break;
    const marks = marksOf(element);
    const good = GOOD.test(marks);
    const isError =
      !CONTROLS.has(element.name) &&
      (ERROR_PLACE.test(marks) ||
        ERROR_ALONE.test(marks) ||
        (PLACE.test(marks) && ERROR.test(marks)) ||
        (FEEDBACK.test(marks) && isShownFeedback(element))) &&
      !good &&
      document.firstWithin(element, FILLED_IN) === undefined;
    const isAlone =
      ALERT_ALONE.test(element.attribs.id ?? "") || ALERT_ALONE.test(element.attribs.class ?? "");
    const isMessage = (element.attribs.role === "alert" || FLASH.test(marks) || isAlone) && !good;
    const isNotice = good && (PLACE.test(marks) || GOOD_ALONE.test(marks)) && !ERROR.test(marks);
    const colour = colourOf(element);
    if (!isError && !isMessage && !isNotice && colour === undefined) continue;
    looked += 1;
    if (element.attribs.role !== "alert" && isOfData(element)) continue;
    if (isOutOfSight(element)) continue;
    const text = visibleText(element, MAX_TEXT).replaceAll("\n", " ");
    if (!WORD.test(text)) continue;
    const isNamed = isError || isMessage || isNotice;
    if (!isNamed && !SENTENCE.test(text)) continue;
    if (isNotice || (!isNamed && colour === "green")) {
      if (notices.length < MAX_ALERTS && !notices.includes(text)) notices.push(text);
    } else if (!alerts.some((other) => other.text === text)) alerts.push({ text, isError });
  }
  return { alerts, notices };
}

/** Classes and id as words: `MuiAlert-standardError` and `errorMessage` too. */
function marksOf({ attribs }: Element): string {
  const { class: classes = "", id = "" } = attribs;
  if (classes === "" && id === "") return "";
  return `${classes} ${id}`.slice(0, 500).replaceAll(/([a-z])([A-Z])/g, "$1-$2");
}

/** Whether the message of a field is shown: by its own class, or without a control that it waits for. */
function isShownFeedback({ attribs, parent }: Element): boolean {
  if (SHOWN.test(attribs.class ?? "") || parent === null) return true;
  return !parent.children.some(
    (other) =>
      "attribs" in other &&
      FILLED_IN.includes(other.name) &&
      !/\bis-?invalid\b/i.test(other.attribs.class ?? ""),
  );
}

/** The colour of a block that stands by itself. */
function colourOf({ name, attribs, parent }: Element): "red" | "green" | undefined {
  if (!BLOCKS.has(name)) return undefined;
  const { class: classes = "", style = "" } = attribs;
  if (classes === "" && style === "") return undefined;
  if (parent !== null && "name" in parent && (OF_DATA.has(parent.name) || parent.name === "li"))
    return undefined;
  if (RED.test(classes) || RED_STYLE.test(style)) return "red";
  return GREEN.test(classes) || GREEN_STYLE.test(style) ? "green" : undefined;
}

/** Whether an element is one of several things: a row of a table, an item of a list that has others without a mark. */
function isOfData(element: Element): boolean {
  if (OF_DATA.has(element.name)) return true;
  if (element.name !== "li" || element.parent === null || !("attribs" in element.parent)) return false;
  if (marksOf(element.parent as Element) !== "" && PLACE.test(marksOf(element.parent as Element)))
    return false;
  return element.parent.children.some(
    (other) => "attribs" in other && other.name === "li" && !ERROR.test(marksOf(other as Element)),
  );
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
