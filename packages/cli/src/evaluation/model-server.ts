import { connect } from "node:net";
import { ApeError, messageOf } from "@ape/core/lib/errors";

const CONNECT_MS = 5_000;
/** Failures that the first call would have too; others, such as a timeout, may be a proxy's or pass. */
const FINAL: ReadonlySet<string> = new Set(["ECONNREFUSED", "ENOTFOUND"]);

/**
 * Opens one connection to a model's server, so that an address without one is reported at once, not after every call's tries.
 * @param proxied whether requests go through a proxy: then the server need not be reachable from here
 * @throws ApeError MODEL_UNUSABLE
 */
export async function requireModelServer(baseUrl: string, proxied: boolean): Promise<void> {
  if (proxied || !URL.canParse(baseUrl)) return;
  const { hostname, port, protocol } = new URL(baseUrl);
  const host = hostname.replace(/^\[|\]$/g, "");
  const usual = protocol === "https:" ? 443 : 80;
  const error = await new Promise<Error | undefined>((resolve) => {
    const socket = connect({ host, port: port === "" ? usual : Number(port), timeout: CONNECT_MS });
    const end = (failure?: Error): void => {
      socket.destroy();
      resolve(failure);
    };
    socket
      .once("connect", () => end())
      .once("timeout", () => end())
      .once("error", end);
  });
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  if (error === undefined || !FINAL.has(code)) return;
  throw new ApeError("MODEL_UNUSABLE", `no model answers at ${baseUrl}: ${messageOf(error) || code}`, {
    hint: "Start the server, or correct `--base-url` or `inference.baseUrl`; `ape-test doctor --model` tries one call.",
  });
}
