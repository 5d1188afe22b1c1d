import { credentialName, PREFERENCE, SCHEME } from "@ape/core/config/secrets/credential-name";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import type { ApiAuth, ApiDescription } from "@ape/core/protocol/api";
import { cookieFault, headerValueFault } from "@ape/core/protocol/http-field";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import { basicCredentials } from "./basic.ts";
import { Cookies, type SecretCookie } from "./cookies.ts";

interface HeldCredential {
  /** Name of the fact that holds the token. */
  name: string;
  value: string;
  /** The one scheme that it belongs to, if the API has several. */
  auth: ApiAuth;
  /** Epoch milliseconds at which it ends, as stated by the target; undefined if nothing was stated. */
  endsAt: number | undefined;
  preference: number;
}

/** A token that a target has issued. */
export interface GivenToken {
  name: string;
  value: string;
  /** The document's description of it. */
  words?: string;
  /** The lowest of an answer is sent; see {@link PREFERENCE}. */
  preference?: number | undefined;
  /** How it is sent if the document names no scheme. */
  auth?: ApiAuth;
}

const KEY_WORDS = /key/i;
/** The name of a user and a password that every call carries. */
const BASIC_NAME = "basic credentials";
const NO_COOKIES: readonly SecretCookie[] = [];
/** How far the target's clock may be ahead of ours. */
const CLOCK_SKEW_MS = 1_000;
/** Scheme that is tried if the document names none. */
const UNNAMED: readonly ApiAuth[] = [{ type: "bearer" }];

/** The schemes of each target; one table for all sessions that are given the same descriptions. */
const tables = new WeakMap<readonly ApiDescription[], ReadonlyMap<string, readonly ApiAuth[]>>();

function schemesOf(apis: readonly ApiDescription[]): ReadonlyMap<string, readonly ApiAuth[]> {
  let table = tables.get(apis);
  if (table === undefined) {
    table = new Map(apis.map(({ target, auth }) => [target, auth.length > 0 ? auth : UNNAMED]));
    tables.set(apis, table);
  }
  return table;
}

