import type {
  IncomingHttpHeaders,
  IncomingMessage,
  OutgoingHttpHeaders,
  Server,
  ServerResponse,
} from "node:http";
import type { GatewaySettings } from "@ape/core/config/gateway";
import { messageOf } from "@ape/core/lib/errors";
import { EXPOSITION_TYPE, Exposition, expositionForm } from "@ape/core/metrics/exposition";
import { readIncoming } from "@ape/http/incoming-body";
import { answerFailure, createHttpServer, listen, type WriteError } from "@ape/http/server/http-server";
import { RequestGuard } from "@ape/http/server/request-guard";
import Fastify, { type FastifyInstance } from "fastify";
import type { Gateway } from "../gateway.ts";
import { abortOnDisconnect } from "./abort-on-disconnect.ts";
import { callContext } from "./call-context.ts";
import { answerWriter, fastCall } from "./fast-path.ts";
import { ServerFigures } from "./figures.ts";
import { wantsShortText } from "./result-text.ts";
import { sdkPath } from "./sdk-path.ts";
import { toolCatalog } from "./tool-catalog.ts";
import { type CallLine, type CallObserver, ToolExecutor } from "./tool-executor.ts";
import { webRequest, writeWebResponse } from "./web-exchange.ts";

/** The gateway behind an MCP endpoint, and its settings. */
export interface McpServerTargets {
  gateway: Gateway;
  targets: readonly string[];
  settings: GatewaySettings;
  /** Values that are never logged. */
  secrets: readonly string[];
}

export interface McpServerOptions extends McpServerTargets {
  version: string;
  /** Loopback by default. */
  host?: string;
  /** 0 takes any free port. */
  port: number;
  /** The run's token: if it is set, every request but the health checks must carry it. */
  token?: string;
  /** Called with every call. */
  log?: (line: CallLine) => void;
  /** Labels of every metric at `/metrics`, such as the run. */
  labels?: Readonly<Record<string, string>>;
  /** Adds metrics of the process to the page of `/metrics`. */
  figures?: (page: Exposition) => void;
  /** Host names, besides those of the settings, under which callers may reach it. */
  allowedHosts?: readonly string[];
  /** False sends every call through the SDK; for tests and benchmarks that compare the two. */
  fast?: boolean;
}

export interface McpServer {
  /** Where MCP clients connect: `http://127.0.0.1:4010/mcp`. */
  readonly url: string;
  /** Number of calls of each path. */
  readonly lanes: Readonly<Record<"fast" | "sdk", number>>;
  /**
   * Replaces the targets behind the MCP server; calls in flight end in the old gateway, which is then closed.
   * @returns when that is done
   */
  replace(next: McpServerTargets): Promise<void>;
  /** Counts a failed reload: the targets behind the MCP server stay as they are. */
  notReplaced(): void;
  /**
   * Refuses new calls, lets those in flight end (for at most `settings.drain` milliseconds), then closes everything.
   */
  close(): Promise<void>;
}

/** Notice to idle connections before the server closes them: callers may be delayed themselves. */
const CLOSE_NOTICE_MS = 250;

/**
 * Starts the MCP server of a gateway: `/mcp`, `/healthz`, `/readyz`, `/metrics`, and `/apis`, the description of the
 * targets for APE's agents. The MCP server closes the gateway.
 * @throws ApeError PORT_IN_USE
 */
export async function startMcpServer(options: McpServerOptions): Promise<McpServer> {
  const { host = "127.0.0.1", port } = options;
  const app = new McpServerApp(options);
  await app.app.ready();
  const origin = await listen(app.server, {
    host,
    port,
    hint: "Stop that program, or choose another port for the gateway.",
  });
  return {
    url: `${origin}/mcp`,
    lanes: app.lanes,
    replace: (next) => app.replace(next),
    notReplaced: () => app.notReplaced(),
    close: () => app.close(),
  };
}

