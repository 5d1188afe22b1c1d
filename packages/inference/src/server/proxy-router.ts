import type { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import {
  EXPOSITION_TYPE,
  Exposition,
  type ExpositionForm,
  expositionForm,
} from "@ape/core/metrics/exposition";
import type { ChatRequest } from "@ape/core/protocol/chat";
import { readIncoming } from "@ape/http/incoming-body";
import { answerFailure, type WriteError } from "@ape/http/server/http-server";
import type { Inference } from "../inference.ts";
import { editBody } from "../providers/edit-request.ts";
import { passedHeaders } from "./passed-headers.ts";
import { PROXY_HEADERS } from "./proxy-headers.ts";
import { answerError, Relay, sendJson } from "./relay.ts";
import { type PeekedRequest, RequestPeeker } from "./request-peeker.ts";

/** Longest request body, in bytes. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface ProxyRouterOptions {
  inference: Inference;
  /** Labels of every metric at `/metrics`, such as the run. */
  labels?: Readonly<Record<string, string>>;
  /** Adds metrics of the process to the page of `/metrics`. */
  figures?: (page: Exposition) => void;
}

/** The proxy's routes. */
export class ProxyRouter {
  readonly #inference: Inference;
  readonly #labels: Readonly<Record<string, string>> | undefined;
  readonly #figures: ((page: Exposition) => void) | undefined;

  readonly #skimmer = new RequestPeeker();

  #inFlight = 0;
  #cancelled = 0;
  #draining = false;
  #drained: () => void = () => undefined;

  constructor({ inference, labels, figures }: ProxyRouterOptions) {
    this.#inference = inference;
    this.#labels = labels;
    this.#figures = figures;
  }

  readonly #answered = (): void => {
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#drained();
  };

  async drain(timeout: number): Promise<void> {
    this.#draining = true;
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeout);
      this.#drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Handles a request that passed the server's checks. */
  serve(request: IncomingMessage, response: ServerResponse, path: string): void {
    if (path === "/v1/chat/completions" && request.method === "POST" && !this.#draining) {
      this.#inFlight += 1;
      response.once("close", this.#answered);
      this.#readBody(request, response);
      return;
    }
    request.resume();
    const method = METHODS.get(path);
    if (method === undefined)
      answerError(response, 404, "not_found", `there is no ${path}; try POST /v1/chat/completions`);
    else if (request.method !== method) {
      response.setHeader("allow", method);
      answerError(response, 405, "method_not_allowed", `${path} does not take ${request.method}`);
    } else if (path === "/v1/chat/completions") {
      response.setHeader("connection", "close");
      response.setHeader("retry-after", "1");
      answerError(response, 503, "draining", "this proxy is shutting down and takes no new calls");
    } else this.#sendFigures(path, response, expositionForm(request.headers.accept));
  }

  #sendFigures(path: string, response: ServerResponse, form: ExpositionForm): void {
    const { model, models } = this.#inference;
    const { provider, name, simulated } = model;
    if (path === "/healthz") sendJson(response, 200, { status: "ok", provider, model: name, simulated });
    else if (path === "/readyz")
      sendJson(response, this.#draining ? 503 : 200, { status: this.#draining ? "draining" : "ready" });
    else if (path === "/v1/models")
      sendJson(response, 200, {
        object: "list",
        data: models.map(({ id, owner, context }) => ({
          id,
          object: "model",
          created: 0,
          owned_by: owner,
          ...(context === undefined ? {} : { context_length: context }),
        })),
      });
    else if (path === "/metrics") {
      const page = new Exposition(form, this.#labels);
      this.#inference.show(page, { inFlight: this.#inFlight, cancelled: this.#cancelled });
      this.#figures?.(page);
      response.writeHead(200, { "content-type": EXPOSITION_TYPE[form] }).end(page.text());
    } else response.writeHead(204).end();
  }

  #readBody(request: IncomingMessage, response: ServerResponse): void {
    const failed = (thrown: unknown): void => answerFailure(response, thrown, writeProxyError);
    readIncoming(
      request,
      MAX_BODY_BYTES,
      (body) => {
        if (body === undefined) {
          request.resume();
          response.setHeader("connection", "close");
          answerError(response, 413, "request_too_large", `the body is longer than ${MAX_BODY_BYTES} bytes`);
        } else this.#complete(request, response, body).catch(failed);
      },
      failed,
    );
  }

  async #complete(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    let parsed: ChatRequest | string | undefined;
    // Only the simulated model parses a whole request: otherwise the provider checks its fields.
    if (this.#inference.model.simulated) parsed = parseRequest(body);
    const known = typeof parsed === "string" ? parsed : (this.#skimmer.head(body) ?? headOf(body));
    if (typeof known === "string") {
      answerError(response, 400, "invalid_request", known);
      return;
    }
    const gone = this.#inference.withdrawn(known.model);
    if (gone !== undefined) {
      answerError(response, 404, "model_not_found", gone);
      return;
    }
    const id = this.#inference.nextId();
    const { headers } = request;
    const own = headers[PROXY_HEADERS.own] !== undefined;
    const relay = new Relay(response, id, own);
    const { last, answer } = await this.#inference.relay({
      id,
      model: known.model,
      own,
      streamed: known.streamed,
      ...(own ? {} : { passed: passedHeaders(request.rawHeaders) }),
      request: () => {
        parsed ??= parseRequest(body);
        return typeof parsed === "string" ? { model: known.model, messages: [] } : parsed;
      },
      body: (model, edits) => editBody(body, model, edits),
      session: one(headers[PROXY_HEADERS.session]),
      step: Number.parseInt(one(headers[PROXY_HEADERS.step]), 10) || 0,
      traceparent: one(headers.traceparent),
      agent: one(headers[PROXY_HEADERS.agent]),
      signal: relay.gone,
      tap: relay,
    });
    if (relay.gone.aborted) this.#cancelled += 1;
    relay.finish(last, answer.queueMs);
  }
}

