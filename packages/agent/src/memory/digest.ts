import type { Json, JsonObject } from "@ape/core/lib/json";
import { LosslessNumber, writeJson } from "@ape/core/lib/lossless-number";
import { buttonLabels } from "@ape/core/protocol/form";
import type { Page, PageControl } from "@ape/core/protocol/page";
import type { Body } from "@ape/core/protocol/tool-call";
import { type GoalFilter, selectItems } from "./goal-filter.ts";

/** Longest text of a digest, in characters. */
export const MAX_DIGEST = 4_000;

interface Bounds {
  items: number;
  keys: number;
  string: number;
  name: number;
  nodes: number;
}

/**
 * Bounds that are tried one after another until the digest is short enough: long texts are shortened before anything is
 * left out, because ids, names, prices and links are short. The last one stays below {@link MAX_DIGEST} for any input.
 */
const TIGHTER: readonly Bounds[] = [
  { items: 12, keys: 40, string: 240, name: 80, nodes: 400 },
  { items: 12, keys: 40, string: 80, name: 80, nodes: 400 },
  { items: 12, keys: 24, string: 48, name: 48, nodes: 200 },
  { items: 6, keys: 16, string: 48, name: 48, nodes: 80 },
  { items: 4, keys: 8, string: 48, name: 40, nodes: 12 },
];
/** Values that may still be shown, and what the goal may be about. */
interface Budget {
  left: number;
  interest: GoalFilter | undefined;
  hide: Hide;
  /** The place that long lists are shown from, counted from 1. */
  from?: number;
}

/** Hides the secrets of a text, before the text is cut: half a secret would not be found. */
type Hide = (text: string) => string;
const SHOW: Hide = (text) => text;
/** Only the beginning of a longer text is searched for secrets, which are shorter. */
const MAX_HIDDEN = 70_000;

const MAX_DEPTH = 6;
const MAX_TEXT = 960;

/** An answer's body as the model sees it: the value, and its JSON text. */
export interface Digest {
  json: Json;
  text: string;
}

/**
 * An answer's body as the model sees it, at most {@link MAX_DIGEST} characters: of long lists the first items and those
 * that the goal may be about are kept, with a last item that says which those are; of long texts the beginning. The work is bounded,
 * whatever the body's size.
 */
export function digestBody(body: Body, interest?: GoalFilter, hide: Hide = SHOW, from?: number): Digest {
  switch (body.kind) {
    case "json":
      return digestJson(body.json, interest, hide, from);
    case "text": {
      const text = from === undefined ? body.text : body.text.slice(from - 1);
      const digest = told(cutText(text, MAX_TEXT, hide));
      return digest.text.length <= MAX_DIGEST ? digest : told(cutText(text, MAX_TEXT / 4, hide));
    }
    case "page":
      return digestPage(body.page, hide);
    case "binary":
      return told(`${body.bytes} bytes of binary data`);
    case "empty":
      return { json: null, text: "null" };
  }
}

/** The digest of a JSON value. */
export function digestJson(value: Json, interest?: GoalFilter, hide: Hide = SHOW, from?: number): Digest {
  let digest: Digest = { json: null, text: "null" };
  for (const bounds of TIGHTER) {
    digest = told(
      cutJson(
        value,
        bounds,
        { left: bounds.nodes, interest, hide, ...(from === undefined ? {} : { from }) },
        0,
      ),
    );
    if (digest.text.length <= MAX_DIGEST) break;
  }
  return digest;
}

const told = (json: Json): Digest => ({ json, text: writeJson(json) });

/**
 * The place behind the first items that a digest shows of a cut list, or behind the part that it shows of a text.
 * @param from the place that the digest was made from
 * @returns undefined where {@link digestBody} has nothing more to show
 */
