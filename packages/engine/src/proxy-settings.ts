import type { Environment } from "@ape/core/config/environment";

/** Forward proxies, as curl and Go read them from the environment. */
export interface ProxySettings {
  httpProxy?: string;
  httpsProxy?: string;
  noProxy?: string;
}

/** Reads HTTP_PROXY, HTTPS_PROXY and NO_PROXY, upper or lower case. */
export function proxySettings(environment: Environment): ProxySettings {
  const settings: ProxySettings = {};
  const read = (name: string): string | undefined => environment[name] ?? environment[name.toLowerCase()];
  const httpProxy = read("HTTP_PROXY");
  const httpsProxy = read("HTTPS_PROXY");
  const noProxy = read("NO_PROXY");
  if (httpProxy !== undefined) settings.httpProxy = httpProxy;
  if (httpsProxy !== undefined) settings.httpsProxy = httpsProxy;
  if (noProxy !== undefined) settings.noProxy = noProxy;
  return settings;
}
