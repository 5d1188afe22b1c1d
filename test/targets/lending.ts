import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { bodyOf, listenOnLoopback } from "./loopback.ts";

/** A goal for an agent at the tool library, in words. */
export const LENDING_GOAL =
  "Sign in, look for a tool whose daily fee is below 12 euros, reserve it, confirm the reservation, sign out.";

/** A member's row in the data file: the names are not those of the API. */
export interface MemberRow {
  member: string;
  pin: string;
}

export interface BookedReservation {
  reservationNumber: number;
  toolNumber: number;
  dailyFee: number;
  days: number;
  stage: "held" | "confirmed";
}

/** The actions of one trace at the library. */
export interface LendingTrace {
  signIns: number;
  signOuts: number;
  members: string[];
  reservations: BookedReservation[];
}

export interface LendingBooks {
  traces: Record<string, LendingTrace>;
  /** The traces that reached the goal: a tool below 12 euros a day confirmed, then signed out. */
  reached: string[];
}

export interface Lending {
  readonly url: string;
  /** The OpenAPI 3.1 document; served too, as `/openapi.json`. */
  readonly document: Record<string, unknown>;
  readonly rows: MemberRow[];
  books(): LendingBooks;
  close(): Promise<void>;
}

interface Tool {
  toolNumber: number;
  label: string;
  kind: string;
  dailyFee: number;
  onShelf: boolean;
}

interface Visit {
  visitNumber: number;
  key: string;
  member: string;
}

interface Reservation {
  view: Record<string, unknown> & { stage: string };
  booked: BookedReservation;
  member: string;
}

interface Call {
  params: number[];
  query: URLSearchParams;
  body: Record<string, unknown>;
  trace: LendingTrace & { reached: boolean };
  visit: Visit;
}

type Answer = [status: number, body?: unknown];
type Handler = (call: Call) => Answer;

const KINDS = ["garden", "wood", "metal", "paint"];
const LABELS = [
  "Hedge shears",
  "Plane",
  "Angle grinder",
  "Spray gun",
  "Chainsaw",
  "Router",
  "Welder",
  "Long ladder",
];

/** Fees of 12 euros and more come first, so that an agent has to read further pages. */
function toolAt(index: number): Tool {
  return {
    toolNumber: 4000 + index * 7,
    label: `${LABELS[index % LABELS.length]} ${String.fromCharCode(65 + (index % 26))}`,
    kind: KINDS[index % KINDS.length] ?? "wood",
    dailyFee: index < 6 ? 12 + index * 3.5 : index % 3 === 0 ? 4 + index / 10 : 15 + index,
    onShelf: index % 9 !== 6,
  };
}

function rowAt(index: number): MemberRow {
  return { member: `M-${String(1000 + index * 3)}`, pin: String((index * 37) % 10_000).padStart(4, "0") };
}

function whole(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}

function unfit(fields: Record<string, string | false>): Answer | undefined {
  const wrong = Object.entries(fields).filter(([, reason]) => reason !== false);
  if (wrong.length === 0) return undefined;
  return [
    422,
    { trouble: "Parts of the request are missing or not acceptable.", unfit: Object.fromEntries(wrong) },
  ];
}

