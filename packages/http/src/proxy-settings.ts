import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";
import type { Environment } from "@ape/core/config/environment";
import { ApeError } from "@ape/core/lib/errors";
import { decodePercent } from "@ape/core/lib/percent";

/** A forward proxy. */
export interface ProxyAddress {
  /** Scheme, host and port. */
  origin: string;
  /** For the `proxy-authorization` field; undefined if the address names no user. */
  authorization: string | undefined;
}

/** Forward proxies, as the environment names them; the error of one that cannot be used is thrown where it would be. */
export interface ProxySettings {
  http?: ProxyAddress | ApeError;
  https?: ProxyAddress | ApeError;
  /** Entries of NO_PROXY, in lower case. */
  direct: readonly string[];
}

/**
 * Reads HTTP_PROXY, HTTPS_PROXY, ALL_PROXY (for what the other two leave out) and NO_PROXY, in upper or lower case, as
 * curl and Go's `httpproxy` package read them. An empty variable counts as unset. One that is no address of an HTTP proxy
 * matters only to what would go through it, see {@link proxyFor}.
 */
export function readProxySettings(environment: Environment): ProxySettings {
  const read = (name: string): [string, string] | undefined => {
    for (const variable of [name, name.toLowerCase()]) {
      const value = environment[variable]?.trim();
      if (value !== undefined && value !== "") return [variable, value];
    }
    return undefined;
  };
  const proxy = (name: string): ProxyAddress | ApeError | undefined => {
    const found = read(name) ?? read("ALL_PROXY");
    return found === undefined ? undefined : parseProxy(...found);
  };
  const http = proxy("HTTP_PROXY");
  const https = proxy("HTTPS_PROXY");
  const direct = (read("NO_PROXY")?.[1] ?? "")
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "");
  return { ...(http === undefined ? {} : { http }), ...(https === undefined ? {} : { https }), direct };
}

/** The value of a proxy variable: a URL, or `host:port` for an HTTP proxy. */
function parseProxy(variable: string, value: string): ProxyAddress | ApeError {
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    return invalidProxy(variable, "is no address of a proxy", cause);
  }
  // A quotation mark of the file that sets the variable, or a slash too few, would be read as part of a host.
  if (!/^(?:\[[\da-f:.]+\]|[\w.-]+)$/i.test(url.hostname) || /^https?:(?!\/\/)/i.test(value))
    return invalidProxy(variable, "is no address of a proxy");
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return invalidProxy(variable, `names a ${url.protocol.slice(0, -1)} proxy, which is not supported`);
  const { username, password } = url;
  const credentials = `${decodePercent(username)}:${decodePercent(password)}`;
  return {
    origin: url.origin,
    authorization:
      username === "" && password === ""
        ? undefined
        : `Basic ${Buffer.from(credentials, "utf8").toString("base64")}`,
  };
}

/** The value itself stays out of the message: it may hold a password. */
function invalidProxy(variable: string, problem: string, cause?: unknown): ApeError {
  return new ApeError("CONFIG_INVALID", `the environment variable ${variable} ${problem}`, {
    hint: `Write ${variable} as http://host:port, unset it, or name the host in NO_PROXY.`,
    cause,
  });
}

/**
 * The forward proxy for a URL, or undefined where it is reached directly: loopback always, and whatever NO_PROXY names:
 * a host with its subdomains, an address, a block of addresses (`10.0.0.0/8`), each with or without a port, or `*`.
 * @throws ApeError CONFIG_INVALID where the variable for it is no address of an HTTP proxy
 */
export function proxyFor(target: string | URL, settings: ProxySettings): ProxyAddress | undefined {
  const url = typeof target === "string" ? new URL(target) : target;
  const secure = url.protocol === "https:";
  const proxy = secure ? settings.https : settings.http;
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  const port = url.port === "" ? (secure ? "443" : "80") : url.port;
  if (host === "localhost" || host.endsWith(".localhost") || matchesAddress("127.0.0.0/8", host))
    return undefined;
  if (matchesAddress("::1", host)) return undefined;
  if (settings.direct.some((entry) => matchesEntry(entry, host, port))) return undefined;
  if (proxy instanceof ApeError) throw proxy;
  return proxy;
}

function matchesEntry(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  // `[::1]:80`, `[::1]`, `host:80`; a bare IPv6 address has more than one colon.
  const parts = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry) ?? /^([^:]*):(\d+)$/.exec(entry) ?? [entry, entry];
  const [, name = "", wanted] = parts;
  if (wanted !== undefined && Number(wanted) !== Number(port)) return false;
  if (isIP(name) !== 0 || name.includes("/")) return matchesAddress(name, host);
  const domain = domainToASCII(name.replace(/^\*?\./, "").replace(/\.$/, ""));
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

/** Whether a host is an address, and the one or within the block that is given. */
function matchesAddress(block: string, host: string): boolean {
  const version = isIP(host);
  if (version === 0) return false;
  const [address = "", bits] = block.split("/");
  const family = isIP(address);
  if (family === 0) return false;
  const list = new BlockList();
  const kind = family === 6 ? "ipv6" : "ipv4";
  const most = family === 6 ? 128 : 32;
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : most + 1;
  if (prefix > most) return false;
  list.addSubnet(address, prefix, kind);
  return list.check(host, version === 6 ? "ipv6" : "ipv4");
}
