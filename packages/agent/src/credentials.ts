import type { ApiAuth, ApiDescription } from "@ape/core/api";
import type { ToolCall } from "@ape/core/tool-call";
import { Cookie, CookieJar } from "tough-cookie";

interface Held {
  /** Name of the fact that holds the token. */
  name: string;
  value: string;
}

/** What one session shows of itself to its targets: tokens it was given, and cookies by RFC 6265. Never shared. */
export class Credentials {
  readonly #auth = new Map<string, readonly ApiAuth[]>();
  readonly #origins: Readonly<Record<string, string>>;
  readonly #tokens = new Map<string, Held>();
  #jar: CookieJar | undefined;

  /** @param origins base URL of each target, for the domains and paths of cookies */
  constructor(apis: readonly ApiDescription[], origins: Readonly<Record<string, string>>) {
    for (const { target, auth, documented } of apis)
      this.#auth.set(target, auth.length > 0 || documented ? auth : [{ type: "bearer" }]);
    this.#origins = origins;
  }

  /** The token's fact name, where the session holds one for a target. */
  tokenOf(target: string): string | undefined {
    return this.#tokens.get(target)?.name;
  }

  /** The fact name of a token by its value: how a digest hides it. */
  nameOf(target: string, value: string): string | undefined {
    const held = this.#tokens.get(target);
    return held?.value === value ? held.name : undefined;
  }

  /** Keeps a token that a target has given. Targets without a token scheme take none. */
  keepToken(target: string, name: string, value: string): boolean {
    if (!(this.#auth.get(target) ?? []).some((auth) => auth.type !== "cookie")) return false;
    this.#tokens.set(target, { name, value });
    return true;
  }

  /** Forgets a token that was refused; returns its fact's name. */
  dropToken(target: string): string | undefined {
    const name = this.tokenOf(target);
    this.#tokens.delete(target);
    return name;
  }

  keepCookies(target: string, path: string, header: string | string[] | undefined): void {
    if (header === undefined) return;
    this.#jar ??= new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: false });
    const url = this.#url(target, path);
    for (const line of typeof header === "string" ? [header] : header) {
      const cookie = Cookie.parse(line, { loose: true });
      if (cookie !== undefined) this.#jar.setCookieSync(cookie, url, { ignoreError: true });
    }
  }

  #url(target: string, path: string): string {
    return `${(this.#origins[target] ?? `http://${target}`).replace(/\/$/, "")}${path}`;
  }

  /** Adds tokens and cookies to a call. A header that the call has already stays as it is. */
  attach(call: ToolCall): void {
    const headers = call.headers ?? {};
    const token = this.#tokens.get(call.target);
    if (token !== undefined)
      for (const auth of this.#auth.get(call.target) ?? []) {
        if (auth.type === "bearer") headers.authorization ??= `Bearer ${token.value}`;
        else if (auth.type === "header") headers[auth.name.toLowerCase()] ??= token.value;
        else if (auth.type === "query") call.query = { [auth.name]: token.value, ...call.query };
      }
    const cookies = this.#jar?.getCookieStringSync(this.#url(call.target, call.path));
    if (cookies !== undefined && cookies !== "") headers.cookie = cookies;
    call.headers = headers;
  }

  /** Every secret this session holds, for masking. */
  *secrets(): Generator<string> {
    for (const { value } of this.#tokens.values()) yield value;
    for (const cookie of this.#jar?.toJSON()?.cookies ?? [])
      if (typeof cookie.value === "string") yield cookie.value;
  }
}
