import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A TCP proxy on loopback whose connections can be cut, as a network that fails. */
export class CuttableProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #state: { isCut: boolean };

  private constructor(server: Server, sockets: Set<Socket>, state: { isCut: boolean }) {
    this.#server = server;
    this.#sockets = sockets;
    this.#state = state;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @param port on loopback that connections are passed to */
  static async open(port: number): Promise<CuttableProxy> {
    const sockets = new Set<Socket>();
    const state = { isCut: false };
    const server = createServer((socket) => {
      if (state.isCut) {
        socket.destroy();
        return;
      }
      const upstream = connect(port, "127.0.0.1");
      for (const [one, other] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        sockets.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new CuttableProxy(server, sockets, state);
  }

  /** Cuts every connection and refuses new ones until {@link restore}. */
  cut(): void {
    this.#state.isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  restore(): void {
    this.#state.isCut = false;
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
