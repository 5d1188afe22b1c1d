import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isAddress, isLoopback, isPrivate } from "../address.ts";

/** Why a request is refused: the status and one sentence. */
export interface GuardRefusal {
  status: 401 | 403 | 415;
  message: string;
}

export interface GuardOptions {
  /** Every request must carry it as a bearer token, except those to the server's public paths. */
  token?: string;
  /** The address that the server is bound to; loopback if omitted. */
  host?: string;
  /** More host names that callers may use. */
  allowedHosts?: readonly string[];
  /** Web pages that may call, besides loopback: host names, or origins such as `https://app.example.com:8443`. */
  allowedOrigins?: readonly string[];
  /** Headers of answers that pages of those origins may read; without them browsers show pages no answer at all. */
  exposedHeaders?: readonly string[];
  /** The next step after a refusal for the host name, the page's origin, or the token, as the end of a sentence. */
  hints?: GuardHints;
}

type GuardHints = Partial<Record<"host" | "origin" | "token", string>>;

/** Right `Host` values are cached up to this count, so that they are parsed once. */
const MAX_CACHED_HOSTS = 64;
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * Decides which requests a server of APE answers: by token, and by `Host` and `Origin`, which keep out web pages of
 * other sites (DNS rebinding, cross-site requests).
 *
 * A server on loopback accepts loopback names. A server on another address accepts what a page on the public web cannot
 * be served from as well: IP addresses, and names of a private network such as those of containers.
 * Sources: MCP 2026-07-28, "Streamable HTTP", security warning; Fetch, section 3.2 (`Origin`); Fetch Metadata, section 2.3.
 */
export class RequestGuard {
  readonly #token: Buffer | undefined;
  readonly #isPrivateAllowed: boolean;
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #exposed: string | undefined;
  readonly #hints: GuardHints;
  readonly #cachedHosts = new Set<string>();

  constructor({
    token,
    host = "127.0.0.1",
    allowedHosts = [],
    allowedOrigins = [],
    exposedHeaders,
    hints = {},
  }: GuardOptions) {
    this.#hints = hints;
    this.#token = token === undefined ? undefined : digest(`Bearer ${token}`);
    // The unspecified address counts as loopback for a caller, but a server that is bound to it listens everywhere.
    this.#isPrivateAllowed = !isLoopback(host) || host === "0.0.0.0" || host === "::";
    this.#hosts = new Set([host, ...allowedHosts].map((name) => name.toLowerCase()));
    this.#origins = new Set(allowedOrigins.map((name) => name.toLowerCase().replace(/\/$/, "")));
    this.#exposed = exposedHeaders?.join(", ");
  }

  /**
   * Returns why a request is refused, or undefined.
   * @param isPublic the request needs no token, such as a health check
   */
  refuse(headers: IncomingHttpHeaders, isPublic = false): GuardRefusal | undefined {
    const { host = "", origin } = headers;
    if (!this.#cachedHosts.has(host)) {
      if (!this.#allowsHost(host))
        return {
          status: 403,
          message: withHint("this server is not reached by that host name", this.#hints.host),
        };
      if (this.#cachedHosts.size < MAX_CACHED_HOSTS) this.#cachedHosts.add(host);
    }
    if (origin !== undefined) {
      if (!this.#allowsOrigin(origin))
        return {
          status: 403,
          message: withHint("pages of that origin may not call", this.#hints.origin),
        };
      // Browsers send no `Origin` with images, scripts and links, but say that they belong to another site.
    } else if (headers["sec-fetch-site"] === "cross-site")
      return { status: 403, message: "pages of other sites may not call" };
    if (
      !isPublic &&
      this.#token !== undefined &&
      !timingSafeEqual(digest(headers.authorization ?? ""), this.#token)
    )
      return {
        status: 401,
        message: withHint("this server needs its token as a bearer token", this.#hints.token),
      };
    return undefined;
  }

  /**
   * The headers with which a browser lets the calling page read the answer; undefined if none are needed or allowed.
   * Source: Fetch, section 3.3 (CORS protocol).
   */
  corsHeaders({ origin }: IncomingHttpHeaders): Record<string, string> | undefined {
    if (this.#exposed === undefined || origin === undefined || !this.#allowsOrigin(origin)) return undefined;
    return {
      "access-control-allow-origin": origin,
      "access-control-expose-headers": this.#exposed,
      vary: "origin",
    };
  }

  /** The answer to a CORS preflight; undefined for any other request. */
  preflightHeaders(
    method: string | undefined,
    headers: IncomingHttpHeaders,
  ): Record<string, string> | undefined {
    const wanted = headers["access-control-request-method"];
    if (method !== "OPTIONS" || wanted === undefined) return undefined;
    const own = this.corsHeaders(headers);
    if (own === undefined) return undefined;
    const names = headers["access-control-request-headers"];
    return {
      ...own,
      "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
      ...(names === undefined ? {} : { "access-control-allow-headers": names }),
      "access-control-max-age": "600",
    };
  }

  #allowsOrigin(origin: string): boolean {
    const name = hostNameOf(origin);
    return (
      name !== undefined &&
      (isLoopback(name) || this.#origins.has(name) || this.#origins.has(origin.toLowerCase()))
    );
  }

  #allowsHost(host: string): boolean {
    const name = hostNameOf(`http://${host}`);
    if (name === undefined) return false;
    if (isLoopback(name) || this.#hosts.has(name)) return true;
    return this.#isPrivateAllowed && (isAddress(name) || isPrivate(name));
  }
}

/**
 * Returns why the body of a POST is refused: browsers send `text/plain` and forms to other sites without asking first.
 * A body without a media type is not refused here.
 */
export function refuseMediaType({ "content-type": type }: IncomingHttpHeaders): GuardRefusal | undefined {
  if (type === undefined || JSON_TYPE.test(type)) return undefined;
  return { status: 415, message: "the body must have the content type application/json" };
}

function withHint(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message}; ${hint}`;
}

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\\\s]+$/i;

/** The lower-case host name of an origin, or undefined if it is anything else, such as a URL with a path or a user. */
function hostNameOf(origin: string): string | undefined {
  if (!ORIGIN.test(origin) || !URL.canParse(origin)) return undefined;
  return new URL(origin).hostname.toLowerCase() || undefined;
}
