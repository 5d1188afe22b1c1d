import { randomBytes } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { ApeError } from "@ape/core/lib/errors";
import { jsonWithVisibleDirection } from "@ape/core/report/writing-direction";
import { closeServer, createHttpServer, listen } from "@ape/http/server/http-server";
import { RequestGuard } from "@ape/http/server/request-guard";
import { queryOf } from "@ape/http/server/request-target";
import { contentSecurityPolicy, type PageAssets, pageHtml } from "../report/page-html.ts";

/** What a page server can be asked for; rejections with an ApeError are shown on the page. */
export interface PageSource {
  folder(): Promise<object>;
  /** Undefined while a run is live: its data comes through {@link follow}. */
  run?(id: string): Promise<object>;
  compare?(a: string, b: string): Promise<object>;
  /** Sends a live run to a reader until it leaves. */
  follow?(response: ServerResponse): void;
  scale?(agents: number): void;
  stop?(force: boolean): void;
}

const AGENTS = /^\d{1,9}$/;

/**
 * Serves the page on loopback. The page itself is public and holds no data; all data and commands need the token, which
 * is in the fragment of the address and so in no log and no `Referer`.
 */
export class PageServer {
  /** The address with the token. */
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /**
   * @param port 0 takes any free port
   * @throws ApeError PORT_IN_USE
   */
  static async open(assets: PageAssets, source: PageSource, port = 0): Promise<PageServer> {
    const token = randomBytes(24).toString("base64url");
    const guard = new RequestGuard({
      token,
      hints: {
        host: "use 127.0.0.1 or localhost, through a tunnel from another machine",
        origin:
          "open the address that `ape-test status` or `ape-test page` prints, which only this computer's own pages may use",
        token: `it is the end of the page's address, #token=..., which ${source.follow === undefined ? "`ape-test page` prints each time that it starts" : "`ape-test status` prints"}`,
      },
    });
    const html = pageHtml(assets, { mode: "served" });
    const policy = `${contentSecurityPolicy(assets, "served")}; frame-ancestors 'none'`;
    const server = createHttpServer({
      guard: () => guard,
      publicPaths: ["/"],
      handle: (request, response, path) => {
        request.resume();
        response.setHeader("x-content-type-options", "nosniff");
        response.setHeader("cache-control", "no-store");
        if (path !== "/") return answer(source, request, response, path);
        if (request.method !== "GET" && request.method !== "HEAD") {
          refuseMethod(response, path, "GET");
          return;
        }
        response
          .writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy })
          .end(request.method === "HEAD" ? undefined : html);
      },
    });
    const hint = "Choose another with --port.";
    const origin = await listen(server, { host: "127.0.0.1", port, hint });
    return new PageServer(server, `${origin}/#token=${token}`);
  }

  close(): Promise<void> {
    return closeServer(this.#server);
  }
}

async function answer(
  source: PageSource,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const isCommand = path === "/api/scale" || path === "/api/stop";
  if (request.method !== (isCommand ? "POST" : "GET")) {
    refuseMethod(response, path, isCommand ? "POST" : "GET");
    return;
  }
  const query = queryOf(request);
  if (path === "/api/events" && source.follow !== undefined) {
    source.follow(response);
    return;
  }
  if (isCommand) {
    command(source, path, query, response);
    return;
  }
  try {
    const found = await read(source, path, query);
    if (found === undefined) sendJson(response, 404, { error: `there is nothing at ${path}` });
    else sendJson(response, 200, found);
  } catch (thrown) {
    if (!(thrown instanceof ApeError)) throw thrown;
    const { code, message, hint } = thrown;
    sendJson(response, code === "RUN_NOT_FOUND" ? 404 : 422, {
      error: message,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

async function read(source: PageSource, path: string, query: URLSearchParams): Promise<object | undefined> {
  if (path === "/api/folder") return source.folder();
  if (path === "/api/compare") return source.compare?.(query.get("a") ?? "", query.get("b") ?? "");
  const id = /^\/api\/runs\/([\w-]+)$/.exec(path)?.[1];
  return id === undefined ? undefined : source.run?.(id);
}

function command(source: PageSource, path: string, query: URLSearchParams, response: ServerResponse): void {
  if (path === "/api/stop" && source.stop !== undefined) source.stop(query.get("force") === "true");
  else if (path === "/api/scale" && source.scale !== undefined) {
    const agents = query.get("agents") ?? "";
    if (!AGENTS.test(agents)) {
      sendJson(response, 400, { error: "agents must be a whole number" });
      return;
    }
    source.scale(Number(agents));
  } else {
    sendJson(response, 404, { error: "no run is running in this server" });
    return;
  }
  sendJson(response, 202, {});
}

function refuseMethod(response: ServerResponse, path: string, allowed: string): void {
  response.setHeader("allow", allowed);
  sendJson(response, 405, { error: `${path} takes ${allowed} only` });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(jsonWithVisibleDirection(body));
}
