import { isDrawnAtRandom } from "./drawn-at-random.ts";

/** A scheme and its credentials. Source: RFC 9110, section 11.4. */
const WITH_SCHEME = /^([A-Za-z][\w!#$%&'*+.^`|~-]*)\s+(\S.*)$/s;
/** Credentials without parameters (`token68`). */
const TOKEN68 = /^[\w.~+/-]+=*$/;
const PARAMETER = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]+))/g;

/** One part of the value of a header with credentials. */
export interface CredentialPart {
  /** Of its parameter; undefined for what is no parameter. */
  name?: string;
  value: string;
}

/**
 * What the value of an `Authorization` header, or of one like it, holds besides the value itself: the credentials without
 * their scheme and their padding, their parameters, and the user and password of Basic (RFC 7617, section 2).
 */
export function credentialParts(value: string): CredentialPart[] {
  const [, scheme = "", credentials = ""] = WITH_SCHEME.exec(value) ?? [];
  if (scheme === "") return [];
  if (!TOKEN68.test(credentials))
    return Array.from(credentials.matchAll(PARAMETER), ([, name = "", quoted, plain = ""]) => ({
      name,
      value: quoted?.replaceAll(/\\(.)/g, "$1") ?? plain,
    }));
  return [
    { value: credentials.replace(/=+$/, "") },
    ...(/^basic$/i.test(scheme) ? basicSecrets(credentials).map((secret) => ({ value: secret })) : []),
  ];
}

/** Whether a value is the one of an `Authorization` header by its looks, whatever the header's name. */
export const isAuthorization = (value: string): boolean =>
  /^bearer\s+\S{8,}$/i.test(value) || (/^basic\s/i.test(value) && credentialParts(value).length > 1);

/** The secrets in the credentials of Basic, in base64. */
function basicSecrets(credentials: string): string[] {
  let text: string;
  try {
    text = new TextDecoder().decode(Uint8Array.from(atob(credentials), (one) => one.charCodeAt(0)));
  } catch {
    return [];
  }
  const colon = text.indexOf(":");
  return colon < 0 ? [] : secretsOfUser(text.slice(0, colon), text.slice(colon + 1));
}

/**
 * What is secret of a user and a password: the password, and the user where an API takes its key for one, with no password
 * or any letter (`x`) beside it.
 */
export function secretsOfUser(user: string, password: string): string[] {
  const isKey = password.length <= 1 || isDrawnAtRandom(user);
  return [password, ...(isKey ? [user] : [])].filter((part) => part !== "");
}
