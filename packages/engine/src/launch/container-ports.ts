import { ApeError } from "@ape/core/lib/errors";
import { freePort } from "../host/free-port.ts";

/** Ports of loopback at which the engine reaches its own containers. */
export interface ContainerPorts {
  nats: number;
  gateway: number;
}

/** What the container engines say of a port that another program has. */
export const PORT_TAKEN =
  /port is already allocated|address already in use|ports are not available|failed to bind host port/i;
const MOST_ATTEMPTS = 3;

/**
 * Starts containers with free ports. A port cannot be reserved for a container: if another program took one of them
 * meanwhile, others are chosen, in three attempts at most.
 * @param start throws CONTAINERS_FAILED with the container engine's message in its details
 * @param draw returns a port that is free
 * @throws what the last attempt threw, or at once any error of another cause
 */
export async function startOnFreePorts(
  start: (ports: ContainerPorts) => Promise<void>,
  draw: () => Promise<number> = freePort,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const ports = { nats: await draw(), gateway: await draw() };
    try {
      await start(ports);
      return;
    } catch (thrown) {
      if (attempt === MOST_ATTEMPTS || !isTaken(thrown, ports)) throw thrown;
    }
  }
}

function isTaken(thrown: unknown, { nats, gateway }: ContainerPorts): boolean {
  const own = new RegExp(`:(?:${nats}|${gateway})\\b`);
  return thrown instanceof ApeError && thrown.details.some((line) => PORT_TAKEN.test(line) && own.test(line));
}
