import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isLoopback } from "../address.ts";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Why a request may not come in: the status and one sentence. */
export interface Refusal {
  status: 401 | 403;
  message: string;
}

/**
 * Who may knock: the run's token, and names that no web page of a stranger can have (DNS rebinding).
 * Source: MCP 2026-07-28, "Streamable HTTP", security warning.
 */
export class Guard {
  readonly #token: Buffer | undefined;
  readonly #anyHost: boolean;
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  /** Host headers that were right: they need not be parsed again. */
  readonly #known = new Set<string>();

  constructor(options: {
    token?: string;
    allowedHosts: readonly string[];
    allowedOrigins: readonly string[];
    /** No host name is refused: a page of a stranger lacks the token. */
    anyHost?: boolean;
  }) {
    this.#anyHost = options.anyHost === true && options.token !== undefined;
    this.#token = options.token === undefined ? undefined : digest(`Bearer ${options.token}`);
    this.#hosts = new Set(options.allowedHosts.map((host) => host.toLowerCase()));
    this.#origins = new Set(options.allowedOrigins.map((host) => host.toLowerCase()));
  }

  refuse(headers: IncomingHttpHeaders): Refusal | undefined {
    const { host = "", origin } = headers;
    if (!this.#anyHost && !this.#known.has(host)) {
      const name = hostname(`http://${host}`);
      if (name === undefined || !(isLoopback(name) || this.#hosts.has(name)))
        return { status: 403, message: "this gateway is not reached by that host name" };
      if (this.#known.size < 16) this.#known.add(host);
    }
    if (origin !== undefined) {
      const name = hostname(origin);
      if (name === undefined || !(isLoopback(name) || this.#origins.has(name)))
        return { status: 403, message: "pages of that origin may not call" };
    }
    if (this.#token !== undefined && !timingSafeEqual(digest(headers.authorization ?? ""), this.#token))
      return { status: 401, message: "this gateway needs the run's token as a bearer token" };
    return undefined;
  }
}

function hostname(url: string): string | undefined {
  try {
    return new URL(url).hostname.toLowerCase();
  } catch {
    return undefined;
  }
}
