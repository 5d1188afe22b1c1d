import { type LookupAddress, lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import type { TargetConfig } from "@ape/core/config/target";
import { ApeError } from "@ape/core/lib/errors";
import { isAddress, isLoopback, isPrivate } from "@ape/http/address";

/** Finds every address of a host name. @throws the system's error if it has none */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

/** A name that does not resolve within this time is judged by its form; each connection is checked again. */
const RESOLVE_MS = 3_000;

export const resolveHost: Resolve = (host) =>
  new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });

/** Beginning of the message of a {@link PublicAddressError}. */
export const NOT_CONNECTED = "not connected: ";

/**
 * A connection that was not opened, because the name has only public addresses and the user has not authorized them.
 */
export class PublicAddressError extends Error {
  readonly code = "APE_PUBLIC_ADDRESS";
}

const isInside = (address: string): boolean => isLoopback(address) || isPrivate(address);
const hintFor = (name: string): string => `If you may load-test it, say so: targets.${name}.authorized: true`;

/**
 * Refuses a target whose name resolves to neither loopback nor private addresses; a name that does not resolve is
 * judged by its form.
 * @throws ApeError TARGET_NOT_AUTHORIZED
 */
export async function requireAuthorized(
  name: string,
  { baseUrl, authorized }: Pick<TargetConfig, "baseUrl" | "authorized">,
  resolve: Resolve,
): Promise<void> {
  if (baseUrl === "" || authorized) return;
  const { hostname } = new URL(baseUrl);
  const refuse = (what: string): never => {
    throw new ApeError("TARGET_NOT_AUTHORIZED", `target "${name}": ${what}`, { hint: hintFor(name) });
  };
  if (isAddress(hostname)) {
    if (!isInside(hostname)) refuse(`${hostname} is neither loopback nor private`);
    return;
  }
  const addresses = await addressesOf(hostname, resolve);
  if (addresses.length === 0) {
    if (!isInside(hostname)) refuse(`${hostname} is neither loopback nor private`);
  } else if (!addresses.some(({ address }) => isInside(address)))
    refuse(`${hostname} resolves to ${addresses[0]?.address}, which is neither loopback nor private`);
}

/** The addresses of a name; none if it does not resolve in time. */
async function addressesOf(host: string, resolve: Resolve): Promise<LookupAddress[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<LookupAddress[]>((done) => {
    timer = setTimeout(done, RESOLVE_MS, []);
  });
  const found = await Promise.race([resolve(host).catch(() => []), late]);
  clearTimeout(timer);
  return found;
}

/**
 * The lookup of a target's connections: returns only loopback and private addresses, which prevents DNS rebinding.
 * Undefined if nothing has to be checked.
 */
export function lookupFor(
  name: string,
  { baseUrl, authorized }: Pick<TargetConfig, "baseUrl" | "authorized">,
  resolve: Resolve,
): LookupFunction | undefined {
  if (baseUrl === "" || authorized || isAddress(new URL(baseUrl).hostname)) return undefined;
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const { family } = options;
        const wanted = addresses.filter((one) => (family !== 4 && family !== 6) || one.family === family);
        const inside = wanted.filter(({ address }) => isInside(address));
        const [first] = inside;
        if (first === undefined)
          callback(
            new PublicAddressError(
              `${NOT_CONNECTED}${host} resolves to ${wanted[0]?.address ?? "no address"}, which is neither loopback nor private. ${hintFor(name)}`,
            ),
            "",
            0,
          );
        else if (options.all === true) callback(null, inside);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, "", 0),
    );
  };
}
