import type { TargetConfig } from "@ape/core/config/target";
import { encodeSegment } from "@ape/core/lib/percent";

const NO_HEADERS: Readonly<Record<string, string | undefined>> = {};

/** Headers with lower-case names; returns the same object if they already are. */
export function withLowerCaseNames(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string | undefined>> {
  for (const name in headers)
    if (name !== name.toLowerCase())
      return Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]));
  return headers;
}

/** The parameters of a URL's query: each name decoded, and the pair as the URL standard serializes it. */
function pairsOf(url: string): [name: string, pair: string][] {
  const query = url === "" ? "" : new URL(url).search.slice(1);
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => [[...new URLSearchParams(pair).keys()][0] ?? "", pair]);
}

/** Headers and parameters that the configuration adds to every call; those of a session override them. */
export class TargetCredentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly #query: string;
  /** The base URL's parameters: name, and the pair as written. */
  readonly #baseQuery: readonly (readonly [name: string, pair: string])[];
  readonly #cookie: string;
  readonly #traceHeader: string;

  constructor({ auth, headers: given, traceHeader, baseUrl }: TargetConfig) {
    const headers: Record<string, string> = {
      accept: "application/json, */*;q=0.5",
      "accept-encoding": "gzip, deflate, br",
      "user-agent": "ape-test",
    };
    for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = value;
    this.headers = headers;
    let query = "";
    let cookie = "";
    if (auth !== "none") {
      if ("bearer" in auth) headers.authorization = `Bearer ${auth.bearer}`;
      else if ("basic" in auth)
        headers.authorization = `Basic ${Buffer.from(`${auth.basic.username}:${auth.basic.password}`).toString("base64")}`;
      else if ("apiKey" in auth) {
        const { in: place, name, value } = auth.apiKey;
        if (place === "header") headers[name.toLowerCase()] = value;
        else if (place === "query") query = `${encodeSegment(name)}=${encodeSegment(value)}`;
        else cookie = `${name}=${value}`;
      }
    }
    this.#query = query;
    this.#baseQuery = pairsOf(baseUrl);
    this.#cookie = cookie;
    this.#traceHeader = traceHeader.toLowerCase();
  }

  /** A path on the wire with the base URL's query and the target's own, except parameters that the path has itself. */
  path(path: string): string {
    return this.#withKey(this.#baseQuery.length === 0 ? path : this.#withBase(path));
  }

  #withBase(path: string): string {
    const mark = path.indexOf("?");
    const given = mark < 0 ? undefined : new URLSearchParams(path.slice(mark + 1));
    const pairs = this.#baseQuery.filter(([name]) => given?.has(name) !== true).map(([, pair]) => pair);
    if (pairs.length === 0) return path;
    return `${path}${mark < 0 ? "?" : mark === path.length - 1 ? "" : "&"}${pairs.join("&")}`;
  }

  #withKey(path: string): string {
    return this.#query === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${this.#query}`;
  }

  /**
   * The target's own headers, overridden by the session's; names and values alternate.
   * @param token of the target itself; the caller ensures that the session has none
   */
  headersOf(
    session: Readonly<Record<string, string>> | undefined,
    contentType: string | undefined,
    token: string | undefined,
  ): string[] {
    const given = session === undefined ? NO_HEADERS : withLowerCaseNames(session);
    const list: string[] = [];
    for (const name in this.headers)
      if (given[name] === undefined) list.push(name, this.headers[name] as string);
    for (const name in given) if (name !== "cookie") list.push(name, given[name] as string);
    if (token !== undefined) list.push("authorization", `Bearer ${token}`);
    const { traceparent, cookie } = given;
    if (traceparent !== undefined && given[this.#traceHeader] === undefined)
      list.push(this.#traceHeader, traceparent.slice(3, 35));
    if (
      contentType !== undefined &&
      given["content-type"] === undefined &&
      this.headers["content-type"] === undefined
    )
      list.push("content-type", contentType);
    if (cookie !== undefined || this.#cookie !== "")
      list.push(
        "cookie",
        cookie === undefined || this.#cookie === "" ? (cookie ?? this.#cookie) : `${cookie}; ${this.#cookie}`,
      );
    return list;
  }
}
