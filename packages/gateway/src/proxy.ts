import { isLoopback } from "./address.ts";

/** Forward proxies, as in the environment variables of the same names. */
export interface ProxyAddresses {
  httpProxy?: string;
  httpsProxy?: string;
  /** Hosts and domains, comma separated, that are reached directly; `*` for all. */
  noProxy?: string;
}

/** The forward proxy for a URL, or undefined: loopback is always reached directly. */
export function proxyFor(
  url: string,
  { httpProxy, httpsProxy, noProxy }: ProxyAddresses,
): string | undefined {
  const { protocol, hostname } = new URL(url);
  const proxy = protocol === "https:" ? httpsProxy : httpProxy;
  if (proxy === undefined || proxy === "" || isLoopback(hostname)) return undefined;
  for (const entry of (noProxy ?? "").split(",").map((one) => one.trim().replace(/^\*?\./, "")))
    if (entry === "*" || (entry !== "" && (hostname === entry || hostname.endsWith(`.${entry}`))))
      return undefined;
  return proxy;
}
