/** A page's address, and the part of its origin that belongs to the target. */
export class TargetUrl {
  readonly #origin: string;
  readonly #base: string;

  /**
   * @param origin of the target
   * @param base path of its base URL, without a slash at its end
   */
  constructor(origin: string, base: string) {
    this.#origin = origin;
    this.#base = base;
  }

  /** The absolute URL of a path of the target. */
  url(path: string): URL {
    return new URL(`${this.#base}${path}`, this.#origin);
  }

  /** A reference on a page as a path of the target with its query, or undefined if it leads elsewhere. */
  path(reference: string, from: URL): string | undefined {
    let url: URL;
    try {
      url = new URL(reference.trim(), from);
    } catch {
      return undefined;
    }
    if (url.origin !== this.#origin || url.username !== "" || url.password !== "") return undefined;
    const { pathname } = url;
    if (pathname !== this.#base && !pathname.startsWith(`${this.#base}/`)) return undefined;
    const path = pathname.slice(this.#base.length);
    return `${path === "" ? "/" : path}${url.search}`;
  }
}