/** Opens a tool library with this many members (200) and tools (40) on a free loopback port. */
export async function startLending(options: { members?: number; tools?: number } = {}): Promise<Lending> {
  const rows = Array.from({ length: options.members ?? 200 }, (_, index) => rowAt(index));
  const pins = new Map(rows.map(({ member, pin }) => [member, pin]));
  const tools = Array.from({ length: options.tools ?? 40 }, (_, index) => toolAt(index));
  const toolByNumber = new Map(tools.map((tool) => [tool.toolNumber, tool]));
  const visits = new Map<string, Visit>();
  const reservations = new Map<number, Reservation>();
  const counts = new Map<string, number>();
  const traces = new Map<string, Call["trace"]>();
  const document = parse(readFileSync(new URL("./lending.yaml", import.meta.url), "utf8")) as Record<
    string,
    unknown
  >;

  /** Derived from the member and their own count, so that other members' actions change no number. */
  const nextNumber = (what: string, member: string): number => {
    const count = (counts.get(what + member) ?? 0) + 1;
    counts.set(what + member, count);
    return Number(member.slice(2)) * 10_000 + count;
  };

  const signIn: Handler = ({ body, trace }) => {
    const { memberNumber, pin } = body;
    const wrong = unfit({
      memberNumber:
        (typeof memberNumber !== "string" || !/^M-\d{4}$/.test(memberNumber)) && "must look as on the card",
      pin: (typeof pin !== "string" || !/^\d{4}$/.test(pin)) && "must be a text of four digits",
    });
    if (wrong !== undefined) return wrong;
    if (pins.get(String(memberNumber)) !== pin)
      return [403, { trouble: "No member has this number and PIN." }];
    const member = String(memberNumber);
    const visitNumber = nextNumber("visit", member);
    const key = `key-${visitNumber}`;
    visits.set(key, { visitNumber, key, member });
    trace.signIns += 1;
    if (!trace.members.includes(member)) trace.members.push(member);
    return [201, { visitNumber, libraryKey: key, greeting: "Good to see you." }];
  };

  const signOut: Handler = ({ params, visit, trace }) => {
    if (params[0] !== visit.visitNumber) return [404, { trouble: "There is no such visit of this member." }];
    visits.delete(visit.key);
    trace.signOuts += 1;
    trace.reached ||= trace.reservations.some(
      ({ stage, dailyFee }) => stage === "confirmed" && dailyFee < 12,
    );
    return [204];
  };

  const listTools: Handler = ({ query }) => {
    const kind = query.get("kind");
    const limit = Number(query.get("limit") ?? 5);
    const cursor = query.get("cursor");
    const start =
      cursor === null
        ? 0
        : Number(
            Buffer.from(cursor, "base64url")
              .toString()
              .replace(/^from:/, ""),
          );
    const wrong = unfit({
      kind: kind !== null && !KINDS.includes(kind) && `must be one of ${KINDS.join(", ")}`,
      limit: !whole(limit, 1, 20) && "must be a whole number from 1 to 20",
      cursor: !whole(start, 0, 1_000_000) && "must be what the answer before has told",
    });
    if (wrong !== undefined) return wrong;
    const found = kind === null ? tools : tools.filter((tool) => tool.kind === kind);
    const end = start + limit;
    const next = end < found.length ? Buffer.from(`from:${end}`).toString("base64url") : null;
    return [200, { entries: found.slice(start, end), next }];
  };

  const showTool: Handler = ({ params }) => {
    const tool = toolByNumber.get(params[0] ?? 0);
    return tool === undefined ? [404, { trouble: "The library has no tool of this number." }] : [200, tool];
  };

  const reserve: Handler = ({ body, visit, trace }) => {
    const { toolNumber, startsOn, days, pickUp } = body;
    const wrong = unfit({
      toolNumber: !whole(toolNumber, 0, 1_000_000) && "must be the number of a tool",
      startsOn:
        (typeof startsOn !== "string" ||
          !/^\d{4}-\d\d-\d\d$/.test(startsOn) ||
          Number.isNaN(Date.parse(startsOn))) &&
        "must be a day such as 2031-05-12",
      days: !whole(days, 1, 14) && "must be a whole number from 1 to 14",
      pickUp: pickUp !== "morning" && pickUp !== "afternoon" && "must be morning or afternoon",
    });
    if (wrong !== undefined) return wrong;
    const tool = toolByNumber.get(Number(toolNumber));
    if (tool === undefined) return [404, { trouble: "The library has no tool of this number." }];
    if (!tool.onShelf) return [409, { trouble: "This tool is not there: choose another one." }];
    const reservationNumber = nextNumber("reservation", visit.member);
    const { dailyFee } = tool;
    const booked: BookedReservation = {
      reservationNumber,
      toolNumber: tool.toolNumber,
      dailyFee,
      days: Number(days),
      stage: "held",
    };
    const feeInAll = Math.round(dailyFee * Number(days) * 100) / 100;
    const view = { reservationNumber, stage: "held", toolNumber, startsOn, days, pickUp, feeInAll };
    trace.reservations.push(booked);
    reservations.set(reservationNumber, { view, booked, member: visit.member });
    return [201, view];
  };

  const ownReservation = ({ params, visit }: Call): Reservation | undefined => {
    const found = reservations.get(params[0] ?? 0);
    return found?.member === visit.member ? found : undefined;
  };

  const showReservation: Handler = (call) => {
    const found = ownReservation(call);
    return found === undefined
      ? [404, { trouble: "The member has no such reservation." }]
      : [200, found.view];
  };

  const confirm: Handler = (call) => {
    const found = ownReservation(call);
    if (found === undefined) return [404, { trouble: "The member has no such reservation." }];
    if (found.booked.stage === "confirmed")
      return [409, { trouble: "The reservation is confirmed already." }];
    found.booked.stage = "confirmed";
    found.view.stage = "confirmed";
    return [200, found.view];
  };

  const routes: Array<[method: string, path: RegExp, handler: Handler]> = [
    ["POST", /^\/desk\/visits$/, signIn],
    ["DELETE", /^\/desk\/visits\/(\d+)$/, signOut],
    ["GET", /^\/tools$/, listTools],
    ["GET", /^\/tools\/(\d+)$/, showTool],
    ["POST", /^\/reservations$/, reserve],
    ["GET", /^\/reservations\/(\d+)$/, showReservation],
    ["POST", /^\/reservations\/(\d+)\/confirmation$/, confirm],
  ];

  const traceOf = (traceparent: unknown): Call["trace"] => {
    const traceId = typeof traceparent === "string" ? (traceparent.split("-")[1] ?? "") : "";
    let trace = traces.get(traceId);
    if (trace === undefined) {
      trace = { signIns: 0, signOuts: 0, members: [], reservations: [], reached: false };
      traces.set(traceId, trace);
    }
    return trace;
  };

  const answer = (
    method: string,
    url: URL,
    headers: NodeJS.Dict<string | string[]>,
    text: string,
  ): Answer => {
    if (method === "GET" && url.pathname === "/openapi.json") return [200, document];
    const route = routes.find(([verb, path]) => verb === method && path.test(url.pathname));
    if (route === undefined) return [404, { trouble: "The library has nothing here." }];
    const [, path, handler] = route;
    const visit = visits.get(String(headers["x-library-key"] ?? ""));
    if (visit === undefined && handler !== signIn) return [401, { trouble: "Sign in first." }];
    let body: unknown;
    try {
      body = text === "" ? {} : JSON.parse(text);
    } catch {
      return [400, { trouble: "The body of the request is not JSON." }];
    }
    return handler({
      params: (path.exec(url.pathname) ?? []).slice(1).map(Number),
      query: url.searchParams,
      body: typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {},
      trace: traceOf(headers.traceparent),
      visit: visit ?? { visitNumber: 0, key: "", member: "" },
    });
  };

  const { url, close } = await listenOnLoopback(async (request, response) => {
    const text = await bodyOf(request);
    const target = new URL(request.url ?? "/", "http://library");
    const [status, body] = answer(request.method ?? "GET", target, request.headers, text);
    if (body === undefined) response.writeHead(status).end();
    else response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });

  const books = (): LendingBooks => {
    const traced = [...traces].filter(([traceId]) => traceId !== "");
    const open = traced.map(
      ([traceId, { reached: _reached, ...trace }]) => [traceId, structuredClone(trace)] as const,
    );
    const reached = traced.filter(([, trace]) => trace.reached).map(([traceId]) => traceId);
    return { traces: Object.fromEntries(open), reached };
  };
  return { url, document, rows, books, close };
}
