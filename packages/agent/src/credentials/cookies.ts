import { decodePercent } from "@ape/core/lib/percent";
import { Cookie, CookieJar } from "tough-cookie";
import { isSecretCookie } from "./cookie-secret.ts";

/** RFC 6265, section 6.1: room for 50 cookies of 4096 bytes; more would let a target fill an agent's memory. */
const MAX_COOKIES = 50;
const MAX_LINE = 4_096;

/** A cookie that is a credential. */
export interface SecretCookie {
  name: string;
  value: string;
}

/** The cookies of one session, by RFC 6265. Created with the first cookie; never shared. */
export class Cookies {
  #jar = new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: false });
  /** Cookies written since the jar was last counted. */
  #written = 0;

  /**
   * Keeps what an answer from `url` sets; skips a cookie that the RFC refuses (another host's, a malformed one).
   * @returns the cookies that are credentials, their values as they are sent and percent-decoded
   */
  keep(url: string, header: string | readonly string[]): SecretCookie[] {
    const secrets: SecretCookie[] = [];
    const lines = typeof header === "string" ? [header] : header.slice(0, MAX_COOKIES);
    for (const line of lines) {
      if (line.length > MAX_LINE) continue;
      const cookie = Cookie.parse(line, { loose: true });
      if (cookie === undefined) continue;
      this.#jar.setCookieSync(cookie, url, { ignoreError: true });
      this.#written += 1;
      const { key: name, value, httpOnly } = cookie;
      if (!isSecretCookie({ name, value, httpOnly })) continue;
      secrets.push({ name, value });
      const decoded = decodePercent(value);
      if (decoded !== value) secrets.push({ name, value: decoded });
    }
    if (this.#written >= MAX_COOKIES) this.#bound();
    return secrets;
  }

  /** Drops the oldest beyond the bound. */
  #bound(): void {
    this.#written = 0;
    const held = this.#jar.toJSON();
    if (held === undefined || held.cookies.length <= MAX_COOKIES) return;
    this.#jar = CookieJar.deserializeSync({ ...held, cookies: held.cookies.slice(-MAX_COOKIES) });
  }

  /** The `cookie` header for a request to `url`; empty where there is none. */
  header(url: string): string {
    return this.#jar.getCookieStringSync(url);
  }

  /** Whether a cookie of this name would be sent to `url`. */
  has(url: string, name: string): boolean {
    return this.#jar.getCookiesSync(url).some(({ key }) => key === name);
  }

  /** The value of a cookie, whatever its path; undefined if there is none. */
  value(name: string): string | undefined {
    return this.#jar.toJSON()?.cookies.find(({ key }) => key === name)?.value as string | undefined;
  }
}