export function nextPlace({ kind }: Body, digest: string, from = 1): number | undefined {
  if (kind === "json") {
    if (!digest.includes(" are shown)")) return undefined;
    const shown = /\.\.\. \d+ more \(items (\d+)(?:-(\d+))? /.exec(digest);
    return shown === null ? undefined : Number(shown[2] ?? shown[1]) + 1;
  }
  const cut = kind === "text" ? /\.\.\. \d+ more characters"$/.exec(digest) : null;
  return cut === null ? undefined : from + (JSON.parse(`${digest.slice(0, cut.index)}"`) as string).length;
}

/** Says what is left out of a list: `... 48 more (items 1-3 of 51 are shown)`. Positions count from 1. */
function restText(places: readonly number[], length: number): string {
  const rest = `... ${length - places.length} more`;
  const ranges: [number, number][] = [];
  for (const place of places) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === place - 1) last[1] = place;
    else ranges.push([place, place]);
  }
  const shown = ranges.map(([low, high]) => (low === high ? `${low}` : `${low}-${high}`)).join(", ");
  return shown === "" ? rest : `${rest} (items ${shown} of ${length} are shown)`;
}

function cutText(text: string, limit: number, hide: Hide): string {
  if (text.length <= limit) return text;
  const shown = hide(text.length > MAX_HIDDEN ? text.slice(0, MAX_HIDDEN) : text);
  if (shown.length <= limit && text.length <= MAX_HIDDEN) return shown;
  return `${shown.slice(0, limit)}... ${text.length - limit} more characters`;
}

/** The index that a list is shown from; 0 where it is whole, or has no such place. */
const startOf = (list: readonly Json[], keep: number, { from = 1 }: Budget): number =>
  list.length <= keep || from > list.length ? 0 : from - 1;

function cutJson(value: Json, bounds: Bounds, budget: Budget, depth: number): Json {
  budget.left -= 1;
  if (typeof value === "string") return cutText(value, bounds.string, budget.hide);
  if (typeof value !== "object" || value === null || value instanceof LosslessNumber) return value;
  if (Array.isArray(value)) {
    const kept: Json[] = [];
    const places: number[] = [];
    const inner = listBounds(value, bounds, budget.hide);
    const start = startOf(value, inner.items, budget);
    if (depth < MAX_DEPTH)
      for (const item of start > 0 ? value.slice(start) : selectItems(value, inner.items, budget.interest)) {
        if (kept.length >= inner.items || budget.left <= 0) break;
        places.push(value.indexOf(item, places.at(-1) ?? start) + 1);
        kept.push(cutJson(item, inner, budget, depth + 1));
      }
    if (kept.length < value.length) kept.push(restText(places, value.length));
    return kept;
  }
  const object: JsonObject = {};
  let count = 0;
  for (const key in value) {
    if (count >= bounds.keys || budget.left <= 0 || depth >= MAX_DEPTH) {
      object["..."] = "more fields";
      break;
    }
    const name = key.length > bounds.name ? budget.hide(key).slice(0, bounds.name) : key;
    if (name === "__proto__") continue;
    object[name] = cutJson(value[key] ?? null, bounds, budget, depth + 1);
    count += 1;
  }
  return object;
}

/** Characters that the items of a list may take, and how many items are shown whatever they take. */
const LIST_SIZE = 700;
const FEWEST_ITEMS = 5;
/** Longest text in the items of a list that would take more otherwise. */
const LIST_STRING = 48;

/** How many items of a list are shown, and within which bounds: shorter texts first, then fewer items where they are large. */
function listBounds(list: readonly Json[], bounds: Bounds, hide: Hide): Bounds {
  if (list.length <= FEWEST_ITEMS || bounds.items <= FEWEST_ITEMS) return bounds;
  const shown = Math.min(list.length, bounds.items);
  if (firstSize(list, bounds, hide) * shown <= LIST_SIZE) return bounds;
  const short = { ...bounds, string: Math.min(bounds.string, LIST_STRING) };
  const fitting = Math.floor(LIST_SIZE / firstSize(list, short, hide));
  return { ...short, items: Math.max(FEWEST_ITEMS, Math.min(bounds.items, fitting)) };
}

