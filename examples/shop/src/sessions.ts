import { randomBytes } from "node:crypto";
import type { Customer } from "./customers.ts";

/** A login. `expired` and `ended` ones are kept for a while so that their holders can be told why. */
export interface Session {
  readonly token: string;
  readonly customer: Customer;
  /** Milliseconds of the shop's clock. */
  readonly startedAt: number;
  state: "live" | "expired" | "ended";
  /** The trace that logged in, or was the first to use the token. */
  traceId: string | undefined;
  /** Other traces that used the token, each counted once. */
  readonly alsoTraces: Set<string>;
}

/** How long a login holds, in seconds. */
export const MAX_AGE_SECONDS = 1800;
/** Sessions remembered; past it the oldest is forgotten, live or not. */
const MAX_SESSIONS = 100_000;

/** The logins of all customers, by token. */
export class Sessions {
  readonly #byToken = new Map<string, Session>();
  readonly #now: () => number;

  /** `now` tells the time in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Logs a customer in. The cart is found as it was left, unless the login before this one was logged out or
   * has outlived its age: so a login after a lost token goes on, and a new visit starts clean.
   */
  begin(customer: Customer, traceId: string | undefined): Session {
    const now = this.#now();
    const before = customer.session;
    const goesOn =
      before !== undefined && before.state !== "ended" && now - before.startedAt < MAX_AGE_SECONDS * 1000;
    if (!goesOn) customer.cart.clear();
    const token = randomBytes(18).toString("base64url");
    const session: Session = {
      token,
      customer,
      startedAt: now,
      state: "live",
      traceId,
      alsoTraces: new Set(),
    };
    customer.session = session;
    if (this.#byToken.size >= MAX_SESSIONS) this.#byToken.delete(this.#byToken.keys().next().value as string);
    this.#byToken.set(token, session);
    return session;
  }

  /** The session of a token, its state brought up to date. */
  find(token: string): Session | undefined {
    const session = this.#byToken.get(token);
    if (session?.state === "live" && this.#now() - session.startedAt >= MAX_AGE_SECONDS * 1000)
      session.state = "expired";
    return session;
  }
}
