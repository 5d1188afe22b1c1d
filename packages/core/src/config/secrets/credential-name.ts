import type { Json } from "../../lib/json.ts";
import { isNumber } from "../../lib/lossless-number.ts";
import { byName } from "../../protocol/fields/by-name.ts";

/** What a field is by its name. */
export interface CredentialName {
  /**
   * Its priority as the credential of later calls: the lowest of an answer wins. Undefined for a secret that is sent to
   * no API. {@link PREFERENCE} explains why.
   */
  preference: number | undefined;
  /** Its values are credentials only if they look like one: the name means ordinary things too. */
  weak: boolean;
}

/**
 * In which order an answer's credentials are taken for the one that calls show. An access token is what OAuth 2.0 issues
 * for APIs (RFC 6749, section 5.1); `token` and its like are what APIs without OAuth call theirs; then what begins a
 * session, keys, and tokens of unknown use. An ID token tells a client who signed in and is not meant for APIs (OpenID
 * Connect Core, section 2), so it is taken where there is nothing else. A refresh token is for the authorization server
 * alone (RFC 6749, section 1.5) and never taken.
 */
export const PREFERENCE = {
  access: 0,
  token: 1,
  session: 2,
  key: 3,
  other: 4,
  session_id: 5,
  id: 6,
} as const;

/** Ends of names that describe the form of a credential. */
const WRITTEN_AS = /^(?:value|string|raw|plain|plaintext|text|encoded|base|pem|hex|hash|v|\d+)$/;
/** Words that are often written as one. */
const JOINED: readonly (readonly [RegExp, string])[] = [
  [/^(.*[a-z])?(tokens?|passwords?|secrets?|jwts?|passwd|passphrases?|credentials?)$/, "$1 $2"],
  [
    /^(.*[a-z])?(api|access|auth|session|secret|private|client|account|master|signing|encryption)(keys?)$/,
    "$1 $2 $3",
  ],
  [/^(.*[a-z])?(session|auth)(id|code)$/, "$1 $2 $3"],
];
/** Tokens that lead through a list or name a state, which calls need and anybody may see. */
const LEADS_ON =
  /^(?:next|prev|previous|page|paging|pagination|continuation|continue|cursor|scroll|sync|delta|skip|start|after|before|resume|position|offset|watermark|change|changes|more|list|result|results|query|search|idempotency|request|etag|concurrency|version|snapshot|row|sort|marker)$/;
/** Tokens and secrets that are sent only where they are requested, and not with every call. */
const NOT_SHOWN =
  /^(?:refresh|renew|renewal|csrf|xsrf|antiforgery|device|push|fcm|apns|payment|pay|card|checkout|upload|download|reset|recovery|verification|verify|confirmation|confirm|activation|invite|invitation|unsubscribe|share|email|registration|mfa|otp|totp|challenge|captcha|recaptcha|backup|webhook|temporary|temp|one|cart|order)$/;
/** Counts and measures of tokens, such as a language model's. */
const COUNTED =
  /^(?:max|min|total|used|remaining|prompt|completion|input|output|cached|reasoning|num|count|limit|usage|budget)$/;
const KEYS =
  /^(?:api|access|auth|session|secret|private|client|account|master|signing|encryption|subscription|consumer|service|app|application|license|admin|shared)$/;

/** `null` for names of nothing secret. */
const classified = byName((name) => classify(wordsOf(name)) ?? null);

/**
 * Whether a field's name means a credential, however its words are joined: `accessToken`, `access-token`,
 * `ACCESS_TOKEN`, `xAuthToken`, `accesstoken`.
 */
export const credentialName = (name: string): CredentialName | undefined => classified(name) ?? undefined;

/** The words of a field's name in lower case. */
function wordsOf(name: string): string[] {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .replaceAll(/([A-Za-z])(\d+)$/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== "");
  return words.flatMap((word) => {
    for (const [form, parts] of JOINED)
      if (form.test(word))
        return word
          .replace(form, parts)
          .split(" ")
          .filter((part) => part !== "");
    return [word];
  });
}

