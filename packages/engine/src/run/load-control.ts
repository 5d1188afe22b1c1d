import type { Clock } from "@ape/core/lib/clock";
import { agentsAt } from "@ape/core/lib/schedule";
import type { WorkerRegistry } from "../launch/worker-registry.ts";
import { Arrivals } from "../worker/arrivals.ts";
import type { LoadPlan } from "./plan.ts";

/** From this number of workers on, agents are shared out less often: a thousand get them once per second at most. */
const MANY_WORKERS = 50;
const MS_PER_WORKER = 1;

/** Follows the load plan of a run: shares the wanted agents out to workers, and hands them the arrivals of an open load. */
export class LoadControl {
  readonly #plan: LoadPlan;
  readonly #registry: WorkerRegistry;
  readonly #clock: Clock;
  readonly #dropped: (at: number) => void;
  #isRunning = false;
  #wanted = -1;
  #scaled: number | undefined;
  /** When agents may be shared out again, and whether they wait for that. */
  #shareAt = Number.NEGATIVE_INFINITY;
  #isPending = false;
  #arrivals: Arrivals | undefined;

  /** @param dropped called with the epoch milliseconds of an arrival that no worker could take */
  constructor(plan: LoadPlan, registry: WorkerRegistry, clock: Clock, dropped: (at: number) => void) {
    this.#plan = plan;
    this.#registry = registry;
    this.#clock = clock;
    this.#dropped = dropped;
  }

  /** Agents that the run wants now. */
  get wanted(): number {
    return Math.max(0, this.#wanted);
  }

  /** The number of agents that a user has set instead of the plan's. */
  get scaled(): number | undefined {
    return this.#scaled;
  }

  /** Sets the number of agents from the next tick on; undefined follows the plan. */
  scale(agents: number | undefined): void {
    this.#scaled = agents;
  }

  /** Starts the load. */
  start(): void {
    this.#isRunning = true;
  }

  /**
   * Starts the arrivals of an open load.
   * @param elapsed milliseconds since the load began
   */
  startArrivals(elapsed: () => number): void {
    const { arrivals } = this.#plan;
    if (arrivals !== undefined)
      this.#arrivals = new Arrivals(arrivals, elapsed, (due) => this.#arrive(elapsed() - due));
    this.#arrivals?.start();
  }

  /** Ends the load: workers get neither agents nor arrivals any more. */
  stop(): void {
    this.#isRunning = false;
    this.#arrivals?.stop();
  }

  /** @param elapsed milliseconds since the load began */
  tick(elapsed: number): void {
    const agents = this.#scaled ?? Math.round(agentsAt(this.#plan.agents, elapsed));
    if (agents !== this.#wanted) {
      this.#wanted = agents;
      this.shareOut();
    } else if (this.#isPending) this.shareOut();
  }

  /**
   * Shares the wanted agents out to the workers that are there now: at once, or with the next tick if that was done a
   * moment ago. A thousand workers that join one by one would otherwise get a million messages.
   */
  shareOut(): void {
    if (!this.#isRunning || this.#wanted < 0) return;
    const now = this.#clock.now();
    this.#isPending = now < this.#shareAt;
    if (this.#isPending) return;
    const { size } = this.#registry;
    this.#shareAt = now + (size < MANY_WORKERS ? 0 : size * MS_PER_WORKER);
    this.#registry.shareOut(this.#wanted);
  }

  #arrive(lateMs: number): void {
    const at = this.#clock.epoch();
    if (!this.#registry.arrive(this.wanted, at - lateMs)) this.#dropped(at);
  }
}
