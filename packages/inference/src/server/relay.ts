import { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";
import type { ModelError } from "@ape/core/protocol/chat";
import type { AnswerHeaders } from "../upstream/retry.ts";
import type { StreamSink, UpstreamResponse } from "../upstream/upstream.ts";
import { ClientAbort } from "./client-abort-signal.ts";
import { PROXY_HEADERS } from "./proxy-headers.ts";
import { PROXY_ERROR } from "./wire-error.ts";

/** Headers of one connection, or of the upstream's own relation with the proxy (RFC 9110, section 7.6.1). */
const KEPT_BACK: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "content-length",
  "set-cookie",
  "date",
]);

/** Longest error that is sent as a header, in characters. */
const LONGEST_MESSAGE = 1_000;

const STATUS_OF: Readonly<Record<ModelError["code"], number>> = {
  limit: 429,
  timeout: 504,
  refused: 502,
  unavailable: 502,
  protocol: 502,
  cancelled: 499,
  length: 502,
  filter: 502,
  refusal: 502,
  budget: 402,
  context: 400,
};

/**
 * Passes an answer on to a client: bytes as they come, at the client's speed; cancels the call when the client
 * disconnects.
 */
export class Relay implements StreamSink {
  readonly gone = new ClientAbort();
  readonly #response: ServerResponse;
  readonly #id: string;
  readonly #own: boolean;
  /** Whether the answer's length was announced: then nothing can be added to it. */
  #measured = false;

  /** @param own whether an agent of APE is the client */
  constructor(response: ServerResponse, id: string, own: boolean) {
    this.#response = response;
    this.#id = id;
    this.#own = own;
    response.once("close", () => {
      if (!response.writableFinished) this.gone.abort();
    });
  }

  head(status: number, headers: AnswerHeaders, queueMs: number): void {
    const passed = this.#passed(headers, queueMs);
    const length = headers["content-length"];
    if (length !== undefined) {
      passed["content-length"] = length;
      this.#measured = true;
    }
    this.#response.writeHead(status, passed);
  }

  data(chunk: Uint8Array | string): boolean {
    return this.#response.write(chunk);
  }

  whenDrained(resume: () => void): void {
    this.#response.once("drain", resume);
  }

  end(): void {
    this.#response.end();
  }

  /** Finishes with the last attempt's answer, if its bytes did not come through {@link data}. */
  finish(last: UpstreamResponse, queueMs: number): void {
    const response = this.#response;
    const { error } = last;
    if (response.destroyed || response.writableEnded) return;
    if (response.headersSent) this.#endStream(last);
    else if (last.whole || error === undefined) {
      response.writeHead(last.status, {
        ...this.#passed(last.headers, queueMs),
        ...(this.#own && error !== undefined
          ? {
              [PROXY_HEADERS.error]: headerText(error.message),
            }
          : {}),
        "content-length": Buffer.byteLength(last.body),
      });
      response.end(last.body);
    } else sendJson(response, statusFor(error), proxyError(error), this.#passed({}, queueMs));
  }

  /**
   * A stream that broke off between two events ends with an error event; within an event, only closing the connection
   * shows the error.
   */
  #endStream({ error, atBoundary }: UpstreamResponse): void {
    if (error !== undefined && atBoundary && !this.#measured)
      this.#response.end(`data: ${JSON.stringify(proxyError(error))}\n\n`);
    else this.#response.destroy();
  }

  #passed(headers: AnswerHeaders, queueMs: number): Record<string, string | string[]> {
    const passed: Record<string, string | string[]> = {};
    for (const name of Object.keys(headers)) {
      const value = headers[name];
      if (value !== undefined && !KEPT_BACK.has(name)) passed[name] = value;
    }
    passed[PROXY_HEADERS.inference] = this.#id;
    passed[PROXY_HEADERS.queue] = queueMs.toFixed(3);
    return passed;
  }
}

/** The provider's own status where it refused a key: clients act on it. */
const statusFor = ({ code, status }: ModelError): number =>
  code === "refused" && (status === 401 || status === 402 || status === 403) ? status : STATUS_OF[code];

/** A message as a header's value; half a character at its end is replaced. */
const headerText = (message: string): string =>
  encodeURIComponent(Buffer.from(message.slice(0, LONGEST_MESSAGE)).toString("utf8"));

function proxyError(error: ModelError): object {
  return { error: { message: error.message, type: PROXY_ERROR, code: error.code, status: error.status } };
}

export function answerError(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { error: { message, type: "invalid_request_error", code } });
}

export function sendJson(
  response: ServerResponse,
  status: number,
  json: object,
  headers: Record<string, string | string[]> = {},
): void {
  const body = JSON.stringify(json);
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
