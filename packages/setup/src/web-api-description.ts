import { clausesOf } from "@ape/catalog/goal/clause";
import type { ApiDescription, ApiOperation } from "@ape/core/protocol/api";
import { isBox, valueOfControl } from "@ape/core/protocol/fields/control-value";
import { isPlainLabel, leadsOn, saysNothing, stepText } from "@ape/core/protocol/form-label";
import { foldIds } from "@ape/core/protocol/operations/operation";
import { lastPart, pathWords } from "@ape/core/protocol/operations/path-words";
import type { Page, PageControl, PageForm, PageLink } from "@ape/core/protocol/page";
import { splitWords } from "./words.ts";

/** The links and forms of a web application as an API: each is an operation. */
export function describeWebApi(target: string, pages: readonly Page[]): ApiDescription {
  const operations = new Map<string, ApiOperation>();
  const add = (operation: ApiOperation): void => {
    const key = `${operation.method} ${operation.path}`;
    if (!operations.has(key)) operations.set(key, operation);
  };
  for (const page of pages) add(opening(page.path, page.title));
  for (const page of pages) {
    for (const form of page.forms)
      add({
        method: form.method,
        path: pageTemplate(form.path),
        summary: summaryOf(form, page),
        secured: false,
        ...(leadsOn(form.label, stepText(page)) ? { leadsOn: true as const } : {}),
        fields: form.controls.filter(({ type }) => type !== "submit" && type !== "hidden").map(field),
      });
    for (const link of page.links) add(opening(link.path, link.text));
  }
  for (const { links } of pages) for (const link of links) if (mayChange(link)) add(behind(link));
  return {
    target,
    kind: "web",
    title: pages[0]?.title ?? target,
    documented: false,
    auth: [],
    operations: [...operations.values()],
  };
}

const ENDS_SESSION = /(?:log|sign)[\s_-]?(?:out|off)|abmelden/i;
const CHANGES = /delete|remove|cancel|revoke|withdraw|unsubscribe|deactivate|close|löschen/i;

/** Whether a link may sign out or change something: it is not to be opened where nothing was asked for. */
export const isUnsafe = (link: Pick<PageLink, "path" | "text">): boolean =>
  mayChange(link) || ENDS_SESSION.test(`${link.path} ${link.text}`);

const mayChange = ({ path, text }: Pick<PageLink, "path" | "text">): boolean =>
  CHANGES.test(`${path} ${text}`) && !ENDS_SESSION.test(`${path} ${text}`);

/** The form that a page asks with before it does what a link says, as it is in most applications: at the path of the link. */
function behind({ path, text }: PageLink): ApiOperation {
  const template = pageTemplate(path);
  return {
    method: "POST",
    path: template,
    summary: deedIn(template) ?? text,
    secured: false,
    guessedFrom: text,
    fields: [],
  };
}

/** What a form does: its button, or what its page is called where the button does not name what it acts on. */
function summaryOf(form: PageForm, { heading, title }: Page): string {
  const { label, near } = form;
  const name = (heading ?? near ?? title).trim();
  if (name === "" || form.method === "GET" || !isPlainLabel(label)) return label;
  // The page of one thing is called by its name: `Change C-1001`.
  const deed = deedIn(form.path);
  if (hasVerb(name) && (deed === undefined || !/\d/.test(name))) return name;
  if (deed !== undefined) return deed;
  return saysNothing(label) || leadsOn(label, "")
    ? `Submit ${name}`
    : `${isEdit(form) ? "Update" : label} ${name}`;
}

function hasVerb(text: string): boolean {
  const [clause] = clausesOf(text, new Set());
  return clause?.verb !== undefined || clause?.acts === true;
}

/** What a path says is done to one thing: `book costumes` of `/costumes/{id}/book`. */
function deedIn(path: string): string | undefined {
  const { collection, action } = pathWords(pageTemplate(path));
  if (action === undefined || !hasVerb(`${splitWords(action)} it`)) return undefined;
  return `${splitWords(action)} ${splitWords(lastPart(collection))}`;
}

/** Whether a form holds what there is, to be changed. */
const isEdit = ({ controls }: PageForm): boolean =>
  controls.some(
    ({ type, value, options = [] }) =>
      type !== "hidden" && type !== "submit" && (value !== "" || options.some(({ selected }) => selected)),
  );

const opening = (path: string, summary: string): ApiOperation => ({
  method: "GET",
  path: pageTemplate(path),
  summary,
  secured: false,
  fields: [],
});

/** The path of a page without its query, its ids folded: pages of one kind have the same. */
export const pageTemplate = (path: string): string => foldIds(path.split(/[?#]/)[0] ?? "/");

function field({ name, type, label, required, options }: PageControl): ApiOperation["fields"][number] {
  const box = isBox(type, options?.length);
  const choices = box ? undefined : options?.filter(({ value }) => value !== "").map((one) => one.label);
  return {
    in: "body",
    name,
    ...valueOfControl(type, box),
    required,
    description: label,
    ...(choices === undefined || choices.length === 0 ? {} : { enum: choices }),
  };
}