function classify(words: readonly string[]): CredentialName | undefined {
  let end = words.length;
  while (end > 1 && WRITTEN_AS.test(words[end - 1] as string)) end -= 1;
  const last = words[end - 1];
  if (last === undefined) return undefined;
  const before = words.slice(0, end - 1);
  const previous = before.at(-1) ?? "";
  const strong = (preference: number | undefined): CredentialName => ({ preference, weak: false });
  const weak = (preference: number | undefined): CredentialName => ({ preference, weak: true });
  switch (last) {
    case "token":
    case "tokens":
      if (before.some((word) => LEADS_ON.test(word) || COUNTED.test(word))) return undefined;
      return strong(tokenPreference(before));
    case "jwt":
    case "jwts":
    case "bearer":
      return strong(before.some((word) => NOT_SHOWN.test(word)) ? undefined : PREFERENCE.token);
    case "key":
    case "keys":
      if (!KEYS.test(previous)) return undefined;
      // A private or encryption key never leaves its owner, and the id of an access key is none.
      return strong(
        /^(?:private|signing|encryption|shared)$/.test(previous)
          ? undefined
          : previous === "session"
            ? PREFERENCE.session
            : PREFERENCE.key,
      );
    case "apikey":
    case "apikeys":
      return strong(PREFERENCE.key);
    case "password":
    case "passwords":
    case "passwd":
    case "pwd":
    case "passphrase":
    case "passphrases":
    case "secret":
    case "secrets":
    case "credential":
    case "credentials":
      return strong(undefined);
    case "id":
      return previous === "session" || previous === "sess" ? weak(PREFERENCE.session_id) : undefined;
    case "sid":
    case "sessid":
    case "phpsessid":
    case "jsessionid":
      return weak(PREFERENCE.session_id);
    case "session":
    case "auth":
    case "authorization":
    case "authentication":
      return weak(PREFERENCE.session);
    case "ticket":
    case "tickets":
    case "assertion":
    case "cookie":
      return weak(undefined);
    case "code":
    case "codes":
      return /^(?:auth|authorization|backup|recovery|otp|mfa|device|activation|verification|reset)$/.test(
        previous,
      )
        ? weak(undefined)
        : undefined;
    default:
      return undefined;
  }
}

function tokenPreference(before: readonly string[]): number | undefined {
  if (before.some((word) => NOT_SHOWN.test(word))) return undefined;
  const qualifier = before.at(-1) ?? "";
  if (qualifier === "access") return PREFERENCE.access;
  if (qualifier === "id") return PREFERENCE.id;
  if (
    /^(?:|x|auth|authorization|authentication|bearer|jwt|api|login|user|session|security|my|the|your)$/.test(
      qualifier,
    )
  )
    return PREFERENCE.token;
  return PREFERENCE.other;
}

/** Placeholder texts that are no credentials, whatever the field is called. */
const COMMON =
  /^(?:true|false|null|none|nil|undefined|yes|no|on|off|n\/a|unknown|bearer|basic|jwt|mac|dpop|opaque|required|optional|enabled|disabled|active|inactive|valid|invalid|expired|revoked|pending|approved|declined|ok|set|unset|open|closed|anonymous|\*+|<[a-z ]+>|\[?(?:redacted|hidden|masked|filtered)\]?)$/i;
/** A reference for people: `HD-4711`, `TICKET #12`, `2026-0012`. */
const REFERENCE = /^(?:[A-Za-z]{1,10}[-_# /]{0,2})?\d+(?:-\d+)*$/;
const MIN_STRONG = 4;
const MIN_NUMBER = 6;
const MIN_WEAK = 8;
/** Longest value that is looked at as a credential. */
const MAX_CREDENTIAL = 65_536;

/**
 * Whether a value can be the credential that its field's name announces: a text of at least four characters that is no
 * common word, or a number of at least six digits under a name in the singular; under a name with other meanings
 * (`ticket`, `sessionId`) at least eight characters without a blank that are no plain words and no reference.
 */
export function canBeCredential(name: string, { weak }: CredentialName, value: Json): boolean {
  if (isNumber(value))
    return !weak && !/s$/i.test(name) && /^\d+$/.test(String(value)) && String(value).length >= MIN_NUMBER;
  if (typeof value !== "string" || value.length > MAX_CREDENTIAL || COMMON.test(value.trim())) return false;
  if (!weak) return value.trim().length >= MIN_STRONG;
  if (SCHEME.test(value)) return true;
  return value.length >= MIN_WEAK && /^\S+$/.test(value) && /\d/.test(value) && !REFERENCE.test(value);
}

/** A value that names its authentication scheme itself. Source: RFC 9110, section 11.4; IANA's registry of schemes. */
export const SCHEME =
  /^(?:bearer|basic|token|jwt|apikey|dpop|digest|hoba|mutual|negotiate|gnap|privatetoken) +\S/i;
