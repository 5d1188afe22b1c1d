import { isJsonObject, type Json } from "@ape/core/lib/json";
import { parseJson } from "@ape/core/lib/lossless-number";
import type { ReadView } from "../prompt/view-reader.ts";
import { meaningsOf } from "./label-match.ts";
import { pageIn, type SeenPage } from "./page-reader.ts";

/** A page that was opened or a form that was submitted, from the history. */
export interface WebCall {
  kind: "link" | "form";
  /** The path of a link, the id of a form. */
  at: string;
  /** Its text on the page; of a form, the label of its button. */
  label: string;
  /** What the form's page was about, where its button does not say what it acts on. */
  about: string;
  fields: Readonly<Record<string, Json>>;
  /** It is a link beside what a page says of one of several things. */
  ofItem?: true;
  /** Whether it may have changed something: no link, nor a search. */
  writes: boolean;
  text: string;
  cut: boolean;
  status: number;
  ok: boolean;
  /** What was noted of its answer. */
  note?: string;
  page: SeenPage | undefined;
  /** What the same link or search has shown since, where its own page is no longer visible. */
  since?: SeenPage;
}

const LINK = /^GET (\S+)(?: ("(?:[^"\\]|\\.)*"))?$/;
const FORM = /^submit_form (.+?)(?: ("(?:[^"\\]|\\.)*"))?(?: of ("(?:[^"\\]|\\.)*"))? (\{.*)$/;

/** Notes on an answer that looks like a success. */
const NOT_TAKEN = /\bcontract\b|\bcame back\b|\bnothing shows that\b/;

/** Reads the calls of a web target from a view. */
export function webCalls(view: ReadView, target: string): WebCall[] {
  const answers = new Map(view.results.map(({ step, body }) => [step, body]));
  const calls: WebCall[] = [];
  for (const { step, target: own, call: text, status, note } of view.trail) {
    if (own !== target) continue;
    const link = LINK.exec(text);
    const form = FORM.exec(text);
    if (link === null && form === null) continue;
    const fields = form === null ? {} : parsed(form[4] ?? "{}");
    const label = unquoted(link?.[2] ?? form?.[2]);
    const page = pageIn(answers.get(step) ?? null);
    calls.push({
      kind: form === null ? "link" : "form",
      at: (link?.[1] ?? form?.[1]) as string,
      label,
      about: unquoted(form?.[3]),
      fields: fields ?? {},
      writes: form !== null,
      text,
      cut: fields === undefined || text.endsWith("..."),
      status,
      ok:
        status >= 200 &&
        status < 400 &&
        !NOT_TAKEN.test(note ?? "") &&
        (form === null || !isBack(page, label)),
      page,
      ...(note === undefined ? {} : { note }),
    });
  }
  const pages = calls.flatMap(({ page }) => page ?? []);
  for (const call of calls) {
    if (call.writes && (isRead(call, pages) || isSearchButton(call, pages))) call.writes = false;
    if (call.kind === "link" && isBesideThing(call, pages)) call.ofItem = true;
  }
  for (const call of calls) {
    const later =
      call.page === undefined && !call.writes ? pages.findLast((page) => isOfCall(page, call)) : undefined;
    if (later !== undefined) call.since = later;
  }
  // A form that is filled in again had been refused, although that page is no longer visible.
  for (const [index, call] of calls.entries())
    if (call.kind === "form" && call.page === undefined && isAnew(calls[index + 1], call)) call.ok = false;
  return calls;
}

/** Whether a form was returned because of errors, whatever the status. */
function isBack(page: SeenPage | undefined, label: string): boolean {
  return (
    page?.forms.some(
      (form) => form.label === label && form.fields.some(({ error }) => error !== undefined),
    ) === true
  );
}

/** Whether a page is where a link leads, or has the form that was sent. */
const isOfCall = ({ path, forms }: SeenPage, { kind, at, label }: WebCall): boolean =>
  kind === "link" ? bare(path) === bare(at) : forms.some((form) => form.id === at && form.label === label);
/** A path without its query. */
export const bare = (path: string): string => path.split(/[?#]/, 1)[0] ?? path;

const isBesideThing = ({ at }: WebCall, pages: readonly SeenPage[]): boolean =>
  pages.some(({ links }) => links.some(({ path, near }) => path === at && near !== ""));

/** Whether a form only asks for something to be shown, by the pages that have it. */
const isRead = ({ at, label }: WebCall, pages: readonly SeenPage[]): boolean =>
  pages.some(({ forms }) => forms.some((form) => form.id === at && form.label === label && !form.writes));

/** Whether a form of which no page is visible any more was sent by a button that finds something, or with nothing but what is looked for. */
const isSearchButton = ({ label, at, fields }: WebCall, pages: readonly SeenPage[]): boolean =>
  (meaningsOf(label).has("~find") ||
    (Object.keys(fields).length > 0 && Object.keys(fields).every((name) => QUERY.test(name)))) &&
  !pages.some(({ forms }) => forms.some((form) => form.id === at && form.label === label && form.writes));

/** Names of fields for what is looked for. */
export const QUERY = /^(?:qs?|s|query|search|terms?|keywords?)$/i;

function isAnew(next: WebCall | undefined, call: WebCall): boolean {
  return (
    next?.kind === "form" &&
    next.at === call.at &&
    next.label === call.label &&
    next.about === call.about &&
    next.text !== call.text
  );
}

/** Values of accepted forms: pages use these words for what the session has created. */
export function sentWords(calls: readonly WebCall[]): Set<string> {
  const words = new Set<string>();
  for (const call of calls) {
    if (call.kind !== "form" || !call.ok || isSignInCall(call)) continue;
    for (const value of Object.values(call.fields))
      if (typeof value === "string" && value.length > 2) words.add(value);
  }
  return words;
}

/** The first text of the last form that was taken: pages name by it what the session has made. */
export function ownText(calls: readonly WebCall[]): string | undefined {
  const last = calls.findLast((call) => sentWords([call]).size > 0);
  return last === undefined ? undefined : [...sentWords([last])][0];
}

function parsed(text: string): Record<string, Json> | undefined {
  try {
    const value: unknown = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function unquoted(text: string | undefined): string {
  if (text === undefined) return "";
  try {
    return String(parseJson(text));
  } catch {
    return text;
  }
}

/** Whether a form was sent with what is secret in the data row. */
export const isSignInCall = ({ kind, fields }: WebCall): boolean =>
  kind === "form" &&
  Object.values(fields).some((value) => typeof value === "string" && value.startsWith("{{"));
