import type { Clock } from "@ape/core/clock";
import type { TargetConfig } from "@ape/core/config/target";
import type { ToolResult } from "@ape/core/tool-call";
import { refusal } from "../targets/target.ts";
import { Admission } from "./admission.ts";
import { CircuitBreaker } from "./breaker.ts";

/** What every call of a target passes, whatever its kind: the circuit breaker, the bulkhead and the rate cap. */
export class Guard {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #longestMs: number;
  readonly #admission: Admission;
  readonly #breaker: CircuitBreaker | undefined;

  constructor(name: string, config: TargetConfig, clock: Clock) {
    this.#name = name;
    this.#clock = clock;
    this.#longestMs = config.timeouts.total;
    this.#admission = new Admission(clock, config);
    this.#breaker =
      config.circuitBreaker === undefined ? undefined : new CircuitBreaker(config.circuitBreaker);
  }

  /** @param run makes the call; it is told how long the call had to wait for its turn, in milliseconds */
  async pass(
    operation: string,
    signal: AbortSignal | undefined,
    run: (waitedMs: number) => Promise<ToolResult>,
  ): Promise<ToolResult> {
    const breaker = this.#breaker;
    if (breaker === undefined) return this.#admitted(operation, signal, run);
    if (!breaker.permits(this.#clock.now()))
      return refusal(operation, "circuit_open", `the circuit breaker of "${this.#name}" is open`);
    let result: ToolResult | undefined;
    try {
      result = await this.#admitted(operation, signal, run);
      return result;
    } finally {
      const code = result?.error?.code;
      if (result === undefined || code === "cancelled" || code === "invalid_call") breaker.forget();
      else breaker.note(result.status >= 500 || result.status === 0, this.#clock.now());
    }
  }

  async #admitted(
    operation: string,
    signal: AbortSignal | undefined,
    run: (waitedMs: number) => Promise<ToolResult>,
  ): Promise<ToolResult> {
    if (this.#admission.open) return run(0);
    const asked = this.#clock.now();
    if (!(await this.#admission.enter(this.#longestMs, signal)))
      return signal?.aborted === true
        ? refusal(operation, "cancelled", "the session or the run ended first")
        : refusal(
            operation,
            "gateway",
            `no turn within ${this.#longestMs} ms: the target's rate or concurrency is capped`,
          );
    try {
      return await run(this.#clock.now() - asked);
    } finally {
      this.#admission.leave();
    }
  }
}
