import type { Caller, Customer, Order } from "./customers.ts";
import type { FaultKind } from "./faults.ts";
import { digest } from "./seeded.ts";
import type { Session } from "./sessions.ts";

/** An order as the books keep it. */
export interface BookedOrder {
  orderId: string;
  account: string;
  state: "paid";
  totalUsd: number;
  lines: Array<{ productId: string; quantity: number; unitPriceUsd: number }>;
  traceId: string | null;
  /** Milliseconds since 1970. */
  at: number;
}

/** What one trace did. */
export interface BookedTrace {
  requests: number;
  logins: number;
  failedLogins: number;
  logouts: number;
  /** The e-mail addresses of the accounts whose credentials it used. */
  accounts: string[];
  added: Array<{ productId: string; quantity: number; unitPriceUsd: number }>;
  orders: BookedOrder[];
  faults: Partial<Record<FaultKind, number>>;
}

/** What one account did, whoever used it. */
export interface BookedAccount {
  logins: number;
  logouts: number;
  added: number;
  orders: number;
  totalUsd: number;
}

/** A read of somebody else's order: refused, or served by the planted bug. */
export interface CrossRead {
  traceId: string | null;
  reader: string;
  owner: string;
  orderId: string;
  leaked: boolean;
}

/** One set of credentials in two hands: two accounts in one trace, or one token in two traces. */
export type Sharing =
  | { kind: "accounts_in_trace"; traceId: string; accounts: [string, string] }
  | { kind: "token_in_traces"; account: string; traceIds: [string, string] };

/** A fault that hit a request. */
export interface Injection {
  kind: FaultKind;
  operation: string;
  traceId: string | null;
  /** Span id of the request's `traceparent`, or "". */
  span: string;
}

/** The truth about what happened at the shop. */
export interface Books {
  traces: Record<string, BookedTrace>;
  accounts: Record<string, BookedAccount>;
  orders: BookedOrder[];
  crossAccountReads: { attempted: number; leaked: number; reads: CrossRead[] };
  sharedCredentials: number;
  sharings: Sharing[];
  peakConcurrency: number;
  /** Answers by operation, then by status; `other` is whatever no operation answers to. */
  requests: Record<string, Record<string, number>>;
  faults: Record<string, { count: number; traceIds: string[] }>;
  /** Every fault with its victim, in order. */
  injections: Injection[];
  /** Traces, orders and incidents that were dropped to bound the memory. */
  forgotten: number;
}

/** An open page of the books for one trace. */
export interface TracePage extends Caller, BookedTrace {
  readonly traceId: string | undefined;
}

const MAX_TRACES = 50_000;
const MAX_ORDERS = 200_000;
const MAX_INCIDENTS = 1_000;
const MAX_INJECTIONS = 200_000;
/** Products added, and orders, that one trace's page lists. */
const MAX_ENTRIES = 1_000;

/** Keeps the books. Every method is called at most once a request and does the same work however full they are. */
export class Ledger {
  readonly #operations: readonly string[];
  readonly #now: () => number;
  #traces = new Map<string, TracePage>();
  #accounts = new Map<string, BookedAccount>();
  #orders: BookedOrder[] = [];
  #untraced: TracePage;
  #requests: Array<Map<number, number>>;
  #injections: Injection[] = [];
  #faults = new Map<FaultKind, { count: number; traceIds: Set<string> }>();
  #reads: CrossRead[] = [];
  #attempted = 0;
  #leaked = 0;
  #sharings: Sharing[] = [];
  #shared = 0;
  #active = 0;
  #peak = 0;
  #forgotten = 0;

  /** `now` tells the time of day in milliseconds. */
  constructor(operations: readonly string[], now: () => number) {
    this.#operations = operations;
    this.#now = now;
    this.#untraced = this.#openPage(undefined);
    this.#requests = [...operations, "other"].map(() => new Map());
  }

  /** The page of a trace; requests without a trace id share one that is not listed. */
  page(traceId: string | undefined): TracePage {
    if (traceId === undefined) return this.#untraced;
    const known = this.#traces.get(traceId);
    if (known !== undefined) return known;
    if (this.#traces.size >= MAX_TRACES) {
      this.#traces.delete(this.#traces.keys().next().value as string);
      this.#forgotten += 1;
    }
    const page = this.#openPage(traceId);
    this.#traces.set(traceId, page);
    return page;
  }

  #openPage(traceId: string | undefined): TracePage {
    return {
      traceId,
      key: digest(traceId ?? ""),
      turns: new Uint32Array(this.#operations.length),
      requests: 0,
      logins: 0,
      failedLogins: 0,
      logouts: 0,
      accounts: [],
      added: [],
      orders: [],
      faults: {},
    };
  }