/** The `exp` claim of a JSON Web Token (RFC 7519, section 4.1.4) in epoch milliseconds, or undefined. */
function jwtEnd(token: string): number | undefined {
  if (!token.startsWith("eyJ")) return undefined;
  const [, payload = ""] = token.split(".");
  try {
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as unknown;
    return isJsonObject(claims) && typeof claims.exp === "number" ? claims.exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}

/** When a credential ends by the words beside it (`expires_in`, RFC 6749, section 5.1), in epoch milliseconds. */
export function statedEnd(answer: Json, now: number): number | undefined {
  if (!isJsonObject(answer)) return undefined;
  for (const part of [answer, ...Object.values(answer)]) {
    if (!isJsonObject(part)) continue;
    for (const key in part) {
      const value = part[key];
      if (/^expires_?in$/i.test(key) && Number.isFinite(Number(value))) return now + Number(value) * 1000;
      if (!/^(?:expires(?:_?at)?|expiry|expiration|valid_?until)$/i.test(key)) continue;
      if (typeof value === "number") return value > 1e12 ? value : value * 1000;
      const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
      if (!Number.isNaN(at)) return at;
    }
  }
  return undefined;
}

/** The credentials that one session sends to its targets: tokens it was issued, and cookies. Never shared. */
export class Credentials {
  readonly #auth: ReadonlyMap<string, readonly ApiAuth[]>;
  readonly #origins: Readonly<Record<string, string>>;
  #tokens: Map<string, readonly HeldCredential[]> | undefined;
  /** Targets where the session called an operation that may end its credentials. */
  #revoked: Set<string> | undefined;
  /** Targets that the session has signed out of: credentials it still holds for them do not count. */
  #ended: Set<string> | undefined;
  /** A jar for each target: by its host alone a cookie would go to another target on another port. */
  #cookies: Map<string, Cookies> | undefined;

  /** @param origins base URL of each target, for the domains and paths of cookies */
  constructor(apis: readonly ApiDescription[], origins: Readonly<Record<string, string>>) {
    this.#auth = schemesOf(apis);
    this.#origins = origins;
  }

  /** Whether a target takes tokens: then a login is expected to return one. */
  takesToken(target: string): boolean {
    return (this.#auth.get(target) ?? []).some(({ type }) => type !== "cookie" && type !== "basic");
  }

  /** Whether the session holds a token for a target. */
  holdsToken(target: string): boolean {
    return this.#tokens?.has(target) === true;
  }

  /** Whether the session holds a token, or the cookie that the document names, and has not signed out. */
  signedIn(target: string): boolean {
    if (this.#ended?.has(target) === true) return false;
    if (this.holdsToken(target)) return true;
    const cookies = this.#cookies?.get(target);
    if (cookies === undefined) return false;
    const url = this.#url(target, "/");
    return (this.#auth.get(target) ?? []).some(
      (auth) => auth.type === "cookie" && cookies.has(url, auth.name),
    );
  }

  /** Whether the API document of a target says how calls send a token. */
  documentsToken(target: string): boolean {
    return this.#auth.get(target) !== UNNAMED && this.takesToken(target);
  }

  /**
   * Keeps the tokens of an answer, one for each scheme: one that is called a key goes where the document puts its key, any
   * other one is a bearer token. Of several for the same scheme the preferred one is kept.
   * @param login the answer is a login's: its token takes the place of any that is held. That of another answer does so
   * only if it has the same name or is preferred
   * @param endsAt epoch milliseconds at which it ends, where the target said so beside it
   * @returns whether any was kept
   */
  keepTokens(target: string, given: readonly GivenToken[], login: boolean, endsAt?: number): boolean {
    const schemes = this.#auth.get(target) ?? [];
    const best = new Map<ApiAuth, HeldCredential>();
    for (const { name, value, words = "", preference, auth: own } of given) {
      const auth = schemes === UNNAMED && own !== undefined ? own : suiting(schemes, `${name} ${words}`);
      if (auth === undefined) continue;
      const rank = preference ?? credentialName(name)?.preference ?? PREFERENCE.other;
      // A header for keys prefers keys.
      const wanted = (auth.type === "header" || auth.type === "query") && KEY_WORDS.test(auth.name);
      const ranked = wanted && KEY_WORDS.test(`${name} ${words}`) ? -1 : rank;
      const other = best.get(auth);
      if (other !== undefined && other.preference <= ranked) continue;
      best.set(auth, { name, value, auth, endsAt: endsAt ?? jwtEnd(value), preference: ranked });
    }
    let kept = false;
    for (const [auth, token] of best) {
      const held = this.#tokens?.get(target) ?? [];
      const old = held.find((one) => isSameScheme(one.auth, auth));
      if (!login && old !== undefined && old.name !== token.name && old.preference <= token.preference)
        continue;
      kept = true;
      this.#tokens ??= new Map();
      this.#tokens.set(target, [...held.filter((one) => one !== old), token]);
    }
    if (kept) this.signIn(target);
    return kept;
  }

  /** The targets whose calls carry a user and a password, by their documents. */
  basicTargets(): string[] {
    return Array.from(this.#auth).flatMap(([target, schemes]) =>
      schemes.some(({ type }) => type === "basic") ? [target] : [],
    );
  }

  /** Keeps a user and a password for a target's calls; returns what they are sent as. */
  keepUser(target: string, user: string, password: string): string {
    const value = basicCredentials(user, password);
    const held: HeldCredential = {
      name: BASIC_NAME,
      value,
      auth: { type: "basic" },
      endsAt: undefined,
      preference: PREFERENCE.other,
    };
    this.#tokens ??= new Map();
    this.#tokens.set(target, [held]);
    return value;
  }

  /** Keeps the one token of a login; see {@link keepTokens}. */
  keepToken(target: string, name: string, value: string, words = "", endsAt?: number): boolean {
    return this.keepTokens(target, [{ name, value, words }], true, endsAt);
  }

  /** Forgets the tokens that a target has refused; returns their facts' names. */
  dropTokens(target: string): string[] {
    const held = this.#tokens?.get(target) ?? [];
    this.#tokens?.delete(target);
    return held.map(({ name }) => name);
  }

  /** Marks the session's credentials as valid again, after a login. */
  signIn(target: string): void {
    this.#ended?.delete(target);
    this.#revoked?.delete(target);
  }

  /** Marks the session as signed out. Its credentials are still sent, as a browser would, but no longer count. */
  signOut(target: string): void {
    this.#ended ??= new Set();
    this.#ended.add(target);
  }

  /** Marks that the session called an operation that may end its credentials, such as changing a password. */
  revoke(target: string): void {
    this.#revoked ??= new Set();
    this.#revoked.add(target);
  }

  /**
   * Returns the state of the credential that a call to a target carried: none, ended by the session itself, past its
   * stated lifetime, or valid as far as known.
   */
  standing(target: string, now: number): "none" | "held" | "lapsed" | "revoked" {
    if (this.#ended?.has(target) === true || this.#revoked?.has(target) === true) return "revoked";
    const tokens = this.#tokens?.get(target);
    if (tokens?.some(({ endsAt }) => endsAt !== undefined && now >= endsAt - CLOCK_SKEW_MS) === true)
      return "lapsed";
    return tokens !== undefined || this.signedIn(target) || this.#carriesCookie(target) ? "held" : "none";
  }

  /** Whether the target stated a lifetime of the token that it issued, and the lifetime has not passed. */
  isStatedValid(target: string, now: number): boolean {
    return (
      // Without a documented scheme, it may have been sent in the wrong way.
      this.#auth.get(target) !== UNNAMED &&
      this.#tokens
        ?.get(target)
        ?.some(({ endsAt }) => endsAt !== undefined && now < endsAt - CLOCK_SKEW_MS) === true
    );
  }

  /** Without a documented scheme, any cookie may be the credential. */
  #carriesCookie(target: string): boolean {
    const schemes = this.#auth.get(target) ?? UNNAMED;
    return schemes === UNNAMED && (this.#cookies?.get(target)?.header(this.#url(target, "/")) ?? "") !== "";
  }

  /** The value of a cookie that a target has set, or undefined. */
  cookie(target: string, name: string): string | undefined {
    return this.#cookies?.get(target)?.value(name);
  }

  /** Keeps the cookies of an answer; returns those that are credentials. */
  keepCookies(
    target: string,
    path: string,
    header: string | readonly string[] | undefined,
  ): readonly SecretCookie[] {
    if (header === undefined) return NO_COOKIES;
    this.#cookies ??= new Map();
    let jar = this.#cookies.get(target);
    if (jar === undefined) {
      jar = new Cookies();
      this.#cookies.set(target, jar);
    }
    return jar.keep(this.#url(target, path), header);
  }

  #url(target: string, path: string): string {
    const origin = this.#origins[target] ?? `http://${target}`;
    return (origin.endsWith("/") ? origin.slice(0, -1) : origin) + path;
  }

  /**
   * Adds tokens and cookies to a call. Keeps a header that the call already has; its cookies are added to the
   * session's, and win over those of the same name.
   */
  attach(call: ToolCall): void {
    const headers = call.headers ?? {};
    call.headers = headers;
    const asked = takeCookie(headers);
    let cookie = this.#cookies?.get(call.target)?.header(this.#url(call.target, call.path)) ?? "";
    const held = this.#tokens?.get(call.target);
    if (held !== undefined)
      for (const { auth, value } of held) {
        if (auth.type === "bearer") show(headers, "authorization", withScheme("Bearer", value));
        else if (auth.type === "basic") show(headers, "authorization", `Basic ${value}`);
        else if (auth.type === "header")
          show(headers, auth.name.toLowerCase(), withScheme(auth.prefix, value));
        else if (auth.type === "query") call.query = { [auth.name]: value, ...call.query };
        else if (!`; ${cookie}`.includes(`; ${auth.name}=`) && cookieFault(auth.name, value) === undefined)
          cookie = `${cookie === "" ? "" : `${cookie}; `}${auth.name}=${value}`;
      }
    for (const pair of asked?.split(/;\s*/) ?? [])
      if (pair !== "" && !`; ${cookie}`.includes(`; ${pair.split("=", 1)[0]}=`))
        cookie = `${cookie === "" ? "" : `${cookie}; `}${pair}`;
    if (cookie !== "") headers.cookie = cookie;
  }
}

const isSameScheme = (one: ApiAuth, other: ApiAuth): boolean =>
  one === other ||
  (one.type === other.type && ("name" in one ? one.name : "") === ("name" in other ? other.name : ""));

/** The scheme that fits a token best. */
function suiting(schemes: readonly ApiAuth[], words: string): ApiAuth | undefined {
  const bearer = schemes.find(({ type }) => type === "bearer");
  const key = schemes.find(({ type }) => type === "header" || type === "query");
  return (
    (KEY_WORDS.test(words) ? (key ?? bearer) : (bearer ?? key)) ??
    schemes.find(({ type }) => type === "cookie") ??
    UNNAMED[0]
  );
}

/** A token after its scheme, unless it names one itself. */
const withScheme = (scheme: string | undefined, value: string): string =>
  scheme === undefined || SCHEME.test(value) ? value : `${scheme} ${value}`;

/** Sets a header that the call does not have, if the value is valid in a header. */
function show(headers: Record<string, string>, name: string, value: string): void {
  if (headers[name] === undefined && headerValueFault(name, value) === undefined && value.trim() === value)
    headers[name] = value;
}

/** Takes the cookies out of a call's headers, whatever their name's case. */
function takeCookie(headers: Record<string, string>): string | undefined {
  for (const name in headers)
    if (name.length === 6 && name.toLowerCase() === "cookie") {
      const value = headers[name];
      delete headers[name];
      return value;
    }
  return undefined;
}
