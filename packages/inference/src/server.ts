import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ChatRequest } from "@ape/core/chat";
import { ApeError, messageOf } from "@ape/core/errors";
import { isJsonObject } from "@ape/core/json";
import type { Inference } from "./inference.ts";
import { PROXY_HEADERS } from "./proxy-headers.ts";
import { answerError, Relay, sendJson } from "./relay.ts";

/** Longest request body, in bytes. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface ServeOptions {
  inference: Inference;
  /** Loopback where left out. */
  host?: string;
  /** 0 takes any free port. */
  port: number;
  /** The run's token: with it, every request but `GET /healthz` must bear it. */
  token?: string;
}

export interface InferenceServer {
  /** Origin, such as `http://127.0.0.1:4020`; clients of the wire use `url` + `/v1`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the proxy over OpenAI's wire: `POST /v1/chat/completions`, `GET /v1/models`, `GET /healthz`.
 * @throws ApeError PORT_IN_USE
 */
export async function serveInference(options: ServeOptions): Promise<InferenceServer> {
  const { host = "127.0.0.1", port } = options;
  const front = new Front(options);
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) =>
    front.serve(request, response),
  );
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      if (cause.code !== "EADDRINUSE") reject(cause);
      else
        reject(
          new ApeError("PORT_IN_USE", `Port ${port} of ${host} is taken by another program.`, {
            hint: "Stop that program, or choose another port for the inference proxy.",
            cause,
          }),
        );
    });
    server.listen(port, host, 4096, resolve);
  });
}

class Front {
  readonly #inference: Inference;
  readonly #token: Buffer | undefined;

  constructor({ inference, token }: ServeOptions) {
    this.#inference = inference;
    this.#token = token === undefined ? undefined : digest(`Bearer ${token}`);
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    const [path] = (request.url ?? "/").split("?", 1);
    const { provider, name, simulated } = this.#inference.model;
    if (path === "/healthz" && request.method === "GET") {
      sendJson(response, 200, { status: "ok", provider, model: name, simulated });
      return;
    }
    if (!this.#admits(request)) {
      request.resume();
      answerError(response, 401, "invalid_token", "this proxy needs the run's token as a bearer token");
    } else if (path === "/v1/models" && request.method === "GET")
      sendJson(response, 200, {
        object: "list",
        data: [{ id: name, object: "model", created: 0, owned_by: provider }],
      });
    else if (path !== "/v1/chat/completions" && path !== "/v1/models") {
      request.resume();
      answerError(response, 404, "not_found", `there is no ${path}; try POST /v1/chat/completions`);
    } else if (path === "/v1/models" || request.method !== "POST") {
      request.resume();
      response.setHeader("allow", path === "/v1/models" ? "GET" : "POST");
      answerError(response, 405, "method_not_allowed", `${path} does not take ${request.method}`);
    } else this.#readBody(request, response);
  }

  #admits(request: IncomingMessage): boolean {
    if (this.#token === undefined) return true;
    return timingSafeEqual(digest(request.headers.authorization ?? ""), this.#token);
  }

  #readBody(request: IncomingMessage, response: ServerResponse): void {
    const tooLarge = (): void => {
      response.setHeader("connection", "close");
      answerError(response, 413, "request_too_large", `the body is longer than ${MAX_BODY_BYTES} bytes`);
    };
    if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) {
      request.resume();
      tooLarge();
      return;
    }
    const pieces: Buffer[] = [];
    let bytes = 0;
    request.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= MAX_BODY_BYTES) pieces.push(piece);
      else if (!response.headersSent) tooLarge();
    });
    request.on("end", () => {
      if (bytes > MAX_BODY_BYTES) return;
      const [first] = pieces;
      const body = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
      this.#complete(request, response, body).catch((thrown: unknown) => {
        if (response.headersSent) response.destroy();
        else answerError(response, 500, "internal", messageOf(thrown));
      });
    });
  }

  async #complete(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const parsed = parseRequest(body);
    if (typeof parsed === "string") {
      answerError(response, 400, "invalid_request", parsed);
      return;
    }
    const id = this.#inference.nextId();
    const relay = new Relay(response, id);
    const { headers } = request;
    const { last, answer } = await this.#inference.relay({
      id,
      request: parsed,
      body: () => withDefaults(body, parsed, this.#inference.defaults),
      session: one(headers[PROXY_HEADERS.session]),
      step: Number.parseInt(one(headers[PROXY_HEADERS.step]), 10) || 0,
      traceparent: one(headers.traceparent),
      signal: relay.signal,
      tap: relay,
    });
    relay.end(last, answer.queueMs);
  }
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

/** @returns why it is no request, where it is none */
function parseRequest(body: Buffer): ChatRequest | string {
  let json: unknown;
  try {
    json = JSON.parse(body.toString("utf8"));
  } catch {
    return "the body is not JSON";
  }
  if (!isJsonObject(json)) return "the body is not a JSON object";
  if (typeof json.model !== "string" || json.model === "") return "`model` is missing";
  if (!Array.isArray(json.messages) || !json.messages.every(isJsonObject))
    return "`messages` is not a list of messages";
  if (json.tools !== undefined && !Array.isArray(json.tools)) return "`tools` is not a list";
  return json as unknown as ChatRequest;
}

/** Adds to the end of the body what the request leaves open: the bytes before stay as the client sent them. */
function withDefaults(body: Buffer, request: ChatRequest, defaults: Inference["defaults"]): Buffer {
  const missing: Record<string, number> = {};
  if (request.temperature === undefined) missing.temperature = defaults.temperature;
  if (request.max_completion_tokens === undefined && !("max_tokens" in request))
    missing.max_completion_tokens = defaults.max_completion_tokens;
  const added = JSON.stringify(missing);
  if (added === "{}") return body;
  return Buffer.concat([body.subarray(0, body.lastIndexOf("}")), Buffer.from(`,${added.slice(1)}`)]);
}
