import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { type RequestGuard, refuseMediaType } from "./request-guard.ts";
import { readRequestTarget } from "./request-target.ts";

/** Time limits of a server, in milliseconds. */
export interface ServerLimits {
  /** From a connection's first byte of a request to the end of its head. */
  head: number;
  /** To the end of its body. */
  request: number;
  /** How often both are checked. */
  check: number;
  /** How long a connection may be idle between two requests. */
  idle: number;
}

const SERVER_LIMITS: ServerLimits = { head: 15_000, request: 60_000, check: 5_000, idle: 65_000 };

export interface HttpServerOptions {
  /** The current guard; read for each request, since a reload may replace it. */
  guard: () => RequestGuard;
  /** Paths that need no token. */
  publicPaths?: readonly string[];
  /**
   * Answers a request whose target and headers have been checked. If it throws or rejects, the answer is a 500.
   * @param path the path of `request.url`, still percent-encoded
   */
  handle: (request: IncomingMessage, response: ServerResponse, path: string) => void | Promise<void>;
  /** Writes an error in the words of the server's protocol; `{"error": message}` if omitted. */
  writeError?: WriteError;
  limits?: Partial<ServerLimits>;
}

/** Writes a whole error answer; headers such as `connection` may be set already. */
export type WriteError = (response: ServerResponse, status: number, message: string) => void;

/**
 * Creates an HTTP server that no request can bring down: targets, `Host`, `Origin`, token and media type are checked
 * before the handler is called, heads and bodies have time limits, and what a handler throws is answered with a 500.
 */
export function createHttpServer(options: HttpServerOptions): Server {
  const limits = { ...SERVER_LIMITS, ...options.limits };
  const publicPaths = new Set(options.publicPaths);
  const { guard, handle, writeError = writeJsonError } = options;
  const server = createServer(
    {
      headersTimeout: limits.head,
      requestTimeout: limits.request,
      connectionsCheckingInterval: limits.check,
      keepAliveTimeout: limits.idle,
    },
    (request, response) => {
      response.on("error", ignore);
      try {
        const path = readRequestTarget(request);
        if (path === undefined) {
          refuse(request, response, 400, "the request target must be a path", writeError);
          return;
        }
        const rules = guard();
        const preflight = rules.preflightHeaders(request.method, request.headers);
        if (preflight !== undefined && rules.refuse(request.headers, true) === undefined) {
          response.writeHead(204, preflight).end();
          return;
        }
        const cors = rules.corsHeaders(request.headers);
        for (const name in cors) response.setHeader(name, cors[name] as string);
        const refusal =
          rules.refuse(request.headers, publicPaths.has(path)) ??
          (request.method === "POST" ? refuseMediaType(request.headers) : undefined);
        if (refusal !== undefined) {
          refuse(request, response, refusal.status, refusal.message, writeError);
          return;
        }
        const handled = handle(request, response, path);
        if (handled !== undefined)
          handled.catch((thrown: unknown) => answerFailure(response, thrown, writeError));
      } catch (thrown) {
        answerFailure(response, thrown, writeError);
      }
    },
  );
  server.on("clientError", answerMalformed);
  server.on("connect", (_request, socket: Socket) => answerRaw(socket, 405, "this server is no proxy"));
  // Such as a connection that cannot be accepted because the process has no file descriptor left.
  server.on("error", ignore);
  return server;
}

/**
 * Answers a request whose handler failed with a 500. An answer that has begun is cut off, so that no caller takes it for
 * a complete one. Never throws.
 */
export function answerFailure(
  response: ServerResponse,
  thrown: unknown,
  writeError: WriteError = writeJsonError,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  try {
    for (const name of response.getHeaderNames())
      if (!/^(?:access-control-|vary$)/.test(name)) response.removeHeader(name);
    response.setHeader("connection", "close");
    writeError(response, 500, messageOf(thrown));
  } catch {
    response.destroy();
  }
}

/** Writes `{"error": message}`. */
const writeJsonError: WriteError = (response, status, message) => {
  const body = JSON.stringify({ error: message });
  response
    .writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
    .end(body);
};

/** Answers with an error without reading the body: the connection is closed if there is one. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  message: string,
  writeError: WriteError,
): void {
  const { "content-length": length = "0", "transfer-encoding": coding } = request.headers;
  if (coding !== undefined || length !== "0") response.setHeader("connection", "close");
  writeError(response, status, message);
}

const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

function answerMalformed(
  error: NodeJS.ErrnoException,
  socket: Socket & { _httpMessage?: ServerResponse | null },
): void {
  // Bytes of another answer would mix with those of one that has begun.
  if (!socket.writable || error.code === "ECONNRESET" || socket._httpMessage?.headersSent === true)
    socket.destroy();
  else answerRaw(socket, STATUS_OF[error.code ?? ""] ?? 400, "the request is not well-formed HTTP");
}

function answerRaw(socket: Socket, status: number, message: string): void {
  socket.on("error", ignore);
  const body = JSON.stringify({ error: message });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

const ignore = (): void => undefined;

/**
 * Starts listening.
 * @param port 0 takes any free port
 * @param hint the next step if the port is taken
 * @returns the origin, such as `http://127.0.0.1:4020`
 * @throws ApeError PORT_IN_USE
 */
export async function listen(
  server: Server,
  { host, port, hint }: { host: string; port: number; hint: string },
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void =>
      reject(
        cause.code === "EADDRINUSE"
          ? new ApeError("PORT_IN_USE", `Port ${port} of ${host} is taken by another program.`, {
              hint,
              cause,
            })
          : cause,
      );
    server.once("error", failed);
    server.listen(port, host, 4096, () => {
      server.off("error", failed);
      resolve();
    });
  });
  const { address, family, port: bound } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`;
}

/** Closes a server and cuts off its connections. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
