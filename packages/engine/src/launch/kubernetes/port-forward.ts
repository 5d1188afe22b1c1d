import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { WebSocket } from "undici";
import type { KubeApi } from "./kube-api.ts";

/** Subprotocol with one byte of channel before each message: 0 is data, 1 errors, of the first port. */
const PROTOCOL = "v4.channel.k8s.io";

/** A port of this machine that leads to one of a pod. */
export interface PortForward {
  port: number;
  close(): Promise<void>;
}

/**
 * Forwards connections to a port of loopback to a port of a pod, over the API of the cluster. A connection ends with its pod.
 * @param pod its name, or what finds it for each connection
 */
export async function forwardPort(
  api: KubeApi,
  pod: string | (() => Promise<string>),
  port: number,
): Promise<PortForward> {
  const find = typeof pod === "string" ? async () => pod : pod;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    // What comes before there is a way waits.
    socket.pause();
    find()
      .then((name) => connect(api, { pod: name, port }, socket))
      .catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Joins a socket with a port of a pod. */
async function connect(
  api: KubeApi,
  { pod, port }: { pod: string; port: number },
  socket: Socket,
): Promise<void> {
  const { url, dispatcher, headers } = await api.upgrade(pod, `portforward?ports=${port}`);
  const remote = new WebSocket(url, { protocols: [PROTOCOL], dispatcher, headers });
  remote.binaryType = "arraybuffer";
  /** The first message of each channel repeats the port. */
  const begun = new Set<number>();
  remote.addEventListener("message", ({ data }) => {
    const bytes = Buffer.from(data as ArrayBuffer);
    const channel = bytes[0] ?? 0;
    if (!begun.has(channel)) begun.add(channel);
    else if (channel === 0) socket.write(bytes.subarray(1));
    else socket.destroy(new ApeError("CONTAINERS_FAILED", bytes.subarray(1).toString("utf8")));
  });
  remote.addEventListener("close", () => socket.destroy());
  remote.addEventListener("error", ({ message }) =>
    socket.destroy(new ApeError("CONTAINERS_FAILED", `no way to ${pod}: ${messageOf(message)}`)),
  );
  await new Promise((resolve) => remote.addEventListener("open", resolve));
  socket.on("data", (chunk: Buffer) => remote.send(Buffer.concat([Buffer.of(0), chunk])));
  socket.once("close", () => remote.close());
  socket.resume();
}
