import { BlockList, isIP } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Private and link-local ranges. Sources: RFC 1918, RFC 3927, RFC 4193, RFC 4291 section 2.5.6, RFC 6598. */
const inside = new BlockList();
inside.addSubnet("10.0.0.0", 8, "ipv4");
inside.addSubnet("172.16.0.0", 12, "ipv4");
inside.addSubnet("192.168.0.0", 16, "ipv4");
inside.addSubnet("169.254.0.0", 16, "ipv4");
inside.addSubnet("100.64.0.0", 10, "ipv4");
inside.addSubnet("fc00::", 7, "ipv6");
inside.addSubnet("fe80::", 10, "ipv6");

const bare = (host: string): string => host.replace(/^\[|\]$/g, "");
const within = (list: BlockList, host: string): boolean => {
  const version = isIP(bare(host));
  return version !== 0 && list.check(bare(host), version === 6 ? "ipv6" : "ipv4");
};

/** Whether a URL's host name is this machine itself. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || within(loopback, host);
}

/** Whether a host is private: a private address, a single-label name (a Compose service), or a name under `.internal`, `.local` or `.test`. */
export function isPrivate(host: string): boolean {
  if (isIP(bare(host)) !== 0) return within(inside, host);
  return !host.includes(".") || /\.(?:internal|local|test)$/.test(host);
}
