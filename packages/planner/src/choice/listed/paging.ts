import {
  type Field,
  isCursor,
  isNumeric,
  isOffset,
  isPage,
  isSize,
  isText,
} from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import type { Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { Random } from "@ape/core/lib/random";
import type { PastCall } from "../../goal/past-call.ts";
import type { Request } from "../../planning-context.ts";
import { valueAt, visibleList } from "../response-values.ts";

/** Whether an input says which part of a list is shown: at the end of a list there is nothing to be read again. */
export const isPaging = (field: Field): boolean =>
  isPage(field) || isOffset(field) || isCursor(field) || isSize(field);

const ONWARD = /\b(?:next|cursor|continu\w*|go(?:es)? on|more|further|following|bookmark|resume)\b/;
const PARTS =
  /\b(?:how many|number of|count|total|last)\b.*\b(?:pages?|parts?)\b|\b(?:pages?|parts?)\b.*\b(?:count|total|last)\b|^pages\b/;
const TOTAL = /\b(?:total|in all|altogether|overall|how many)\b/;

/** The call for the next part of a list, or undefined at its end. The call's answer must still be visible. */
export function nextPage(call: PastCall, operation: Operation): Request | undefined {
  const { answer } = call;
  if (answer === undefined || call.method === undefined) return undefined;
  const base: Request = { target: call.target, method: call.method, path: call.path };
  const query = (change: Record<string, Json>): Request => ({ ...base, query: { ...call.query, ...change } });
  const inputs = operation.inputs.filter((field) => field.in === "query");
  const seen = visibleList(answer.body, operation);
  const shown = seen?.items.length ?? 0;
  const size = inputs.find(isSize);
  const page = inputs.find(isPage);

  // Parts as small as the digest show what it left out.
  if (
    seen !== undefined &&
    seen.hidden > 0 &&
    shown > 0 &&
    size !== undefined &&
    (size.minimum ?? 1) <= shown
  ) {
    if (call.query[size.name] !== String(shown)) {
      if (page === undefined || call.query[page.name] === undefined) {
        const onward = page === undefined ? {} : { [page.name]: firstPage(page) + 1 };
        return query({ ...onward, [size.name]: shown });
      }
    }
  }
  const offset = inputs.find(isOffset);
  if (
    offset !== undefined &&
    shown > 0 &&
    !pastTotal(operation, answer.body, Number(call.query[offset.name] ?? 0) + shown)
  )
    return query({ [offset.name]: Number(call.query[offset.name] ?? 0) + shown });

  const link = /<([^>]+)>\s*;[^,]*\brel="?next\b/.exec(answer.headers?.link ?? "")?.[1];
  if (link !== undefined) return follow(base, link);
  const onward = onwardValue(operation, answer.body);
  if (typeof onward === "string" && /^(?:\/|\?|https?:)/.test(onward)) return follow(base, onward);
  const cursor = inputs.find((field) => isCursor(field) && !isSize(field));
  if (cursor !== undefined) {
    const there = (typeof onward === "string" && onward !== "") || isNumber(onward);
    return there && String(onward) !== call.query[cursor.name] ? query({ [cursor.name]: onward }) : undefined;
  }
  if (page === undefined || shown === 0) return undefined;
  const first = firstPage(page);
  const here = Number(call.query[page.name] ?? first);
  const each = Number(
    (size === undefined ? undefined : (call.query[size.name] ?? size.example)) ?? shown + (seen?.hidden ?? 0),
  );
  const parts = number(operation, answer.body, PARTS);
  if (
    parts !== undefined
      ? here - first + 1 >= parts
      : pastTotal(operation, answer.body, (here - first) * each + shown + (seen?.hidden ?? 0))
  )
    return undefined;
  return query({ [page.name]: here + 1 });
}

/** Whether any part of a list can be asked for by its number or its offset. */
export const hasNumberedParts = (operation: Operation): boolean =>
  operation.inputs.some((field) => field.in === "query" && (isPage(field) || isOffset(field)));

/**
 * The call for another part of a list with numbered parts, drawn from all; undefined where the answer does not tell their
 * number, or there is no other one.
 */
export function otherPart(call: PastCall, operation: Operation, random: Random): Request | undefined {
  const { answer } = call;
  if (answer === undefined || call.method === undefined) return undefined;
  const inputs = operation.inputs.filter((field) => field.in === "query");
  const by = inputs.find(isPage) ?? inputs.find(isOffset);
  const seen = visibleList(answer.body, operation);
  if (by === undefined || seen === undefined || seen.items.length === 0) return undefined;
  const size = inputs.find(isSize);
  // What the digest leaves out of a part is shown by smaller parts.
  const smaller = seen.hidden > 0 && size !== undefined && (size.minimum ?? 1) <= seen.items.length;
  const each = smaller ? seen.items.length : seen.items.length + seen.hidden;
  const total = number(operation, answer.body, TOTAL);
  const told = smaller ? undefined : number(operation, answer.body, PARTS);
  const parts = told ?? (total === undefined ? 0 : Math.ceil(total / each));
  const first = isPage(by) ? firstPage(by) : 0;
  const step = isPage(by) ? 1 : each;
  const here = smaller && isPage(by) ? first : Number(call.query[by.name] ?? first);
  const others = Array.from({ length: Math.min(parts, MOST_PARTS) }, (_, index) => first + index * step);
  const left = others.filter((value) => value !== here);
  if (left.length === 0) return undefined;
  const value = left[Math.floor(random() * left.length)] ?? first;
  const query: Record<string, Json> = { ...call.query, [by.name]: value };
  if (smaller) query[size.name] = each;
  return { target: call.target, method: call.method, path: call.path, query };
}

/** Parts of a list that are drawn from: users go no deeper. */
const MOST_PARTS = 50;

const firstPage = (field: Field): number => Number(field.example ?? field.minimum ?? 1);

/** How the answer says that the list continues: a cursor or a link. */
function onwardValue(operation: Operation, body: Json): Json | undefined {
  const fields = operation.answers.filter(
    (field) => !field.name.includes("[]") && (isText(field) || isNumeric(field)),
  );
  const told = fields.filter((field) => ONWARD.test(field.words) && !PARTS.test(field.words));
  told.sort((one, two) => Number(isText(two)) - Number(isText(one)));
  for (const field of told) {
    const value = valueAt(body, field.name);
    if (value !== undefined) return value;
  }
  return ["next", "nextCursor", "next_cursor", "cursor", "nextPage", "links.next", "meta.next"]
    .map((name) => valueAt(body, name))
    .find((value) => value !== undefined);
}

function follow(base: Request, link: string): Request {
  const from = `http://target${base.path}`;
  // A value that a target calls a link may be no URL.
  if (!URL.canParse(link, from)) return base;
  const url = new URL(link, from);
  const query: Record<string, Json> = Object.fromEntries(url.searchParams);
  return { ...base, path: link.startsWith("/") ? url.pathname : base.path, query };
}

function number(operation: Operation, body: Json, about: RegExp): number | undefined {
  for (const field of operation.answers) {
    if (field.name.includes("[]") || !isNumeric(field) || !about.test(field.words)) continue;
    const value = valueAt(body, field.name);
    if (isNumber(value)) return Number(value);
  }
  return undefined;
}

function pastTotal(operation: Operation, body: Json, seen: number): boolean {
  const total = number(operation, body, TOTAL);
  return total !== undefined && seen >= total;
}
