import type { IncomingHttpHeaders } from "node:http";
import { setTimeout } from "node:timers/promises";
import { type Answer, unauthorized } from "./answer.ts";
import type { Caller } from "./customers.ts";
import { EXPIRED, obstructed } from "./obstacle.ts";
import { COOKIE } from "./operations/login.ts";
import { hit, type Operation, part, type Visit } from "./visit.ts";
import type { World } from "./world.ts";

/** A request as it comes off the wire. */
export interface Arrival {
  readonly headers: IncomingHttpHeaders;
  readonly url: string;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** An answer as it goes on the wire. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  payload: string | undefined;
  /** The connection is cut after so many milliseconds instead. */
  cutAfterMs?: number;
}

const ENDED = unauthorized("invalid_token", "This login is unknown or was logged out: log in again.");
const JSON_TYPE = "application/json; charset=utf-8";
const PAGE =
  "<!doctype html><html><head><title>One moment</title></head><body><h1>We are tidying up</h1></body></html>";

/** The trace id of a request: out of W3C `traceparent` (version-traceid-parentid-flags), else out of `x-trace-id`. */
export function traceIdOf(headers: IncomingHttpHeaders): string | undefined {
  const { traceparent } = headers;
  const found =
    typeof traceparent === "string"
      ? /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/.exec(traceparent)
      : null;
  if (found?.[1] !== undefined && !/^0+$/.test(found[1])) return found[1];
  const plain = headers["x-trace-id"];
  return typeof plain === "string" && /^[\w-]{1,64}$/.test(plain) ? plain : undefined;
}

/** The span id of a request's `traceparent`, or "". */
function spanOf({ traceparent }: IncomingHttpHeaders): string {
  return typeof traceparent === "string" && /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-/.test(traceparent)
    ? traceparent.slice(36, 52)
    : "";
}

/** The token of a request: a bearer token first, else the session cookie. */
function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  const { authorization, cookie } = headers;
  if (authorization !== undefined && /^bearer /i.test(authorization)) return authorization.slice(7).trim();
  if (cookie === undefined) return undefined;
  for (const pair of cookie.split(";")) {
    const at = pair.indexOf("=");
    if (pair.slice(0, at).trim() === COOKIE) return pair.slice(at + 1).trim();
  }
  return undefined;
}

function meet(world: World, operation: Operation, index: number, arrival: Arrival): Visit {
  const page = world.ledger.page(traceIdOf(arrival.headers));
  page.requests += 1;
  const token = tokenOf(arrival.headers);
  const found = token === undefined || token === "" ? undefined : world.sessions.find(token);
  const session = found?.state === "live" ? found : undefined;
  const refusal =
    token === undefined || token === "" ? undefined : found?.state === "expired" ? EXPIRED : ENDED;
  const email = found === undefined ? part(arrival.body, "email") : undefined;
  // A login counts as a request of the account it names, so that its faults do not depend on who else is there.
  const named = typeof email === "string" ? world.customers.get(email.toLowerCase()) : undefined;
  const caller: Caller = found?.customer ?? named ?? page;
  const turn = caller.turns[index] ?? 0;
  caller.turns[index] = turn + 1;
  if (session !== undefined) world.ledger.used(page, session);
  return {
    world,
    operation: operation.name,
    caller,
    turn,
    url: arrival.url,
    params: arrival.params as Record<string, string>,
    query: arrival.query as Record<string, unknown>,
    body: arrival.body,
    page,
    span: spanOf(arrival.headers),
    session,
    refusal,
  };
}

function onWire(visit: Visit, answer: Answer): Reply {
  const headers = answer.headers ?? {};
  if (answer.body === undefined) return { status: answer.status, headers, payload: undefined };
  let payload = JSON.stringify(answer.body);
  const { schemaChange } = visit.world.faults;
  if (
    schemaChange !== undefined &&
    answer.status < 400 &&
    payload.includes(`"${schemaChange.field}":`) &&
    hit(visit, "schemaChange", { rate: 1, ...schemaChange })
  )
    // A quote inside a JSON text is always escaped, so this pattern cannot match anything but a field's name.
    payload = payload.replaceAll(`"${schemaChange.field}":`, `"${schemaChange.to}":`);
  return { status: answer.status, headers: { ...headers, "content-type": JSON_TYPE }, payload };
}

function conclude(visit: Visit, operation: Operation): Reply {
  const obstacle = obstructed(visit, operation);
  if (obstacle === "html")
    return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, payload: PAGE };
  if (obstacle !== undefined && "cutAfterMs" in obstacle)
    return { status: 0, headers: {}, payload: undefined, cutAfterMs: obstacle.cutAfterMs };
  return onWire(visit, obstacle ?? operation.run(visit));
}

/** Serves one request; a promise only where the latency fault holds it back. */
export function serve(
  world: World,
  operation: Operation,
  index: number,
  arrival: Arrival,
): Reply | Promise<Reply> {
  const visit = meet(world, operation, index, arrival);
  const { latency } = world.faults;
  if (latency === undefined || !hit(visit, "latency", latency)) return conclude(visit, operation);
  return setTimeout(latency.ms).then(() => conclude(visit, operation));
}
