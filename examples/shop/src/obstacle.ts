import { type Answer, invalid, problem, unauthorized } from "./answer.ts";
import { hit, type Operation, part, type Visit } from "./visit.ts";

/** What stands in a request's way: an answer, a page where JSON was promised, or a connection that is cut. */
export type Obstacle = Answer | "html" | { cutAfterMs: number };

export const EXPIRED = unauthorized("token_expired", "The login has expired: log in again.");

/** The first fault that stands in the request's way, if any does. Nothing has been done then. */
export function obstructed(visit: Visit, operation: Operation): Obstacle | undefined {
  const { faults } = visit.world;
  if (hit(visit, "reset", faults.reset)) return { cutAfterMs: 0 };
  if (faults.hang !== undefined && hit(visit, "hang", faults.hang)) return { cutAfterMs: faults.hang.ms };
  if (faults.unavailable503 !== undefined && hit(visit, "unavailable503", faults.unavailable503))
    return later(
      503,
      "unavailable",
      "The shop is closed for a moment: try again later.",
      faults.unavailable503,
    );
  if (faults.rateLimit429 !== undefined && hit(visit, "rateLimit429", faults.rateLimit429))
    return later(429, "rate_limited", "Too many requests: try again later.", faults.rateLimit429);
  if (hit(visit, "error500", faults.error500))
    return problem(500, "internal_error", "Something went wrong in the shop.");
  if (hit(visit, "html", faults.html)) return "html";
  if (hit(visit, "redirect", faults.redirect)) return { status: 302, headers: { location: visit.url } };
  if (visit.session !== undefined && operation.guarded && hit(visit, "tokenExpiry", faults.tokenExpiry)) {
    visit.session.state = "expired";
    return EXPIRED;
  }
  return refused(visit, operation);
}

/** Refusals of a request that is in order. A guarded operation is not refused so before somebody is logged in. */
function refused(visit: Visit, operation: Operation): Answer | undefined {
  const { faults } = visit.world;
  if (operation.guarded && visit.session === undefined) return undefined;
  if (hit(visit, "forbidden403", faults.forbidden403))
    return problem(403, "forbidden", "This is not allowed at the moment.");
  const product = visit.params.productId ?? part(visit.body, "productId");
  if (typeof product === "string" && hit(visit, "stale404", faults.stale404))
    return problem(404, "product_not_found", "The shop sells nothing with this id any more.");
  const write = operation.guarded && !operation.name.startsWith("GET ");
  // An empty cart cannot be ordered anyway.
  const idle = operation.name === "POST /orders" && visit.session?.customer.cart.size === 0;
  if (write && !idle && hit(visit, "conflict409", faults.conflict409))
    return problem(409, "conflict", "Somebody else was quicker: send the request again.");
  const single = operation.name === "POST /cart/items" && part(visit.body, "quantity") === 1;
  if (single && hit(visit, "invalid422", faults.invalid422))
    return invalid({ quantity: "must be at least 2 for this product" });
  return undefined;
}

function later(
  status: number,
  code: string,
  message: string,
  { retryAfter }: { retryAfter?: number },
): Answer {
  const more = retryAfter === undefined ? {} : { headers: { "retry-after": String(retryAfter) } };
  return problem(status, code, message, more);
}
