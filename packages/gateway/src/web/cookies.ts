import { parseHttpDate } from "@ape/core/lib/header-date/http-date";

/** The cookies of one call and its redirects: those that the session sent, changed by the answers. */
export class HopCookies {
  readonly #values = new Map<string, string>();
  readonly #now: () => number;
  /** Every `set-cookie` of every answer, for the session to keep. */
  readonly set: string[] = [];

  /** @param now milliseconds since 1970 */
  constructor(header: string | undefined, now: () => number) {
    this.#now = now;
    for (const pair of (header ?? "").split(/;\s*/)) {
      const at = pair.indexOf("=");
      if (at > 0) this.#values.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }

  /**
   * Adds the cookies of an answer.
   * @param path of the request: a cookie without a path applies to its folder (RFC 6265, section 5.1.4)
   */
  take(header: string | string[] | undefined, path: string): void {
    for (const line of header === undefined ? [] : [header].flat()) {
      const [pair = "", ...attributes] = line.split(";");
      const at = pair.indexOf("=");
      if (at <= 0) continue;
      const folder = path.slice(0, Math.max(1, (path.split("?")[0] ?? "/").lastIndexOf("/")));
      this.set.push(attributes.some((one) => /^\s*path\s*=/i.test(one)) ? line : `${line}; Path=${folder}`);
      if (hasEnded(attributes, this.#now())) this.#values.delete(pair.slice(0, at).trim());
      else this.#values.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
    }
  }

  /** The header for the next request; undefined without cookies. */
  header(): string | undefined {
    return this.#values.size === 0
      ? undefined
      : Array.from(this.#values, ([name, value]) => `${name}=${value}`).join("; ");
  }
}

/** Whether a cookie is one that its answer removes; of its two limits `max-age` decides (RFC 6265, section 5.3). */
function hasEnded(attributes: readonly string[], now: number): boolean {
  let expires: number | undefined;
  for (const attribute of attributes) {
    const [, name = "", value = ""] = /^\s*(max-age|expires)\s*=\s*(.*?)\s*$/i.exec(attribute) ?? [];
    if (/^max-age$/i.test(name) && /^-?\d+$/.test(value)) return Number(value) <= 0;
    if (/^expires$/i.test(name)) expires = parseHttpDate(value);
  }
  return expires !== undefined && expires <= now;
}
