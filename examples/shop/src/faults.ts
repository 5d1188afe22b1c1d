import type { Caller } from "./customers.ts";
import { digest, fraction } from "./seeded.ts";

/** A share of the requests, 0 to 1, of one operation (`POST /orders`) or, without one, of all that it can hit. */
export interface Share {
  rate: number;
  operation?: string;
}

/** What can be made to go wrong. A fault that is not named is off. */
export interface Faults {
  /** The answer comes `ms` milliseconds later. */
  latency?: Share & { ms: number };
  /** 500, and nothing was done. */
  error500?: Share;
  /** 503, with `Retry-After` where `retryAfter` (seconds) is given, and nothing was done. */
  unavailable503?: Share & { retryAfter?: number };
  /** 429, with `Retry-After` where `retryAfter` (seconds) is given, and nothing was done. */
  rateLimit429?: Share & { retryAfter?: number };
  /** 200 with a page of HTML where JSON was promised, and nothing was done. */
  html?: Share;
  /** The login of the request expires there and then: 401 `token_expired`. */
  tokenExpiry?: Share;
  /** 409 `out_of_stock` on adding to the cart or at checkout. */
  outOfStock?: { rate: number; at: "add" | "checkout" };
  /** The connection is cut without an answer, and nothing was done. */
  reset?: Share;
  /** No answer for `ms` milliseconds, then the connection is cut, and nothing was done. */
  hang?: Share & { ms: number };
  /** 302 to the very same address, and nothing was done. */
  redirect?: Share;
  /** 403, though the customer may do this, and nothing was done. */
  forbidden403?: Share;
  /** 404 for a product that the shop has just shown, and nothing was done. */
  stale404?: Share;
  /** Of writes after a login: 409 `conflict`: somebody else was quicker; nothing was done, and the same request can be sent again. */
  conflict409?: Share;
  /** 422 with a field error for adding a single piece: at least two are wanted this time. */
  invalid422?: { rate: number };
  /** A login that is answered well, and whose token is refused from the first request on. */
  deadLogin?: { rate: number };
  /** A field has another name in answers: in a share of them, or in all where there is no `rate`. */
  schemaChange?: { field: string; to: string; rate?: number; operation?: string };
  /** A planted bug: `GET /orders/{orderId}` shows the orders of other customers. */
  crossAccount?: true;
}

export type FaultKind = keyof Faults;

type Rule = "share" | "some" | "positive" | "seconds" | "text" | "operation" | "moment" | "on";

const SHAPES: Record<FaultKind, Record<string, Rule>> = {
  latency: { rate: "share", ms: "positive", operation: "operation" },
  error500: { rate: "share", operation: "operation" },
  unavailable503: { rate: "share", retryAfter: "seconds", operation: "operation" },
  rateLimit429: { rate: "share", retryAfter: "seconds", operation: "operation" },
  html: { rate: "share", operation: "operation" },
  tokenExpiry: { rate: "share", operation: "operation" },
  outOfStock: { rate: "share", at: "moment" },
  reset: { rate: "share", operation: "operation" },
  hang: { rate: "share", ms: "positive", operation: "operation" },
  redirect: { rate: "share", operation: "operation" },
  forbidden403: { rate: "share", operation: "operation" },
  stale404: { rate: "share", operation: "operation" },
  conflict409: { rate: "share", operation: "operation" },
  invalid422: { rate: "share" },
  deadLogin: { rate: "share" },
  schemaChange: { field: "text", to: "text", rate: "some", operation: "operation" },
  crossAccount: {},
};

const RULES: Record<Rule, { holds: (value: unknown) => boolean; wanted: string }> = {
  share: { holds: (v) => typeof v === "number" && v >= 0 && v <= 1, wanted: "a number from 0 to 1" },
  some: {
    holds: (v) => v === undefined || (typeof v === "number" && v >= 0 && v <= 1),
    wanted: "a number from 0 to 1, or nothing",
  },
  positive: {
    holds: (v) => typeof v === "number" && v >= 0 && v <= 600_000,
    wanted: "a number from 0 to 600000",
  },
  seconds: {
    holds: (v) => v === undefined || (Number.isInteger(v) && Number(v) >= 0 && Number(v) <= 3600),
    wanted: "whole seconds, 0 to 3600, or nothing",
  },
  text: { holds: (v) => typeof v === "string" && /^[A-Za-z_]\w{0,63}$/.test(v), wanted: "a field's name" },
  operation: {
    holds: (v) => v === undefined || typeof v === "string",
    wanted: "an operation such as POST /orders",
  },
  moment: { holds: (v) => v === "add" || v === "checkout", wanted: `"add" or "checkout"` },
  on: { holds: (v) => v === true, wanted: "true" },
};

/**
 * Reads faults from outside (flag, control port).
 * @throws Error that names the first unknown fault, unknown key or bad value, or an operation not in `operations`.
 */
export function readFaults(value: unknown, operations: readonly string[]): Faults {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("faults: want an object");
  for (const [kind, settings] of Object.entries(value)) {
    if (!Object.hasOwn(SHAPES, kind)) {
      throw new Error(`faults: no fault is called "${kind}"; there are ${Object.keys(SHAPES).join(", ")}`);
    }
    if (kind === "crossAccount") check("crossAccount", "on", settings);
    else readSettings(kind as FaultKind, settings, operations);
  }
  return value as Faults;
}

function readSettings(kind: FaultKind, settings: unknown, operations: readonly string[]): void {
  if (typeof settings !== "object" || settings === null) throw new Error(`faults.${kind}: want an object`);
  const shape = SHAPES[kind];
  for (const key of Object.keys(settings)) {
    if (!Object.hasOwn(shape, key)) throw new Error(`faults.${kind}: unknown key "${key}"`);
  }
  for (const [key, rule] of Object.entries(shape)) {
    check(`${kind}.${key}`, rule, (settings as Record<string, unknown>)[key]);
  }
  const { operation } = settings as { operation?: string };
  if (operation !== undefined && !operations.includes(operation)) {
    throw new Error(`faults.${kind}.operation: the shop has no "${operation}"`);
  }
}

function check(name: string, rule: Rule, value: unknown): void {
  const { holds, wanted } = RULES[rule];
  if (!holds(value)) throw new Error(`faults.${name}: want ${wanted}, got ${JSON.stringify(value)}`);
}

/** One request as faults see it. */
export interface Exposure {
  readonly operation: string;
  readonly caller: Caller;
  /** How many requests this caller had sent to this operation before. */
  readonly turn: number;
}

/** Salts the draws, so that one kind's say nothing about another's. */
const SALT = new Map<string, number>(Object.keys(SHAPES).map((kind) => [kind, digest(kind)]));

/**
 * Decides whether a fault hits a request. A draw depends on the seed, the fault, the caller, the operation and how
 * many requests the caller has sent to it; never on other callers, so a seeded run meets the same faults again.
 */
export function strikes(
  kind: FaultKind,
  share: Share | undefined,
  exposure: Exposure,
  seed: number,
): boolean {
  if (share === undefined || (share.operation !== undefined && share.operation !== exposure.operation))
    return false;
  if (share.rate >= 1) return true;
  const salt = (SALT.get(kind) ?? 0) ^ digest(exposure.operation);
  return fraction(seed, salt, exposure.caller.key, exposure.turn) < share.rate;
}
