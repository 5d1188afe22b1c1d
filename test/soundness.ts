import type { ActionRecord, Event, SessionEnded, VerificationRead } from "@ape/core/protocol/events";
import type { Attribution } from "@ape/core/protocol/outcome";
import { spanId, verificationSpan } from "@ape/core/protocol/trace";
import type { Books, Injection } from "@ape/shop/books";
import type { FaultKind, Faults } from "@ape/shop/faults";
import { startShop } from "@ape/shop/shop";
import { ProjectFolder } from "./e2e/ape.ts";
import { shopping } from "./e2e/shopping.ts";
import { reconcile } from "./reconcile.ts";

/**
 * Every class of the shop's faults, at high but realistic rates. The planted bug `crossAccount` is no fault of traffic.
 */
export const REALISTIC: Faults = {
  latency: { rate: 0.02, ms: 150 },
  hang: { rate: 0.002, ms: 3_000 },
  reset: { rate: 0.005 },
  error500: { rate: 0.01 },
  unavailable503: { rate: 0.01, retryAfter: 1 },
  rateLimit429: { rate: 0.01 },
  html: { rate: 0.005 },
  redirect: { rate: 0.003 },
  tokenExpiry: { rate: 0.01 },
  deadLogin: { rate: 0.005 },
  forbidden403: { rate: 0.005, operation: "POST /cart/items" },
  stale404: { rate: 0.01 },
  conflict409: { rate: 0.01 },
  invalid422: { rate: 0.01 },
  outOfStock: { rate: 0.01, at: "checkout" },
  schemaChange: { rate: 0.01, field: "priceUsd", to: "cost", operation: "GET /products" },
};

/**
 * The attribution of the step that a fault hit, by what a stranger could prove from the answers.
 *
 * - `none`: such a fault makes no step fail by itself. A reset of a connection that was used before makes none fail
 *   either where the request may be sent again.
 * - Where the answer itself proves the fault, it is the target's.
 * - A product that was just listed and is "not found" is a contradiction: the target's, once a verification read has
 *   shown it. Without one (the budget is spent, or a fault hit the read, too) the failure is unclear.
 * - A login that the answer calls expired, and a body that breaks a rule that the answer names, are the session's.
 * - A conflict or refusal that nothing in the answers contradicts has two readings. A status that the document does not
 *   list for the operation breaks the contract, which proves the fault: 403 for adding to the cart, 409 for logging out.
 */
const RIGHT: Record<
  FaultKind,
  Attribution | "none" | "target, where a read shows it" | "unclear, where the status is documented"
> = {
  latency: "none",
  hang: "target",
  reset: "target",
  error500: "target",
  unavailable503: "target",
  rateLimit429: "target",
  html: "target",
  redirect: "target",
  tokenExpiry: "simulation",
  deadLogin: "none",
  forbidden403: "target",
  stale404: "target, where a read shows it",
  conflict409: "unclear, where the status is documented",
  invalid422: "simulation",
  outOfStock: "unclear",
  schemaChange: "target",
  crossAccount: "none",
};

/** The goal's probe requests it; agents seldom do. */
const PROBED = "GET /orders/{orderId}";

/** The result of the faults of one kind. */
interface KindFigures {
  /** As the injector counts them. */
  injected: number;
  /** That hit a step of an agent; the others hit a request of the oracle, or one that the run's end cut off. */
  steps: number;
  right: number;
}

/** The result of a run under faults. */
export interface Soundness {
  sessions: number;
  successRate: number;
  /** Share of sessions that APE and the shop's record judge alike. */
  agreeing: number;
  byKind: Partial<Record<FaultKind, KindFigures>>;
  /** Share of unsuccessful sessions that were attributed. */
  failed: number;
  attributed: number;
  /** Failed steps without a fault, and those of them that were attributed to the target. */
  refusals: number;
  blamed: number;
  /** Every disagreement in a sentence. */
  wrong: string[];
}

/**
 * Runs sessions against the shop under faults; {@link compareWithBooks} then compares APE's verdicts with the shop's
 * record.
 */
export async function runUnderFaults(options: {
  sessions: number;
  agents: number;
  seed: number;
  faults?: Faults;
}): Promise<{ events: Event[]; books: Books }> {
  const { sessions, agents, seed, faults = REALISTIC } = options;
  const accounts = Math.max(200, agents * 2);
  const shop = await startShop({ faults, accounts, seed: 1 });
  const files = shopping(shop.url, { load: `{ agents: ${agents}, sessions: ${sessions} }`, accounts });
  const folder = await ProjectFolder.create({
    ...files,
    "ape.config.yaml": (files["ape.config.yaml"] ?? "").replace(
      "spec: ./openapi.yaml }",
      "spec: ./openapi.yaml, contract: true, timeouts: { firstByte: 1s, total: 2s } }",
    ),
  });
  try {
    const { exit, stderr } = await folder.run([
      "start",
      "--seed",
      String(seed),
      "--quiet",
      "--no-thresholds",
    ]);
    if (exit !== 0) throw new Error(`the run ended with ${exit}: ${stderr}`);
    return { events: await folder.events(), books: shop.books() };
  } finally {
    await folder.remove();
    await shop.close();
  }
}

interface Circumstances {
  /** Trace and span of every request that a fault hit. */
  hit: ReadonlySet<string>;
  contract: boolean;
}

interface Known {
  session: string;
  trace: string;
  ended: SessionEnded | undefined;
  actions: Map<number, ActionRecord>;
  /** Verification reads by the step that they verified. */
  reads: Map<number, VerificationRead>;
}

/**
 * Compares a run's events with the shop's record and the injector's log.
 * @param contract whether answers were validated against the API document
 */
