import type { Page, PageLink } from "@ape/core/page";
import type { Document, Element } from "domhandler";
import { parseDocument } from "htmlparser2";
import { attribute, elementsOf, isHidden, nearOf, textOf } from "./element.ts";
import { formsOf } from "./form.ts";
import type { Place } from "./place.ts";

const MAX_TEXT = 4_000;
const MAX_TITLE = 200;
const MAX_LINKS = 200;
const MAX_LINK_TEXT = 120;

/** Reads HTML for what a person could do with it. Links and forms that lead away from the target are left out. */
export function readPage(html: string, url: URL, place: Place): Page {
  const document: Document = parseDocument(html);
  const all = elementsOf(document);
  const given = all.find(({ name, attribs }) => name === "base" && attribs.href !== undefined)?.attribs.href;
  const base = given === undefined ? url : baseUrl(given, url);
  const title = all.find(
    ({ name, parent }) => name === "title" && (parent as Element | null)?.name !== "svg",
  );
  const body = all.find(({ name }) => name === "body");
  return {
    title: title === undefined ? "" : textOf(title, MAX_TITLE),
    path: place.path(url.href, url) ?? "/",
    text: textOf(body ?? document, MAX_TEXT),
    links: linksOf(all, base, place),
    forms: formsOf(all, base, url, place),
  };
}

/** HTML, "Document base URLs": what is no URL counts for nothing. */
function baseUrl(href: string, url: URL): URL {
  try {
    return new URL(href, url);
  } catch {
    return url;
  }
}

function linksOf(all: readonly Element[], base: URL, place: Place): PageLink[] {
  const links: PageLink[] = [];
  const seen = new Set<string>();
  for (const element of all) {
    if (links.length >= MAX_LINKS) break;
    if (element.name !== "a" && element.name !== "area") continue;
    const href = attribute(element, "href");
    if (href === undefined || href.startsWith("#") || isHidden(element)) continue;
    const path = place.path(href, base);
    if (path === undefined) continue;
    const image = elementsOf(element).find(({ name }) => name === "img");
    const text =
      textOf(element, MAX_LINK_TEXT) ||
      attribute(element, "aria-label") ||
      attribute(element, "title") ||
      (image === undefined ? undefined : attribute(image, "alt")) ||
      "";
    const key = `${path} ${text}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const near = nearOf(element);
    links.push({
      text: text.slice(0, MAX_LINK_TEXT),
      path,
      ...(near === undefined || near === text ? {} : { near }),
    });
  }
  return links;
}
