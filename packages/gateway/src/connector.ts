import type { Clock } from "@ape/core/clock";
import { buildConnector } from "undici";

/** How long a new connection took, in milliseconds. */
export interface ConnectionTiming {
  dns: number;
  connect: number;
  tls: number;
}

/**
 * Opens connections and keeps what each took until the first request that it serves asks: a pool starts that request
 * as soon as its connection stands.
 */
export class TimedConnector {
  readonly connect: buildConnector.connector;
  readonly #fresh: ConnectionTiming[] = [];

  constructor(clock: Clock, options: buildConnector.BuildOptions) {
    const open = buildConnector(options);
    this.connect = (target, callback) => {
      const began = clock.now();
      let resolved = began;
      let connected = began;
      const socket = open(target, (...result) => {
        if (result[0] === null) {
          const secured = clock.now();
          const tls = target.protocol === "https:";
          this.#fresh.push({
            dns: resolved - began,
            connect: (tls ? connected : secured) - resolved,
            tls: tls ? secured - connected : 0,
          });
        }
        callback(...result);
      }) as unknown as NodeJS.EventEmitter | undefined;
      socket?.once("lookup", () => {
        resolved = clock.now();
        connected = resolved;
      });
      socket?.once("connect", () => {
        connected = clock.now();
      });
    };
  }

  /** The oldest connection that no request has been credited with. */
  take(): ConnectionTiming | undefined {
    return this.#fresh.shift();
  }
}
