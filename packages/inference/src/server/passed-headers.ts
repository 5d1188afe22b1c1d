/**
 * Headers that are not passed on: those of one connection (RFC 9110, section 7.6.1), the credential for this proxy,
 * those that the proxy sets itself, and those that reveal the client's network.
 */
const KEPT_BACK: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "host",
  "content-length",
  "authorization",
  "api-key",
  "x-api-key",
  "cookie",
  "origin",
  "referer",
  "forwarded",
  "traceparent",
]);
const KEPT_BACK_PREFIX = /^(?:x-ape-|x-forwarded-|x-real-ip$|sec-)/;

/**
 * The client's headers that the provider receives too, names in lower case.
 * @param raw names and values alternate, as received
 */
export function passedHeaders(raw: readonly string[]): string[] {
  const passed: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    if (!KEPT_BACK.has(name) && !KEPT_BACK_PREFIX.test(name)) passed.push(name, raw[at + 1] as string);
  }
  return passed;
}
