import type { Field } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { randomFrom, randomHex, seedOf } from "@ape/core/lib/random";
import { type PlanningContext, type Request, successfulCalls } from "../planning-context.ts";

/** Conditional requests (RFC 9110, section 13.1) that need the version of what was read. */
const PRECONDITION = /^if-(?:match|unmodified-since)$/i;
const IDEMPOTENCY = /^(?:x-)?idempotency-?key$|^(?:x-)?(?:request|transaction)-?(?:token|id|key)$/i;

/** Whether a header says which version of a thing a call is about. */
export const isPrecondition = ({ in: place, name }: Field): boolean =>
  place === "header" && PRECONDITION.test(name);

/** The version of what a path shows, by the last answer that told one, or the read that tells it; undefined if nothing does. */
export function versionOf(
  field: Field,
  owner: Operation,
  path: string,
  context: PlanningContext,
): { value: string } | { request: Request } | undefined {
  const name = /match/i.test(field.name) ? "etag" : "last-modified";
  const calls = context.progress.calls.filter(
    (call) => call.target === owner.target && call.path.split("?")[0] === path,
  );
  const told = calls.findLast(({ ok, answer }) => ok && answer?.headers?.[name] !== undefined);
  const refused = calls.findLast(({ status }) => status === 412 || status === 428);
  const value = told?.answer?.headers?.[name];
  const isStale = refused !== undefined && told !== undefined && refused.step > told.step;
  if (value !== undefined && !isStale) return { value };
  if (!field.required && refused === undefined) return undefined;
  const read = context.catalog.operations.find(
    ({ target, method, path: own, call }) =>
      target === owner.target && method === "GET" && call === "GET" && own === owner.path,
  );
  if (read === undefined) return value === undefined ? undefined : { value };
  // A read that tells no version is not repeated.
  const last = successfulCalls(context, read).findLast((call) => call.path === path);
  const isTold = last?.answer !== undefined && last.answer.headers?.[name] === undefined;
  if (isTold && !isStale) return undefined;
  return { request: { target: owner.target, method: "GET", path } };
}

/** A key for one call, the same when it is sent again: servers answer a repeated key with what they have done before. */
export function idempotencyKey(field: Field, step: number, { session }: PlanningContext): string | undefined {
  if (field.in !== "header" || !IDEMPOTENCY.test(field.name)) return undefined;
  const hex = randomHex(randomFrom(seedOf(session, field.name, step)), 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
