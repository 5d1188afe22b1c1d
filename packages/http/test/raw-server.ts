import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** For tests: a server that says exactly the bytes that it is told to. */
export class RawServer {
  /** What each connection has received so far. */
  readonly received: string[] = [];
  readonly sockets: Socket[] = [];
  readonly #server: Server;

  /** @param talk is called with each new connection, and with each request's number on it */
  static async open(
    talk: (socket: Socket, request: number, connection: number) => void,
    host = "127.0.0.1",
  ): Promise<RawServer> {
    const server = new RawServer(talk);
    server.#server.listen(0, host);
    await once(server.#server, "listening");
    return server;
  }

  private constructor(talk: (socket: Socket, request: number, connection: number) => void) {
    this.#server = createServer((socket) => {
      const connection = this.sockets.push(socket) - 1;
      let requests = 0;
      this.received.push("");
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("data", (bytes) => {
        const text = bytes.toString("latin1");
        this.received[connection] += text;
        for (const _ of text.matchAll(/ HTTP\/1\.1\r\n/g)) {
          talk(socket, requests, connection);
          requests += 1;
        }
      });
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
