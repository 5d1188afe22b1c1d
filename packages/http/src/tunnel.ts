import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ProxyAddress } from "./proxy-settings.ts";

/** Longest answer to a CONNECT, in bytes. */
const MAX_ANSWER_BYTES = 16_384;

/** A forward proxy that opened no tunnel: the origin behind it has nothing to do with it. */
export class TunnelError extends Error {
  readonly code = "ERR_PROXY_TUNNEL";
}

/**
 * Opens a tunnel through a forward proxy (RFC 9110, section 9.3.6).
 * @param authority host and port of the origin
 * @param opened is called once, when the socket belongs to the origin; else the socket ends with a {@link TunnelError}
 */
export function openTunnel(
  { origin, authorization }: ProxyAddress,
  authority: string,
  opened: () => void,
): Socket {
  const { protocol, hostname, port } = new URL(origin);
  const secure = protocol === "https:";
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const address = { host, port: port === "" ? (secure ? 443 : 80) : Number(port) };
  const socket = secure
    ? connectTls({ ...address, servername: host, ALPNProtocols: ["http/1.1"] })
    : connect({ ...address, noDelay: true });
  const credentials = authorization === undefined ? "" : `proxy-authorization: ${authorization}\r\n`;
  socket.once(secure ? "secureConnect" : "connect", () => {
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${credentials}\r\n`, "latin1");
  });
  let answer = "";
  const read = (bytes: Buffer): void => {
    answer += bytes.toString("latin1");
    const end = answer.indexOf("\r\n\r\n");
    if (end === -1) {
      if (answer.length > MAX_ANSWER_BYTES)
        socket.destroy(new TunnelError(`${origin} answers without an end`));
      return;
    }
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1];
    if (status === undefined || !status.startsWith("2")) {
      const line = answer.slice(0, answer.indexOf("\r\n")).slice(0, 100);
      socket.destroy(new TunnelError(`${origin} answered "${line}"`));
      return;
    }
    socket.off("data", read);
    socket.pause();
    // The bytes that follow belong to the origin.
    if (answer.length > end + 4) socket.unshift(Buffer.from(answer.slice(end + 4), "latin1"));
    opened();
  };
  socket.on("data", read);
  return socket;
}