/** Paths, and the method of each. */
const METHODS: ReadonlyMap<string, "GET" | "POST"> = new Map([
  ["/v1/chat/completions", "POST"],
  ["/v1/models", "GET"],
  // The Cerebras SDK opens its connection with this request.
  ["/v1/tcp_warming", "GET"],
  ["/healthz", "GET"],
  ["/readyz", "GET"],
  ["/metrics", "GET"],
]);

const CODES: Readonly<Record<number, string>> = {
  401: "invalid_token",
  403: "forbidden",
  415: "unsupported_media_type",
  500: "internal",
};

/** An error of the server in OpenAI's form. */
export const writeProxyError: WriteError = (response, status, message) =>
  answerError(response, status, CODES[status] ?? "invalid_request", message);

function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

/** A body that names a model and has messages. */
type RequestObject = JsonObject & { model: string; messages: Json[] };

/** @returns why it is no request, if it is none */
function requestObject(body: Buffer): RequestObject | string {
  let json: unknown;
  try {
    json = JSON.parse(body.toString("utf8"));
  } catch {
    return "the body is not JSON";
  }
  if (!isJsonObject(json)) return "the body is not a JSON object";
  if (typeof json.model !== "string" || json.model === "") return "`model` is missing";
  if (!Array.isArray(json.messages)) return "`messages` is not a list";
  const { tools = null } = json;
  if (tools !== null && !Array.isArray(tools)) return "`tools` is not a list";
  return json as RequestObject;
}

/** @returns what is wrong with it, if something is */
function parseRequest(body: Buffer): ChatRequest | string {
  const json = requestObject(body);
  if (typeof json === "string") return json;
  const wrongMessage = json.messages.findIndex((message) => !isMessage(message));
  if (wrongMessage >= 0) return `\`messages[${wrongMessage}]\` is not a message: an object with a \`role\``;
  // Clients send null for fields that they leave out.
  for (const name of ["tools", ...Object.keys(PLAIN_FIELDS)]) if (json[name] === null) delete json[name];
  const { tools } = json;
  if (Array.isArray(tools)) {
    const wrongTool = tools.findIndex((tool) => !isTool(tool));
    if (wrongTool >= 0)
      return `\`tools[${wrongTool}]\` is not a tool: an object with a \`type\` and a \`function\` that has a \`name\``;
  }
  for (const [name, type] of Object.entries(PLAIN_FIELDS)) {
    const value = json[name];
    if (value !== undefined && (isJsonObject(value) ? "object" : typeof value) !== type)
      return `\`${name}\` is not ${type === "object" ? "an object" : `a ${type}`}`;
  }
  for (const message of json.messages) withPlainText(message as JsonObject);
  return json as unknown as ChatRequest;
}

/** Fields that are read here, by type. */
const PLAIN_FIELDS = {
  stream: "boolean",
  seed: "number",
  temperature: "number",
  max_tokens: "number",
  max_completion_tokens: "number",
  stream_options: "object",
} as const;

/** Joins a text in parts; parts of other kinds (images, audio) have none. */
function withPlainText(message: JsonObject): void {
  if (Array.isArray(message.content))
    message.content = message.content
      .map((part) => (isJsonObject(part) && typeof part.text === "string" ? part.text : ""))
      .join("");
}

/** Source: OpenAI API reference, "Create chat completion": content is a text, a list of parts, or null. */
function isMessage(value: Json): boolean {
  if (!isJsonObject(value) || typeof value.role !== "string") return false;
  const { content = null, tool_calls: calls = null } = value;
  const isContent =
    content === null ||
    typeof content === "string" ||
    (Array.isArray(content) && content.every(isJsonObject));
  return isContent && (calls === null || (Array.isArray(calls) && calls.every(isTool)));
}

/**
 * Whether a tool, or a tool call, has the fields that every client sends. Tools of other types are left to the
 * provider.
 */
function isTool(value: Json): boolean {
  if (!isJsonObject(value)) return false;
  if (value.type !== undefined && value.type !== "function") return typeof value.type === "string";
  return isJsonObject(value.function) && typeof value.function.name === "string";
}

/** The head of a request that cannot be peeked, such as one with escapes in its keys. */
function headOf(body: Buffer): PeekedRequest | string {
  const json = requestObject(body);
  return typeof json === "string" ? json : { model: json.model, streamed: json.stream === true };
}
