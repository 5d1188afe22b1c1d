import { BlockList, isIP } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");
// The unspecified address leads to this machine (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.2).
loopback.addAddress("0.0.0.0", "ipv4");
loopback.addAddress("::", "ipv6");

/**
 * Private and benchmarking ranges. Sources: RFC 1918, RFC 2544, RFC 3879, RFC 4193, RFC 6598. Link-local addresses
 * (RFC 3927) are none of them: clouds answer there with credentials of the machine. IPv4 addresses mapped into IPv6 count as what they are (RFC 4291, section 2.5.5.2).
 */
const inside = new BlockList();
inside.addSubnet("10.0.0.0", 8, "ipv4");
inside.addSubnet("172.16.0.0", 12, "ipv4");
inside.addSubnet("192.168.0.0", 16, "ipv4");
inside.addSubnet("100.64.0.0", 10, "ipv4");
inside.addSubnet("198.18.0.0", 15, "ipv4");
inside.addSubnet("fc00::", 7, "ipv6");
inside.addSubnet("fec0::", 10, "ipv6");

/** A host without the brackets of IPv6, a zone and the dot of a fully qualified name. */
const bare = (host: string): string =>
  host
    .replace(/^\[|\]$/g, "")
    .replace(/%.*$/, "")
    .replace(/\.$/, "")
    .toLowerCase();

/** Whether a host is an IP address. */
export function isAddress(host: string): boolean {
  return isIP(bare(host)) !== 0;
}

function within(list: BlockList, host: string): boolean {
  const version = isIP(bare(host));
  return version !== 0 && list.check(bare(host), version === 6 ? "ipv6" : "ipv4");
}

/** Whether a URL's host name is this machine itself. */
export function isLoopback(host: string): boolean {
  const name = bare(host);
  return name === "localhost" || name.endsWith(".localhost") || within(loopback, host);
}

/**
 * Whether a host is private: a private address, a single-label name (a Compose service), or a name under `.internal`,
 * `.local`, `.test` or `.svc` (a Kubernetes Service).
 */
export function isPrivate(host: string): boolean {
  if (isAddress(host)) return within(inside, host);
  return !bare(host).includes(".") || /\.(?:internal|local|test|svc)$/.test(bare(host));
}
