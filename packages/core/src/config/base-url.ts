import { decodePercent } from "../lib/percent.ts";

const USERINFO = /^(https?:\/\/)([^/?#@]*(?:@[^/?#@]*)*)@/i;
const SECRET_NAME = /(?:key|token|secret|password|passwd|pwd|signature|sig|code)$/i;

/**
 * Credentials in a URL, percent-decoded, and the URL without them; undefined if it has none (RFC 3986, section 3.2.1).
 */
export function splitUserinfo(url: string): { url: string; username: string; password: string } | undefined {
  const match = USERINFO.exec(url);
  if (match === null) return undefined;
  const userinfo = match[2] as string;
  const colon = userinfo.indexOf(":");
  return {
    url: `${match[1]}${url.slice(match[0].length)}`,
    username: decodePercent(colon < 0 ? userinfo : userinfo.slice(0, colon)),
    password: colon < 0 ? "" : decodePercent(userinfo.slice(colon + 1)),
  };
}

/** The values in a URL's query whose names mean credentials, as written and decoded. */
export function querySecrets(url: string): string[] {
  const mark = url.indexOf("?");
  if (mark < 0) return [];
  const secrets: string[] = [];
  for (const pair of url.slice(mark + 1).split(/[&#]/)) {
    const equals = pair.indexOf("=");
    if (equals < 0 || !SECRET_NAME.test(decodePercent(pair.slice(0, equals)))) continue;
    const value = pair.slice(equals + 1);
    secrets.push(value, decodePercent(value.replaceAll("+", " ")));
  }
  return secrets;
}

const VARIABLE = /^\$\{[^}]*\}$/;

/** Masks the credentials of a URL in a text, except those that only name a variable. */
export function maskUrl(text: string): string {
  const masked = text.replace(
    /^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*):([^/?#]*)@/i,
    (whole, before: string, password: string) => (VARIABLE.test(password) ? whole : `${before}:***@`),
  );
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(masked)) return masked;
  return masked.replaceAll(/([?&])([^=&#]*)=([^&#]*)/g, (whole, mark: string, name: string, value: string) =>
    SECRET_NAME.test(decodePercent(name)) && value !== "" && !VARIABLE.test(value)
      ? `${mark}${name}=***`
      : whole,
  );
}
