import { type LookupAddress, lookup } from "node:dns";
import type { LookupFunction } from "node:net";

/** A restarted container may have another address, so addresses are cached for two seconds only. */
const BELIEVED_MS = 2_000;

/**
 * Finds the address of a host name once for all connections that ask within two seconds. Node asks the system once for each
 * connection, on four threads: hundreds of connections opened at once wait for one another for seconds.
 */
export function cachedDnsLookup(): LookupFunction {
  const known = new Map<string, { at: number; found: Promise<LookupAddress[]> }>();
  return (hostname, options, callback) => {
    const now = performance.now();
    let entry = known.get(hostname);
    if (entry === undefined || now - entry.at > BELIEVED_MS) {
      const found = new Promise<LookupAddress[]>((resolve, reject) => {
        lookup(hostname, { all: true }, (error, addresses) => {
          if (error === null) resolve(addresses);
          else reject(error);
        });
      });
      entry = { at: now, found };
      known.set(hostname, entry);
    }
    entry.found.then(
      (addresses) => {
        if (options.all === true) callback(null, addresses);
        else callback(null, addresses[0]?.address ?? "", addresses[0]?.family ?? 4);
      },
      (error: NodeJS.ErrnoException) => {
        known.delete(hostname);
        callback(error, "", 0);
      },
    );
  };
}
