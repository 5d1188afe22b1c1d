import type { Page, PageLink } from "@ape/core/protocol/page";
import type { Element } from "domhandler";
import { attribute, isHidden, visibleText } from "./element.ts";
import { formsOf } from "./form.ts";
import { HtmlDocument } from "./html-document.ts";
import { messagesOf } from "./page-alerts.ts";
import type { TargetUrl } from "./target-url.ts";

const MAX_TEXT = 4_000;
const MAX_TITLE = 200;
const MAX_HEADINGS = 5;
const MAX_LINKS = 200;
const MAX_LINK_TEXT = 120;
/** Maximum number of links to the same path whose text is read; a page may contain any number of them. */
const MAX_SAME_PATH = 20;

/**
 * Reads HTML for its links and forms. Leaves out those that lead away from the target.
 * @param options.encoding the character encoding of the page, in which its forms are sent
 */
export function readPage(
  html: string,
  url: URL,
  place: TargetUrl,
  { encoding = "utf-8" }: { encoding?: string | undefined } = {},
): Page {
  const document = new HtmlDocument(html);
  const given = document.named("base").find(({ attribs }) => attribs.href !== undefined)?.attribs.href;
  const base = given === undefined ? url : baseUrl(given, url);
  const title = document.named("title").find(({ parent }) => (parent as Element | null)?.name !== "svg");
  const [body = document.root] = document.named("body");
  const page: Page = {
    title: title === undefined ? "" : visibleText(title, MAX_TITLE),
    path: place.path(url.href, url) ?? "/",
    text: visibleText(body, MAX_TEXT, Number.POSITIVE_INFINITY),
    links: [...refreshOf(document, base, place), ...linksOf(document, base, place)].slice(0, MAX_LINKS),
    forms: formsOf(document, { base, page: url, place, encoding }),
  };
  const heading = headingOf(document);
  if (heading !== undefined) page.heading = heading;
  const { alerts, notices } = messagesOf(document);
  if (alerts.length > 0) page.alerts = alerts;
  if (notices.length > 0) page.notices = notices;
  return page;
}

/** The first main heading that is in sight and says something. */
function headingOf(document: HtmlDocument): string | undefined {
  for (const element of document.named("h1").slice(0, MAX_HEADINGS)) {
    if (isHidden(element)) continue;
    const text = visibleText(element, MAX_TITLE).replaceAll("\n", " ");
    if (text !== "") return text;
  }
  return undefined;
}

/** HTML, "Document base URLs": what is no URL counts for nothing. */
function baseUrl(href: string, url: URL): URL {
  try {
    return new URL(href, url);
  } catch {
    return url;
  }
}

/** The text of the link that a page follows by itself. */
export const BY_ITSELF = "the page continues here by itself";
const REFRESH = /^\s*[\d.]*\s*[;,]\s*(?:url\s*=\s*)?(["']?)(\S.*?)\1\s*$/i;

/** A page's automatic redirect, as a link. Source: HTML, "shared declarative refresh steps". */
function refreshOf(document: HtmlDocument, base: URL, place: TargetUrl): PageLink[] {
  for (const { attribs } of document.named("meta")) {
    if (attribs["http-equiv"]?.trim().toLowerCase() !== "refresh") continue;
    const address = REFRESH.exec(attribs.content ?? "")?.[2];
    const path = address === undefined ? undefined : place.path(address, base);
    if (path !== undefined) return [{ text: BY_ITSELF, path }];
  }
  return [];
}

function linksOf(document: HtmlDocument, base: URL, place: TargetUrl): PageLink[] {
  const links: PageLink[] = [];
  const seen = new Set<string>();
  const samePath = new Map<string, number>();
  for (const element of document.elements) {
    if (links.length >= MAX_LINKS) break;
    if (element.name !== "a" && element.name !== "area") continue;
    const href = attribute(element, "href");
    if (href === undefined || href.startsWith("#") || isHidden(element)) continue;
    const path = place.path(href, base);
    if (path === undefined) continue;
    const same = samePath.get(path) ?? 0;
    if (same >= MAX_SAME_PATH) continue;
    samePath.set(path, same + 1);
    const image = document.firstWithin(element, ["img"]);
    const text =
      visibleText(element, MAX_LINK_TEXT) ||
      attribute(element, "aria-label") ||
      attribute(element, "title") ||
      attribute(element, "alt") ||
      (image === undefined ? undefined : attribute(image, "alt")) ||
      "";
    const key = `${path} ${text}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const near = document.nearOf(element);
    links.push({
      text: text.slice(0, MAX_LINK_TEXT),
      path,
      ...(near === undefined || near === text ? {} : { near }),
    });
  }
  return links;
}
