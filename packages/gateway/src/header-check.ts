/** Field names and values that may go on the wire. Source: RFC 9110, sections 5.1, 5.5 and 5.6.2. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]{0,8192}$/;

/** Headers of the connection or of the message's own framing: a caller that could set them could smuggle a request. */
const FRAMING: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** What is wrong with a call's headers, or undefined. */
export function headerFault(headers: Readonly<Record<string, string>> | undefined): string | undefined {
  if (headers === undefined) return undefined;
  for (const name in headers) {
    if (!NAME.test(name)) return "a header name has letters, digits and - only";
    if (FRAMING.has(name.toLowerCase())) return `the header ${name} is not the caller's to set`;
    if (!VALUE.test(headers[name] as string))
      return `the header ${name} has a line break, a control character or more than 8192 characters`;
  }
  return undefined;
}
