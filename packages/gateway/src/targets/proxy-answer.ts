import type { TransportError } from "@ape/core/protocol/tool-call";
import type { HttpResponse } from "../http-exchange.ts";

/** Statuses with which a proxy says that it got no answer. */
const NO_ANSWER = [502, 503, 504];
/** Whether an answer through a forward proxy may be the proxy's own although nothing marks it. */
export const mayBeOfProxy = ({ status }: Pick<HttpResponse, "status">): boolean => NO_ANSWER.includes(status);

/** Header fields of an answer that a proxy made itself: RFC 9209 (`proxy-status` with an error), Squid, tinyproxy and others. */
const OWN_ERROR = ["x-squid-error", "x-proxy-error", "proxy-connection", "proxy-authenticate"];

/**
 * The error of an answer that a forward proxy made itself, and that says nothing about the target; undefined for others.
 * 407 is a proxy's alone (RFC 9110, section 15.5.8).
 * @param via origin of the proxy that plain HTTP was sent to
 */
export function proxyAnswer({ status, headers }: HttpResponse, via: string): TransportError | undefined {
  const isOwn =
    status === 407 ||
    (NO_ANSWER.includes(status) &&
      (OWN_ERROR.some((name) => headers[name] !== undefined) ||
        /;\s*error=/i.test(String(headers["proxy-status"] ?? ""))));
  if (!isOwn) return undefined;
  const asked = status === 407 ? " and wants credentials, or others" : "";
  return { code: "gateway", message: `the forward proxy ${via} answered ${status}${asked}` };
}