  arrived(): void {
    this.#active += 1;
    if (this.#active > this.#peak) this.#peak = this.#active;
  }

  left(): void {
    this.#active -= 1;
  }

  /** An answer is about to be sent; `operation` is its number, -1 for anything unknown. */
  answered(operation: number, status: number): void {
    const counts = this.#requests.at(operation) as Map<number, number>;
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }

  loggedIn(page: TracePage, session: Session): void {
    page.logins += 1;
    this.#account(session.customer).logins += 1;
    this.used(page, session);
  }

  /** A valid token was used; finds credentials in two hands. */
  used(page: TracePage, session: Session): void {
    const { traceId, accounts } = page;
    const { email } = session.customer;
    if (traceId === undefined) return;
    if (!accounts.includes(email)) {
      const [first] = accounts;
      if (first !== undefined) this.#share({ kind: "accounts_in_trace", traceId, accounts: [first, email] });
      if (accounts.length < MAX_ENTRIES) accounts.push(email);
    }
    if (session.traceId === undefined) session.traceId = traceId;
    if (session.traceId !== traceId && !session.alsoTraces.has(traceId)) {
      session.alsoTraces.add(traceId);
      this.#share({ kind: "token_in_traces", account: email, traceIds: [session.traceId, traceId] });
    }
  }

  #share(sharing: Sharing): void {
    this.#shared += 1;
    this.#keep(this.#sharings, sharing, MAX_INCIDENTS);
  }

  added(
    page: TracePage,
    customer: Customer,
    productId: string,
    quantity: number,
    unitPriceUsd: number,
  ): void {
    this.#account(customer).added += 1;
    if (page.traceId !== undefined)
      this.#keep(page.added, { productId, quantity, unitPriceUsd }, MAX_ENTRIES);
  }

  ordered(page: TracePage, customer: Customer, order: Order): void {
    const account = this.#account(customer);
    account.orders += 1;
    account.totalUsd = Math.round((account.totalUsd + order.totalUsd) * 100) / 100;
    const lines = order.lines.map(({ productId, quantity, unitPriceUsd }) => ({
      productId,
      quantity,
      unitPriceUsd,
    }));
    const booked: BookedOrder = {
      orderId: order.id,
      account: customer.email,
      state: order.state,
      totalUsd: order.totalUsd,
      lines,
      traceId: page.traceId ?? null,
      at: this.#now(),
    };
    this.#keep(this.#orders, booked, MAX_ORDERS);
    if (page.traceId !== undefined) this.#keep(page.orders, booked, MAX_ENTRIES);
  }

  loggedOut(page: TracePage, customer: Customer): void {
    page.logouts += 1;
    this.#account(customer).logouts += 1;
  }

  crossRead(page: TracePage, reader: Customer, owner: Customer, orderId: string, leaked: boolean): void {
    this.#attempted += 1;
    if (leaked) this.#leaked += 1;
    const read = { traceId: page.traceId ?? null, reader: reader.email, owner: owner.email, orderId, leaked };
    this.#keep(this.#reads, read, MAX_INCIDENTS);
  }

  injected(
    page: TracePage,
    kind: FaultKind,
    { operation, span }: Pick<Injection, "operation" | "span">,
  ): void {
    this.#keep(this.#injections, { kind, operation, traceId: page.traceId ?? null, span }, MAX_INJECTIONS);
    page.faults[kind] = (page.faults[kind] ?? 0) + 1;
    const fault = this.#faults.get(kind) ?? { count: 0, traceIds: new Set() };
    fault.count += 1;
    if (page.traceId !== undefined && fault.traceIds.size < MAX_TRACES) fault.traceIds.add(page.traceId);
    this.#faults.set(kind, fault);
  }

  #account(customer: Customer): BookedAccount {
    let account = this.#accounts.get(customer.email);
    if (account === undefined) {
      account = { logins: 0, logouts: 0, added: 0, orders: 0, totalUsd: 0 };
      this.#accounts.set(customer.email, account);
    }
    return account;
  }

  #keep<T>(list: T[], entry: T, most: number): void {
    if (list.length < most) list.push(entry);
    else this.#forgotten += 1;
  }

  /** A copy of the books as they stand. */
  snapshot(): Books {
    const traces = [...this.#traces].map(([traceId, page]) => {
      const { key: _key, turns: _turns, traceId: _traceId, ...booked } = page;
      return [traceId, booked] as const;
    });
    const requests: Books["requests"] = {};
    for (const [index, operation] of [...this.#operations, "other"].entries()) {
      const counts = this.#requests[index];
      if (counts !== undefined && counts.size > 0) requests[operation] = Object.fromEntries(counts);
    }
    const faults: Books["faults"] = {};
    for (const [kind, { count, traceIds }] of this.#faults) faults[kind] = { count, traceIds: [...traceIds] };
    return structuredClone({
      traces: Object.fromEntries(traces),
      accounts: Object.fromEntries(this.#accounts),
      orders: this.#orders,
      crossAccountReads: { attempted: this.#attempted, leaked: this.#leaked, reads: this.#reads },
      sharedCredentials: this.#shared,
      sharings: this.#sharings,
      peakConcurrency: this.#peak,
      requests,
      faults,
      injections: this.#injections,
      forgotten: this.#forgotten,
    });
  }
}
