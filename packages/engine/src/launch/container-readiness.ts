import { ApeError, messageOf } from "@ape/core/lib/errors";
import { systemClock as clock } from "../host/clock.ts";
import type { ContainerState, DockerCompose } from "./docker.ts";

/** Restarts of a role after which it counts as unable to start. */
const MOST_RESTARTS = 2;
const LOOK_MS = 500;
/** How long containers may take to become ready. */
export const READY_MS = 120_000;

/** Waits for the containers of a stack to become ready, and explains why they are not. */
export class ContainerReadiness {
  readonly #stack: DockerCompose;
  readonly #tell: ((line: string) => void) | undefined;

  /** @param tell called when a service's state changes: `nats: healthy` */
  constructor(stack: DockerCompose, tell: ((line: string) => void) | undefined) {
    this.#stack = stack;
    this.#tell = tell;
  }

  /**
   * Waits until every service is ready, and reports the state of each on its way there.
   * @param services and whether each has a health check: one that has, and has not passed it since it was started or
   * restarted, is not ready
   * @param roles services of which one that ends again and again fails the start
   * @param isClosing whether the start was given up meanwhile
   * @throws ApeError CONTAINERS_FAILED, INTERRUPTED
   */
  async untilReady(
    services: ReadonlyMap<string, boolean>,
    roles: readonly string[],
    isClosing: () => boolean,
  ): Promise<void> {
    const reported = new Map<string, string>();
    const until = clock.now() + READY_MS;
    for (;;) {
      if (isClosing()) throw new ApeError("INTERRUPTED", "the containers are no longer wanted");
      const containers = await this.#stack.containers();
      const waiting: ContainerState[] = [];
      let ready = true;
      for (const [service, checked] of services) {
        const own = containers.find((one) => one.service === service);
        const state = stateOf(own, checked);
        if (reported.get(service) !== state) this.#tell?.(`${service}: ${state}`);
        reported.set(service, state);
        if (state === "healthy" || state === "running") continue;
        ready = false;
        if (own === undefined) continue;
        if (own.state === "exited" || own.health === "unhealthy") throw await this.failureOf(service, state);
        if (roles.includes(service)) waiting.push(own);
      }
      if (ready) return;
      await this.throwIfCrashing(waiting);
      if (clock.now() > until) {
        const late = [...services.keys()].find(
          (service) => !/^(healthy|running)$/.test(reported.get(service) ?? ""),
        );
        throw await this.failureOf(late ?? "", `not ready after ${READY_MS / 1_000} s`);
      }
      await clock.sleep(LOOK_MS);
    }
  }

  /** @throws ApeError CONTAINERS_FAILED if one of the containers crashes repeatedly */
  async throwIfCrashing(containers: readonly ContainerState[]): Promise<void> {
    const restarts = await this.#stack.restarts(containers.map(({ id }) => id));
    for (const [index, { service, exitCode }] of containers.entries())
      if ((restarts[index] ?? 0) >= MOST_RESTARTS)
        throw await this.failureOf(
          service,
          `ending as soon as it starts${exitCode === 0 ? "" : `, with ${exitCode}`}`,
        );
  }

  /** The error of a service that will not become ready, with the last lines of its log. */
  async failureOf(service: string, state: string): Promise<ApeError> {
    const log = await this.#stack.run("logs", "--no-log-prefix", "--tail", "12", service).catch(messageOf);
    return new ApeError("CONTAINERS_FAILED", `${service} is ${state}`, {
      details: log.trim().split("\n"),
      hint: "These are the last lines that it wrote; `ape-test doctor` checks what containers need.",
    });
  }
}

function stateOf(container: ContainerState | undefined, checked: boolean): string {
  if (container === undefined) return "not there yet";
  const { state, health, exitCode } = container;
  if (state === "exited") return `ended with ${exitCode}`;
  if (state !== "running") return state;
  // Right after a restart Docker reports no health yet.
  return checked ? health || "starting" : state;
}