export function compareWithBooks(events: readonly Event[], books: Books, contract = true): Soundness {
  const byTrace = readSessions(events);
  const { onlyApe, onlyShop } = reconcile(events, books);
  const ended = [...byTrace.values()].flatMap((known) => (known.ended === undefined ? [] : [known.ended]));
  const failed = ended.filter(({ outcome }) => outcome !== "succeeded");
  const named = (trace: string, who: string): string => {
    const known = byTrace.get(trace);
    return `${known?.session ?? trace}: only ${who} counts it as reached (${known?.ended?.outcome}: ${known?.ended?.reason})`;
  };
  const found: Soundness = {
    sessions: ended.length,
    successRate: (ended.length - failed.length) / Math.max(1, ended.length),
    agreeing: ended.length - onlyApe.length - onlyShop.length,
    byKind: {},
    failed: failed.length,
    attributed: failed.filter(({ attribution }) => attribution !== undefined).length,
    refusals: 0,
    blamed: 0,
    wrong: [
      ...onlyApe.map((trace) => named(trace, "APE")),
      ...onlyShop.map((trace) => named(trace, "the shop")),
    ],
  };
  const hit = new Set(books.injections.map(({ traceId, span }) => `${traceId} ${span}`));
  for (const injection of books.injections)
    hold(found, injection, byTrace.get(injection.traceId ?? ""), { hit, contract });
  findWrongBlame(found, byTrace.values(), hit);
  return found;
}

function readSessions(events: readonly Event[]): Map<string, Known> {
  const bySession = new Map<string, Known>();
  for (const event of events)
    if (event.type === "session_started")
      bySession.set(event.session, {
        session: event.session,
        trace: event.trace,
        ended: undefined,
        actions: new Map(),
        reads: new Map(),
      });
  for (const event of events) {
    const known = "session" in event ? bySession.get(event.session) : undefined;
    if (event.type === "session_ended" && known !== undefined) known.ended = event;
    if (event.type === "verification") known?.reads.set(event.step, event);
    if (event.type === "step" && event.action !== undefined) known?.actions.set(event.step, event.action);
  }
  return new Map([...bySession.values()].map((known) => [known.trace, known]));
}

/** Writes of a customer for which the shop's document lists no 409. */
const NO_CONFLICT: readonly string[] = ["POST /logout", "DELETE /cart/items/{productId}"];

function isRight(
  { kind, operation }: Pick<Injection, "kind" | "operation">,
  said: Attribution | "none",
  { trace, reads, actions }: Known,
  step: number,
  { hit, contract }: Circumstances,
): boolean {
  const right = RIGHT[kind];
  // A request that met the end of a connection is sent once more, as clients do, and counted: then nothing failed.
  if (kind === "reset" && said === "none")
    return actions.get(step)?.attempts.some(({ resent }) => resent) === true;
  // A machine that is busy with something else may have made the call late by itself, and then says so.
  if (said === "infrastructure" && right !== "infrastructure")
    return /generator was overloaded/.test(actions.get(step)?.because ?? "");
  // What an answer held that was lost on its way nobody can know.
  if (said === "target" && actions.get(step)?.error?.code === "reset") return true;
  if (kind === "forbidden403") return said === (contract ? right : "unclear");
  if (right === "unclear, where the status is documented")
    return said === (contract && NO_CONFLICT.includes(operation) ? "target" : "unclear");
  if (right !== "target, where a read shows it") return right === "none" || said === right;
  if (!reads.has(step)) return said === "unclear";
  // Another fault can have hit the read.
  const disturbed =
    reads.get(step)?.evidence.endsWith("-> 200") !== true ||
    hit.has(`${trace} ${spanId(trace, verificationSpan(step))}`);
  return said === "target" || (disturbed && said === "unclear");
}

/** The shop refused failed steps without a fault rightly: none may be attributed to the target. */
function findWrongBlame(found: Soundness, sessions: Iterable<Known>, hit: ReadonlySet<string>): void {
  for (const { session, trace, actions } of sessions)
    for (const [step, { attribution, status, operation, error }] of actions) {
      // A connection or an answer that broke is no refusal.
      if (status < 400 || status >= 500 || error !== undefined) continue;
      if (attribution === undefined || hit.has(`${trace} ${spanId(trace, step)}`)) continue;
      found.refusals += 1;
      if (attribution !== "target") continue;
      found.blamed += 1;
      found.wrong.push(
        `${session} step ${step}: ${operation} -> ${status} was right, and is the target's fault`,
      );
    }
}

/** Compares one fault with the step that it hit: found by the span of the request, which is the step's own. */
function hold(
  found: Soundness,
  { kind, operation, span, traceId }: Injection,
  known: Known | undefined,
  circumstances: Circumstances,
): void {
  const figures = found.byKind[kind] ?? { injected: 0, steps: 0, right: 0 };
  found.byKind[kind] = figures;
  figures.injected += 1;
  if (known === undefined) {
    found.wrong.push(`${kind} hit ${operation} of trace ${traceId}, which no session has`);
    return;
  }
  for (const step of known.reads.keys()) if (spanId(known.trace, verificationSpan(step)) === span) return;
  let steps = 0;
  for (const [step, action] of known.actions) {
    if (spanId(known.trace, step) !== span || action.operation !== operation) continue;
    steps += 1;
    const said = action.attribution ?? "none";
    // A fault that fails nothing by itself can meet another one in the same request.
    if (isRight({ kind, operation }, said, known, step, circumstances)) figures.right += 1;
    else found.wrong.push(`${known.session} step ${step}: ${kind} on ${operation} was attributed to ${said}`);
  }
  figures.steps += steps;
  if (steps === 0 && operation !== PROBED)
    found.wrong.push(`${known.session}: ${kind} hit ${operation}, and no step of that span is recorded`);
}
