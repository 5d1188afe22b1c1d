import { parseHttpDate } from "./http-date.ts";

/**
 * Reads `retry-after`: seconds (fractions are allowed) or an HTTP date. Source: RFC 9110, section 10.2.3.
 * @param now milliseconds since 1970
 * @returns milliseconds, or undefined for any other text
 */
export function parseRetryAfter(header: string | string[] | undefined, now: number): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = parseHttpDate(text);
  return date === undefined ? undefined : Math.max(0, date - now);
}
