import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { bodyOf, listenOnLoopback } from "./loopback.ts";
import { type Renaming, renamedDocument } from "./renaming.ts";

export interface RenamedServer {
  readonly url: string;
  readonly renaming: Renaming;
  close(): Promise<void>;
}

/** Headers of one connection (RFC 9110, section 7.6.1), and those that depend on the body. */
const NOT_PASSED = [
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "host",
  "accept-encoding",
];

function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_PASSED.includes(name)));
}

/**
 * Renames a server's API: a loopback server that translates in both directions and passes everything else on (headers
 * with `traceparent` and cookies, statuses, bodies that are no JSON). `/openapi.json` is the renamed document.
 */
export async function startRenamed(options: {
  upstreamUrl: string;
  document: Record<string, unknown>;
  seed: number;
}): Promise<RenamedServer> {
  const renaming = renamedDocument(options.document, options.seed);
  const agent = new Agent({ keepAlive: true });

  const ask = (
    method: string,
    path: string,
    headers: IncomingHttpHeaders,
    body: string,
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const length = body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) };
      const outgoing = request(options.upstreamUrl + path, {
        agent,
        method,
        headers: { ...passedOn(headers), ...length },
      });
      outgoing.once("response", resolve).once("error", reject).end(body);
    });

  const { url, close } = await listenOnLoopback(async (incoming, outgoing) => {
    if (incoming.method === "GET" && incoming.url === "/openapi.json") {
      outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(renaming.document));
      return;
    }
    const named = { path: incoming.url ?? "/", body: await bodyOf(incoming) };
    const { path, body } = renaming.request(named);
    try {
      const answer = await ask(incoming.method ?? "GET", path, incoming.headers, body);
      const text = await bodyOf(answer);
      const isJson = (answer.headers["content-type"] ?? "").startsWith("application/json");
      outgoing
        .writeHead(answer.statusCode ?? 502, passedOn(answer.headers))
        .end(isJson ? renaming.response(text) : text);
    } catch {
      outgoing.writeHead(502).end();
    }
  });
  return {
    url,
    renaming,
    close: async () => {
      await close();
      agent.destroy();
    },
  };
}