/** Characters that the first item of a list takes. */
function firstSize(list: readonly Json[], bounds: Bounds, hide: Hide): number {
  const budget = { left: bounds.keys, interest: undefined, hide };
  return writeJson(cutJson(list[0] ?? null, bounds, budget, MAX_DEPTH - 2)).length;
}

/** Bounds that are tried one after another: characters of text, links, forms, options of a control. */
const PAGES: readonly { text: number; links: number; forms: number; options: number; words: number }[] = [
  { text: 1_200, links: 40, forms: 24, options: 20, words: 120 },
  { text: 800, links: 24, forms: 12, options: 8, words: 80 },
  { text: 400, links: 12, forms: 6, options: 6, words: 48 },
  { text: 240, links: 6, forms: 3, options: 4, words: 32 },
];

/** A page as the model sees it: forms and links come last but are cut last; hidden fields are not shown. */
function digestPage(page: Page, hide: Hide = SHOW): Digest {
  let digest: Digest = { json: null, text: "null" };
  for (const { text, links, forms, options, words } of PAGES) {
    const short = (value: string): string =>
      value.length > words ? `${hide(value).slice(0, words)}...` : value;
    const shortPath = (path: string, limit: number): string =>
      path.length > limit ? hide(path).slice(0, limit) : path;
    const json: JsonObject = {
      title: short(page.title),
      path: shortPath(page.path, 200),
      text: cutText(page.text, text, hide),
      links: cutList(page.links, links, ({ text: label, path, near }) => ({
        text: short(label),
        path: shortPath(path, 200),
        ...(near === undefined ? {} : { near: short(near) }),
      })),
      forms: cutList(page.forms, forms, ({ id, label, method, path, controls, near }) => ({
        form: short(id),
        label: short(label),
        sends: `${method} ${shortPath(path, 120)}`,
        ...(near === undefined ? {} : { near: short(near) }),
        ...buttonsOf(controls, short),
        fields: cutList(
          controls.filter(({ type, name }) => type !== "hidden" && type !== "submit" && name !== ""),
          20,
          (control) => fieldOf(control, options, short),
        ),
      })),
    };
    digest = told(json);
    if (digest.text.length <= MAX_DIGEST) return digest;
  }
  return digestJson(digest.json);
}

/** The labels of a form's buttons if there are several to choose from; the first is the default. */
function buttonsOf(controls: readonly PageControl[], short: (text: string) => string): JsonObject {
  const labels = buttonLabels({ controls });
  return labels.length === 0 ? {} : { buttons: labels.slice(0, MAX_BUTTONS).map(short) };
}
const MAX_BUTTONS = 6;

function cutList<T>(list: readonly T[], most: number, show: (item: T) => Json): Json[] {
  const shown = list.slice(0, most).map(show);
  if (list.length > most)
    shown.push(
      restText(
        shown.map((_, at) => at + 1),
        list.length,
      ),
    );
  return shown;
}

function fieldOf(control: PageControl, options: number, short: (text: string) => string): JsonObject {
  const { name, type, label, value, required, min, max } = control;
  const field: JsonObject = { name: name.slice(0, 80), type };
  if (label !== "") field.label = short(label);
  if (required) field.required = true;
  if (min !== undefined) field.min = min;
  if (max !== undefined) field.max = max;
  if (control.error !== undefined) field.error = short(control.error);
  if (control.options === undefined) {
    if (value !== "" && type !== "password") field.value = short(value);
    return field;
  }
  field.options = cutList(control.options, options, (one) =>
    one.label === one.value || one.label === "" ? one.value : { value: one.value, label: short(one.label) },
  );
  const chosen = control.options.filter(({ selected }) => selected).map((one) => one.value);
  if (chosen.length > 0) field.value = chosen.length === 1 ? (chosen[0] as string) : chosen;
  return field;
}
