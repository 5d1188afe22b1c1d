import type { LookupFunction } from "node:net";
import type { TargetConfig } from "@ape/core/config/target";
import type { Clock } from "@ape/core/lib/clock";
import { ApeError } from "@ape/core/lib/errors";
import type { TransportError } from "@ape/core/protocol/tool-call";
import { SocketOpener, type TlsOptions } from "@ape/http/socket";
import { NOT_CONNECTED } from "../authorization.ts";
import { toTransportError } from "../http-exchange.ts";

/** How a connection to a target is opened. */
export interface ConnectOptions {
  /** Scheme, host and port. */
  origin: string;
  timeouts: TargetConfig["timeouts"];
  tls: TlsOptions;
  clock: Clock;
  lookup?: LookupFunction;
}

/** Opens a connection and closes it; returns why it could not be opened. */
export function tryConnection({
  origin,
  timeouts,
  tls,
  clock,
  lookup,
}: ConnectOptions): Promise<TransportError | undefined> {
  const opener = new SocketOpener(new URL(origin), {
    tls,
    timeoutMs: timeouts.connect,
    clock,
    ...(lookup === undefined ? {} : { lookup }),
  });
  const limits = {
    origin,
    connectMs: timeouts.connect,
    firstByteMs: timeouts.firstByte,
    totalMs: timeouts.total,
  };
  return new Promise((resolve) => {
    const socket = opener.open({
      open: () => socket.destroy(),
      replaced: () => {},
      bytes: () => {},
      finished: () => {},
      closed: (error) => resolve(error === undefined ? undefined : toTransportError(error, limits, false)),
    });
  });
}

/**
 * Throws if an error shows that a target cannot be reached at all.
 * @param url the target's base URL without its credentials
 * @throws ApeError TARGET_UNREACHABLE if it is refused, does not resolve or is not trusted; TARGET_NOT_AUTHORIZED
 */
export function requireReachable(
  error: TransportError | undefined,
  name: string,
  url: string,
  isProxied: boolean,
): void {
  const target = `target "${name}"`;
  if (error?.code === "gateway" && error.message.startsWith(NOT_CONNECTED))
    throw new ApeError("TARGET_NOT_AUTHORIZED", `${target}: ${error.message}`);
  if (error?.code === "gateway" && isProxied)
    throw new ApeError("TARGET_UNREACHABLE", `${target}: ${error.message}`, {
      hint: "Correct HTTP_PROXY or HTTPS_PROXY, or name the target's host in NO_PROXY.",
    });
  if (error === undefined || !["refused", "dns", "tls", "timeout"].includes(error.code)) return;
  if (error.code === "timeout" && !error.message.includes("no connection")) return;
  if (error.code === "tls")
    throw new ApeError("TARGET_UNREACHABLE", `${target}: ${error.message}`, {
      hint: tlsHint(error.message, name),
    });
  throw new ApeError("TARGET_UNREACHABLE", `${target}: ${error.message}`, {
    hint: `Is it running? Try \`curl -i ${url}/\`, or correct targets.${name}.baseUrl.`,
  });
}

/** The hint for a failed TLS connection, by the message of OpenSSL or Node. */
function tlsHint(message: string, target: string): string {
  if (/wrong version number|packet length too long|unknown protocol|http request/i.test(message))
    return `No TLS is spoken there: write http:// in targets.${target}.baseUrl, or the port of https.`;
  if (/altname|hostname|does not match/i.test(message))
    return `The certificate is for another name: write that name in targets.${target}.baseUrl.`;
  if (/expired|not yet valid/i.test(message))
    return "Renew the certificate, or correct this machine's clock.";
  return `Name the PEM file of the authority that signed the certificate in targets.${target}.tls.ca.`;
}
