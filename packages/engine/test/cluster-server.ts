import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeApi, type KubeObject } from "../src/launch/kubernetes/kube-api.ts";
import type { RetryOptions } from "../src/launch/kubernetes/kube-requests.ts";

/** A request that a {@link ClusterServer} has got. */
export interface ClusterRequest {
  method: string;
  path: string;
  type: string | undefined;
  authorization: string | undefined;
  body: unknown;
}

/** An answer in place of the server's own. */
export type ClusterAnswer = { status: number; body: object | string };

/**
 * The API of a cluster in memory: keeps objects by their path, and merges patches at the first level of `spec` and `data`.
 * What a test wants otherwise, `answer` gives.
 */
export class ClusterServer {
  readonly objects = new Map<string, KubeObject>();
  readonly requests: ClusterRequest[] = [];
  answer: (request: ClusterRequest) => ClusterAnswer | undefined = () => undefined;
  readonly #server: Server;
  #uids = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<ClusterServer> {
    const server = createServer();
    const cluster = new ClusterServer(server);
    server.on("request", (incoming, outgoing) => {
      let text = "";
      incoming.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
      });
      incoming.on("end", () => {
        const request: ClusterRequest = {
          method: incoming.method ?? "",
          path: incoming.url ?? "",
          type: incoming.headers["content-type"],
          authorization: incoming.headers.authorization,
          body: text === "" ? undefined : (JSON.parse(text) as unknown),
        };
        cluster.requests.push(request);
        const { status, body } = cluster.answer(request) ?? cluster.#own(request);
        outgoing.writeHead(status);
        outgoing.end(typeof body === "string" ? body : JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return cluster;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A client of it, with the namespace `team`. */
  client(patience: RetryOptions = {}): KubeApi {
    const access = { server: this.url, namespace: "team", authorization: async () => "Bearer t" };
    return new KubeApi(access, patience);
  }

  /** Puts an object into it. */
  add(plural: string, object: KubeObject, path = "api/v1"): void {
    this.objects.set(`/${path}/namespaces/team/${plural}/${object.metadata.name}`, object);
  }

  /** Kinds and names of the objects in it. */
  get names(): string[] {
    return [...this.objects.keys()].map((path) => path.split("/").slice(-2).join("/"));
  }

  #own({ method, path, body }: ClusterRequest): ClusterAnswer {
    const [place = "", query = ""] = path.split("?");
    const found = this.objects.get(place);
    if (method === "GET" && found === undefined && query.startsWith("labelSelector")) {
      const wanted = decodeURIComponent(query.slice("labelSelector=".length)).split(",");
      const items = [...this.objects]
        .filter(([key]) => key.startsWith(`${place}/`) && !key.slice(place.length + 1).includes("/"))
        .map(([, object]) => object)
        .filter(({ metadata: { labels = {} } }) =>
          wanted.every((one) => labels[one.split("=")[0] ?? ""] === one.split("=")[1]),
        );
      return { status: 200, body: { items } };
    }
    if (method === "PATCH" && query.includes("force=true")) {
      const object = body as KubeObject;
      this.#uids += 1;
      const kept = { ...object, metadata: { uid: `uid-${this.#uids}`, ...object.metadata } };
      this.objects.set(place, kept);
      return { status: 200, body: kept };
    }
    if (found === undefined) return { status: 404, body: { message: `${place} not found` } };
    if (method === "DELETE") this.objects.delete(place);
    if (method === "PATCH")
      for (const [key, value] of Object.entries(body as Record<string, object>))
        found[key] = { ...(found[key] as object), ...value };
    return { status: 200, body: found };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