class McpServerApp {
  readonly app: FastifyInstance;
  readonly server: Server;
  readonly #figures = new ServerFigures();
  readonly #observer: CallObserver;
  readonly #write: ReturnType<typeof answerWriter>;
  readonly #sdk: ReturnType<typeof sdkPath>;
  readonly #token: string | undefined;
  readonly #fast: boolean;
  readonly #options: Pick<McpServerOptions, "labels" | "figures" | "host" | "allowedHosts">;
  #executor: ToolExecutor;
  #guard: RequestGuard;
  #drainMs: number;
  #draining = false;
  #inFlight = 0;

  constructor(options: McpServerOptions) {
    const server = { name: "ape-gateway", version: options.version };
    this.#options = options;
    this.#token = options.token;
    this.#fast = options.fast ?? true;
    this.#executor = executorOf(options);
    this.#guard = this.#guardOf(options.settings);
    this.#drainMs = options.settings.drain;
    const { log } = options;
    this.#observer = {
      measure: (call, result) => this.#figures.measure(call, result),
      ...(log === undefined ? {} : { log }),
    };
    this.#write = answerWriter(server);
    const { maxRequest } = options.settings;
    this.#sdk = sdkPath({ server, executor: () => this.#executor, observer: this.#observer, maxRequest });
    const built = this.#build(maxRequest);
    this.app = built.app;
    this.server = built.server;
  }

  get lanes(): ServerFigures["lanes"] {
    return this.#figures.lanes;
  }

  #guardOf(settings: GatewaySettings): RequestGuard {
    const { host, allowedHosts = [] } = this.#options;
    return new RequestGuard({
      ...(this.#token === undefined ? {} : { token: this.#token }),
      ...(host === undefined ? {} : { host }),
      allowedHosts: [...settings.allowedHosts, ...allowedHosts],
      allowedOrigins: settings.allowedOrigins,
      hints: {
        host: "allow it with `gateway.allowedHosts` or APE_ALLOWED_HOSTS",
        origin: "allow them with `gateway.allowedOrigins`",
      },
      exposedHeaders: ["mcp-session-id", "mcp-protocol-version", "retry-after", "www-authenticate"],
    });
  }

  /** Fastify serves all but `/mcp`: its overhead per call would be a sixth of the fast path's cost. */
  #build(maxRequest: number): { app: FastifyInstance; server: Server } {
    let server: Server | undefined;
    const app = Fastify({
      exposeHeadRoutes: false,
      // The server answers malformed requests itself.
      clientErrorHandler: () => undefined,
      serverFactory: (others) => {
        server = createHttpServer({
          guard: () => this.#guard,
          publicPaths: ["/healthz", "/readyz"],
          writeError,
          handle: (request, response, path) => {
            if (path === "/mcp") this.#handleCall(request, response, maxRequest);
            else others(request, response);
          },
        });
        return server;
      },
    });
    app.get("/healthz", () => ({ status: "ok" }));
    app.get("/readyz", (_request, reply) =>
      this.#draining ? reply.code(503).send({ status: "draining" }) : reply.send({ status: "ready" }),
    );
    app.get("/metrics", (request, reply) => {
      const form = expositionForm(request.headers.accept);
      const page = new Exposition(form, this.#options.labels);
      this.#figures.show(page, this.#inFlight);
      this.#options.figures?.(page);
      return reply.type(EXPOSITION_TYPE[form]).send(page.text());
    });
    app.get("/apis", (_request, reply) => reply.send(this.#executor.described));
    return { app, server: server as unknown as Server };
  }

  #handleCall(request: IncomingMessage, response: ServerResponse, maxRequest: number): void {
    readIncoming(
      request,
      maxRequest,
      (body) => {
        if (body === undefined)
          refuse(response, 413, -32600, `a request of more than ${maxRequest} bytes is not read`);
        else if (this.#draining)
          refuse(response, 503, -32002, "this gateway is closing: the call was not made", {
            "retry-after": "1",
          });
        else this.#serve(request, response, body.toString("utf8"));
      },
      (thrown) => answerFailure(response, thrown, writeError),
    );
  }

  #serve(request: IncomingMessage, response: ServerResponse, text: string): void {
    const { headers } = request;
    const call = this.#fast && request.method === "POST" ? fastCall(headers, text) : undefined;
    const tool = call === undefined ? undefined : this.#executor.tools.get(call.name);
    this.#inFlight += 1;
    response.on("close", this.#left);
    if (call === undefined || tool === undefined) {
      this.#slow(request, response, text);
      return;
    }
    this.#figures.lanes.fast += 1;
    const executor = this.#executor;
    const context = callContext(call.meta, (name) => one(headers, name), executor.correlationHeader);
    executor.run(tool, call.args, context, "fast", this.#observer, abortOnDisconnect(request.socket)).then(
      (outcome) => {
        try {
          send(response, 200, this.#write(call.id, outcome, wantsShortText(call.meta)));
        } catch (thrown) {
          answerFailure(response, thrown, writeError);
        }
      },
      (thrown: unknown) => answerFailure(response, thrown, writeError),
    );
  }

  readonly #left = (): void => {
    this.#inFlight -= 1;
  };

  #slow(request: IncomingMessage, response: ServerResponse, text: string): void {
    const gone = new AbortController();
    response.once("close", () => {
      if (!response.writableFinished) gone.abort();
    });
    let asked: Request;
    try {
      asked = webRequest(request, text, gone.signal);
    } catch (thrown) {
      refuse(response, 400, -32600, messageOf(thrown));
      return;
    }
    if (request.method === "POST") this.#figures.lanes.sdk += 1;
    this.#sdk
      .fetch(asked)
      .then((answer) => writeWebResponse(answer, response))
      .catch((thrown: unknown) => answerFailure(response, thrown, writeError));
  }

  replace(next: McpServerTargets): Promise<void> {
    const old = this.#executor;
    this.#executor = executorOf(next);
    this.#guard = this.#guardOf(next.settings);
    this.#drainMs = next.settings.drain;
    this.#figures.reloads.done += 1;
    return old.empty().then(() => old.gateway.close());
  }

  notReplaced(): void {
    this.#figures.reloads.failed += 1;
  }

  async close(): Promise<void> {
    if (!this.#draining) {
      this.#draining = true;
      const until = performance.now() + this.#drainMs;
      const began = performance.now();
      while (
        performance.now() < until &&
        (this.#inFlight > 0 || performance.now() - began < Math.min(CLOSE_NOTICE_MS, this.#drainMs))
      )
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await this.#sdk.close();
    // Right after the event loop has read every socket none holds an unread call: closing then loses none.
    await new Promise((resolve) => setImmediate(resolve));
    const closed = new Promise((resolve) => this.server.close(resolve));
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, CLOSE_NOTICE_MS))]);
    this.server.closeAllConnections();
    await this.app.close();
    await this.#executor.gateway.close();
  }
}

function executorOf({ gateway, targets, settings, secrets }: McpServerTargets): ToolExecutor {
  return new ToolExecutor({
    gateway,
    described: targets.map((name) => gateway.describe(name)),
    tools: toolCatalog(gateway, targets, settings.expose),
    correlationHeader: settings.correlationHeader.toLowerCase(),
    secrets,
  });
}

function one(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function send(
  response: ServerResponse,
  status: number,
  json: string,
  headers: OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(json),
    ...headers,
  });
  response.end(json);
}

/** Answers with an error and closes the connection: the rest of the request, if any, is not read. */
function refuse(
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
  headers: OutgoingHttpHeaders = {},
): void {
  send(response, status, JSON.stringify(rpcError(code, message)), { ...headers, connection: "close" });
}

const writeError: WriteError = (response, status, message) =>
  send(response, status, JSON.stringify(rpcError(status >= 500 ? -32603 : -32001, message)));

function rpcError(code: number, message: string): object {
  return { jsonrpc: "2.0", error: { code, message }, id: null };
}
