import {
  canBeCredential,
  credentialName,
  PREFERENCE,
  SCHEME,
} from "@ape/core/config/secrets/credential-name";
import type { ApiAuth } from "@ape/core/protocol/api";
import { byName } from "@ape/core/protocol/fields/by-name";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import type { ExtractedValue } from "../memory/extraction.ts";

/** A credential that an answer issued outside of a JSON object. */
export interface IssuedCredential extends ExtractedValue {
  /** How calls send it if the API document says nothing: in the way in which it was issued. */
  auth?: ApiAuth;
}

const JWT = /^eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*$/;
/** Without a recognisable form, letters and digits mixed. */
const OPAQUE = /^(?=.*\d)(?=.*[A-Za-z])[\w.~+/=-]{16,4096}$/;
/** Response headers that hold no credential, whatever their names suggest. */
const OTHER_HEADER = /^(?:set-cookie|www-authenticate|proxy-.*|access-control-.*|content-.*|location|link)$/;
const credentialHeader = byName((name) => (OTHER_HEADER.test(name) ? null : (credentialName(name) ?? null)));
/** Response headers whose credential has another header name in requests. Source: OpenStack Identity API v3. */
const SHOWN_AS: Readonly<Record<string, string>> = { "x-subject-token": "x-auth-token" };
const AUTHORIZATION = /^(?:x-)?(?:amzn-remapped-)?authorization$/;
/** Query or fragment of a location. */
const PARAMETER = /[?&#;]([\w.-]{1,60})=([^&#;\s]{4,})/g;

/**
 * Finds the credentials that an answer issues outside of a JSON object: in its headers, in its `location`, or as its
 * whole body. A body is one only if the call signed in, unless it is a JSON Web Token (RFC 7519).
 * @param signsIn the call was a login
 */
export function issuedCredentials(result: ToolResult, signsIn: boolean): IssuedCredential[] {
  const found: IssuedCredential[] = [];
  for (const name in result.headers) {
    const known = credentialHeader(name);
    if (known?.preference === undefined) continue;
    const value = result.headers[name];
    if (typeof value !== "string" || !canBeCredential(name, known, value)) continue;
    if (AUTHORIZATION.test(name)) {
      if (SCHEME.test(value))
        found.push(credential("authorization", bare(value), PREFERENCE.token, { type: "bearer" }));
    } else {
      const auth: ApiAuth = SCHEME.test(value)
        ? { type: "bearer" }
        : { type: "header", name: SHOWN_AS[name] ?? name };
      found.push(credential(name, bare(value), known.preference, auth));
    }
  }
  const { location } = result.headers;
  if (typeof location === "string")
    for (const [, name = "", text = ""] of location.matchAll(PARAMETER)) {
      const known = credentialName(name);
      const value = decoded(text);
      if (known !== undefined && canBeCredential(name, known, value))
        found.push(credential(name, value, known.preference));
    }
  const { body } = result;
  const text =
    body.kind === "text"
      ? body.text.trim()
      : body.kind === "json" && typeof body.json === "string"
        ? body.json.trim()
        : "";
  if (JWT.test(text) || (signsIn && OPAQUE.test(text)))
    found.push(credential("token", text, PREFERENCE.token));
  else if (signsIn && text.length < 4_096 && SCHEME.test(text) && OPAQUE.test(bare(text)))
    found.push(credential("token", bare(text), PREFERENCE.token));
  return found;
}

/** The only secret of a login's answer that has no token: the login was made for it. */
export function soleCredential(found: readonly ExtractedValue[]): ExtractedValue | undefined {
  if (found.some(({ token }) => token)) return undefined;
  const [only, other] = found.filter(({ name, secret }) => secret && SOLE.test(name));
  return other === undefined ? only : undefined;
}

const SOLE = /^(?:\w*ticket|\w*credentials?|secret|assertion|pass)$/i;

const bare = (value: string): string =>
  SCHEME.test(value) ? value.slice(value.indexOf(" ") + 1).trim() : value;

function credential(
  name: string,
  value: string,
  preference: number | undefined,
  auth?: ApiAuth,
): IssuedCredential {
  return {
    name,
    value,
    token: preference !== undefined,
    ...(preference === undefined ? {} : { preference }),
    secret: true,
    words: "",
    within: "",
    ...(auth === undefined ? {} : { auth }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
