import { type Answer, type FieldErrors, invalid, problem } from "../answer.ts";
import { MAX_AGE_SECONDS, type Session } from "../sessions.ts";
import { guarded, hit, type Operation, open, part, type Visit } from "../visit.ts";

/** The cookie that carries the session. */
export const COOKIE = "shop_session";

function logIn(visit: Visit): Session | Answer {
  const email = part(visit.body, "email");
  const password = part(visit.body, "password");
  const fields: FieldErrors = {};
  if (typeof email !== "string" || email === "") fields.email = "must be the address of an account";
  if (typeof password !== "string" || password === "") fields.password = "must not be empty";
  if (typeof email !== "string" || typeof password !== "string" || Object.keys(fields).length > 0) {
    return invalid(fields);
  }
  const { world, page } = visit;
  const customer = world.customers.get(email.toLowerCase());
  if (customer === undefined || customer.password !== password) {
    page.failedLogins += 1;
    return problem(401, "invalid_credentials", "No account has this address and this secret.");
  }
  const session = world.sessions.begin(customer, page.traceId);
  world.ledger.loggedIn(page, session);
  if (hit(visit, "deadLogin", world.faults.deadLogin)) session.state = "expired";
  return session;
}

function loginForToken(visit: Visit): Answer {
  const session = logIn(visit);
  if (!("token" in session)) return session;
  return {
    status: 200,
    body: {
      accessToken: session.token,
      tokenType: "Bearer",
      expiresIn: MAX_AGE_SECONDS,
      customerId: session.customer.id,
    },
  };
}

function loginForCookie(visit: Visit): Answer {
  const session = logIn(visit);
  if (!("token" in session)) return session;
  return {
    status: 200,
    body: { customerId: session.customer.id, expiresIn: MAX_AGE_SECONDS },
    headers: {
      "set-cookie": `${COOKIE}=${session.token}; Path=/; Max-Age=${MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax`,
    },
  };
}

function logOut(visit: Visit, session: Session): Answer {
  session.state = "ended";
  visit.world.ledger.loggedOut(visit.page, session.customer);
  return { status: 204, headers: { "set-cookie": `${COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax` } };
}

export const LOGIN_OPERATIONS: readonly Operation[] = [
  open("POST /login", loginForToken),
  open("POST /login/cookie", loginForCookie),
  guarded("POST /logout", logOut),
];
