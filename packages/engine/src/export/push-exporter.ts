import { ApeError, messageOf } from "@ape/core/lib/errors";
import { decodePercent } from "@ape/core/lib/percent";
import { request } from "undici";
import type { Aggregator } from "../aggregate/aggregator.ts";
import type { Exporter } from "./export-context.ts";

const EVERY_MS = 5_000;
const TIMEOUT_MS = 10_000;
const LAST_TRIES = 3;
const LAST_PAUSE_MS = 500;

/** The body of one request. */
export interface PushBody {
  headers: Record<string, string>;
  bytes: Buffer;
}

/** The format of a metrics server. */
export interface PushFormat {
  /** All metrics, as one or several requests. */
  encode(aggregator: Aggregator, at: number): PushBody[];
  /** The error within an answer whose status is good. */
  complaint?(answer: string): string | undefined;
}

/** The address of a server, without the credentials in its URL. */
export interface Endpoint {
  url: string;
  authorization: string | undefined;
}

/**
 * Reads the URL of a server; a user and password in it become basic authentication.
 * @throws ApeError USAGE
 */
export function endpointOf(text: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol))
    throw new ApeError("USAGE", "the destination of --out is no http or https URL", {
      hint: "Write for instance prometheus-rw=http://127.0.0.1:9090/api/v1/write or otlp=http://127.0.0.1:4318.",
    });
  const credentials = `${decodePercent(url.username)}:${decodePercent(url.password)}`;
  url.username = "";
  url.password = "";
  return {
    url: url.href,
    authorization: credentials === ":" ? undefined : `Basic ${Buffer.from(credentials).toString("base64")}`,
  };
}

/**
 * Sends metrics every 5 s, one push at a time. Metrics are cumulative: the next push makes up for one that fails during
 * a run; only a failure of the last one, after three attempts, is an error.
 */
export class PushExporter implements Exporter {
  readonly #endpoint: Endpoint;
  readonly #format: PushFormat;
  #underWay: Promise<void> | undefined;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(endpoint: Endpoint, format: PushFormat) {
    this.#endpoint = endpoint;
    this.#format = format;
  }

  push(aggregator: Aggregator, at: number): void {
    if (this.#underWay !== undefined || at - this.#lastAt < EVERY_MS) return;
    this.#lastAt = at;
    this.#underWay = send(this.#endpoint, this.#format.encode(aggregator, at), this.#format.complaint)
      .catch(() => undefined)
      .finally(() => {
        this.#underWay = undefined;
      });
  }

  async close(_runDirectory: string, aggregator: Aggregator, at: number): Promise<void> {
    await this.#underWay;
    await deliver(this.#endpoint, this.#format.encode(aggregator, at), this.#format.complaint);
  }
}

/**
 * Sends the last push, with three attempts.
 * @throws ApeError EXPORT_FAILED
 */
export async function deliver(
  endpoint: Endpoint,
  bodies: readonly PushBody[],
  complaint: PushFormat["complaint"],
): Promise<void> {
  for (let left = LAST_TRIES; ; left -= 1) {
    try {
      await send(endpoint, bodies, complaint);
      return;
    } catch (cause) {
      if (left === 1)
        throw new ApeError(
          "EXPORT_FAILED",
          `figures cannot be sent to ${endpoint.url}: ${messageOf(cause)}`,
          {
            cause,
            hint: "See that the server runs, takes this path and trusts you; the run's own results are kept.",
          },
        );
      await new Promise((resolve) => setTimeout(resolve, LAST_PAUSE_MS));
    }
  }
}

async function send(
  { url, authorization }: Endpoint,
  bodies: readonly PushBody[],
  complaintOf: PushFormat["complaint"],
): Promise<void> {
  for (const { headers, bytes } of bodies) {
    const { statusCode, body } = await request(url, {
      method: "POST",
      headers: {
        "user-agent": "ape",
        ...headers,
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: bytes,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    });
    const answer = await body.text();
    if (statusCode >= 300) throw new Error(`it answered ${statusCode} ${answer.slice(0, 200).trim()}`);
    const complaint = complaintOf?.(answer);
    if (complaint !== undefined) throw new Error(complaint);
  }
}
