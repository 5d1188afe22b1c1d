/** Field names and values that may be sent. Source: RFC 9110, sections 5.1, 5.5 and 5.6.2. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]{0,8192}$/;
/** The value of a cookie. Source: RFC 6265, section 4.1.1. */
const COOKIE_VALUE =
  /^(?:"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*"|[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*)$/;

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

/** What is wrong with a header's name, or undefined. */
export function headerNameFault(name: string): string | undefined {
  if (!NAME.test(name)) return "a header name has letters, digits and - only";
  return FRAMING.has(name.toLowerCase()) ? `the header ${name} is not the caller's to set` : undefined;
}

/** What is wrong with a header's value, or undefined; the value itself is not repeated, for it may be a secret. */
export function headerValueFault(name: string, value: string): string | undefined {
  if (VALUE.test(value)) return undefined;
  if (value.length > 8192) return `the header ${name} has more than 8192 characters`;
  return /[^\0-\xff]/.test(value)
    ? `the header ${name} has characters beyond Latin-1, which no header can carry: encode them`
    : `the header ${name} has a line break or a control character`;
}

/** What is wrong with a cookie that is sent, or undefined. */
export function cookieFault(name: string, value: string): string | undefined {
  if (!NAME.test(name)) return "a cookie's name has letters, digits and - only";
  return COOKIE_VALUE.test(value)
    ? undefined
    : `the cookie ${name} has a blank, a quote, a comma, a semicolon, a backslash or a character beyond ASCII: encode them`;
}
