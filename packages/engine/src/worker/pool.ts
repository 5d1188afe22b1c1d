/** A session to run: its number within the worker and, for an open load, when it was due. */
export interface SessionSlot {
  agent: number;
  number: number;
  scheduledAt?: number;
}

/** Runs one session; never rejects. */
export type SessionRunner = (slot: SessionSlot) => Promise<void>;

/**
 * The agents of one worker. Closed load: each wanted agent runs one session after another. Open load: a free
 * agent takes each arrival. An agent that is no longer wanted ends its session first.
 */
export class AgentPool {
  readonly #run: SessionRunner;
  readonly #open: boolean;
  readonly #quota: number;
  readonly #freed: () => void;
  readonly #idle: () => void;
  #wanted = 0;
  #running = 0;
  #next = 0;
  #draining = false;
  readonly #busy: boolean[] = [];

  constructor(options: {
    run: SessionRunner;
    open: boolean;
    /** Maximum number of sessions in total. */
    quota: number;
    /** An agent became free (open load). */
    freed: () => void;
    /** Nothing runs and nothing will: all sessions have run, or the pool was drained. */
    idle: () => void;
  }) {
    this.#run = options.run;
    this.#open = options.open;
    this.#quota = options.quota;
    this.#freed = options.freed;
    this.#idle = options.idle;
  }

  /** Agents that run a session or wait for a row. */
  get active(): number {
    return this.#running;
  }

  setWanted(agents: number): void {
    this.#wanted = agents;
    if (this.#open || this.#draining) return;
    for (let agent = 0; agent < agents; agent += 1) if (this.#busy[agent] !== true) this.#occupy(agent);
    this.#settle();
  }

  /** Gives an arrival to a free agent; false if there is none. */
  arrive(scheduledAt: number): boolean {
    if (this.#draining || this.#next >= this.#quota) return false;
    for (let agent = 0; agent < this.#wanted; agent += 1) {
      if (this.#busy[agent] === true) continue;
      this.#occupy(agent, scheduledAt);
      return true;
    }
    return false;
  }

  drain(): void {
    this.#draining = true;
    this.#settle();
  }

  #occupy(agent: number, scheduledAt?: number): void {
    if (this.#next >= this.#quota) return;
    this.#busy[agent] = true;
    this.#running += 1;
    void this.#work(agent, scheduledAt);
  }

  async #work(agent: number, scheduledAt: number | undefined): Promise<void> {
    do {
      const number = this.#next;
      this.#next += 1;
      await this.#run(scheduledAt === undefined ? { agent, number } : { agent, number, scheduledAt });
    } while (!this.#open && !this.#draining && agent < this.#wanted && this.#next < this.#quota);
    this.#busy[agent] = false;
    this.#running -= 1;
    if (this.#open) this.#freed();
    this.#settle();
  }

  #settle(): void {
    if (this.#running === 0 && (this.#draining || this.#next >= this.#quota)) this.#idle();
  }
}
