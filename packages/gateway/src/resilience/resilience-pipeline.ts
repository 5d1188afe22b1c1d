import type { TargetConfig } from "@ape/core/config/target";
import { CircuitBreaker } from "@ape/core/lib/circuit-breaker";
import type { Clock } from "@ape/core/lib/clock";
import { rejectedResult, type ToolResult } from "@ape/core/protocol/tool-call";
import { RateLimiter } from "./rate-limiter.ts";

/** The pipeline of every call, for all kinds of targets: circuit breaker, bulkhead and rate limiter. */
export class ResiliencePipeline {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #longestMs: number;
  readonly #admission: RateLimiter;
  readonly #breaker: CircuitBreaker | undefined;

  constructor(name: string, config: TargetConfig, clock: Clock) {
    this.#name = name;
    this.#clock = clock;
    this.#longestMs = config.timeouts.total;
    this.#admission = new RateLimiter(clock, config);
    const { circuitBreaker } = config;
    if (circuitBreaker !== undefined)
      this.#breaker = new CircuitBreaker({
        failures: circuitBreaker.failures,
        pauseMs: circuitBreaker.cooldown,
      });
  }

  /** @param run makes the call; receives the milliseconds that the call waited */
  pass(
    operation: string,
    signal: AbortSignal | undefined,
    run: (waitedMs: number) => Promise<ToolResult>,
  ): Promise<ToolResult> {
    const breaker = this.#breaker;
    return breaker === undefined
      ? this.#admitted(operation, signal, run)
      : this.#watched(breaker, operation, signal, run);
  }

  async #watched(
    breaker: CircuitBreaker,
    operation: string,
    signal: AbortSignal | undefined,
    run: (waitedMs: number) => Promise<ToolResult>,
  ): Promise<ToolResult> {
    if (!breaker.admits(this.#clock.now()))
      return rejectedResult(operation, "circuit_open", `the circuit breaker of "${this.#name}" is open`);
    breaker.send();
    let result: ToolResult | undefined;
    try {
      result = await this.#admitted(operation, signal, run);
      return result;
    } finally {
      breaker.settle(result === undefined ? undefined : blames(result), this.#clock.now());
    }
  }

  #admitted(
    operation: string,
    signal: AbortSignal | undefined,
    run: (waitedMs: number) => Promise<ToolResult>,
  ): Promise<ToolResult> {
    return this.#admission.open ? run(0) : this.#inTurn(operation, signal, run);
  }

  async #inTurn(
    operation: string,
    signal: AbortSignal | undefined,
    run: (waitedMs: number) => Promise<ToolResult>,
  ): Promise<ToolResult> {
    const asked = this.#clock.now();
    if (!(await this.#admission.enter(this.#longestMs, signal)))
      return signal?.aborted === true
        ? rejectedResult(operation, "cancelled", "the session or the run ended first")
        : rejectedResult(
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

/** Whether an answer shows that the target fails; undefined if it shows nothing about the target. */
function blames({ status, error }: ToolResult): boolean | undefined {
  if (error?.code === "cancelled" || error?.code === "invalid_call") return undefined;
  return status >= 500 || status === 0;
}
