import { randomFillSync } from "node:crypto";
import type { Json } from "@ape/core/lib/json";
import { CALLER_META } from "@ape/core/protocol/mcp";
import { type FormOrigin, readFormOrigin } from "@ape/core/protocol/sign-in";

/** Headers with the caller's identity; `_meta` overrides them. */
const CALLER = { session: "x-ape-session", agent: "x-ape-agent" } as const;

/** The caller and the trace position of a call. */
export interface CallContext {
  trace: string;
  /** The caller's span, empty if it named none. */
  parent: string;
  /** The span of this call at the gateway. */
  span: string;
  flags: string;
  session: string;
  agent: string;
  correlation: string;
  /** What the page of the form that is sent showed before. */
  origin?: FormOrigin;
}

type Meta = Readonly<Record<string, Json | undefined>>;

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
const MAX_ID = 200;

/**
 * Reads the context of a call: `traceparent` of `_meta` before that of the headers, a new trace if neither is valid.
 * Source: W3C Trace Context, section 3.2; MCP 2026-07-28, `_meta` keys of trace context.
 */
export function callContext(
  meta: Meta | undefined,
  header: (name: string) => string | undefined,
  correlationHeader: string,
): CallContext {
  const own = meta?.traceparent;
  const match =
    (typeof own === "string" ? TRACEPARENT.exec(own) : null) ?? TRACEPARENT.exec(header("traceparent") ?? "");
  const said = (key: string, name: string): string => {
    const value = meta?.[key];
    return (typeof value === "string" ? value : (header(name) ?? "")).slice(0, MAX_ID);
  };
  const origin = readFormOrigin(meta?.[CALLER_META.origin]);
  return {
    ...(origin === undefined ? {} : { origin }),
    trace: match?.[1] ?? freshHex(16),
    parent: match?.[2] ?? "",
    span: freshHex(8),
    flags: match?.[3] ?? "01",
    session: said(CALLER_META.session, CALLER.session),
    agent: said(CALLER_META.agent, CALLER.agent),
    correlation: (header(correlationHeader) ?? "").slice(0, MAX_ID),
  };
}

const POOL = Buffer.alloc(4096);
let left = 0;

/** Random bytes as hex digits, drawn from the system a page at a time; never all zero but by a chance of 2^-64. */
function freshHex(bytes: number): string {
  if (left < bytes) {
    randomFillSync(POOL);
    left = POOL.length;
  }
  left -= bytes;
  return POOL.toString("hex", left, left + bytes);
}
