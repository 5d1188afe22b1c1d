import type { GoalConfig } from "@ape/core/config/goal";
import type { PersonaConfig } from "@ape/core/config/persona";
import type { ThinkTime } from "@ape/core/config/think-time";
import type { Clock } from "@ape/core/lib/clock";
import type { Random } from "@ape/core/lib/random";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { Recorder } from "@ape/core/protocol/events";
import type { Outcome } from "@ape/core/protocol/outcome";
import type { ToolTransport } from "@ape/core/protocol/tool-call";
import type { VerificationBudget } from "../attribution/verification-budget.ts";
import type { Policy } from "../policy/policy.ts";
import type { DataRow } from "./data-row.ts";

export interface SessionOptions {
  session: string;
  agent: string;
  /** W3C trace id, one per session. */
  trace: string;
  goal: GoalConfig;
  persona?: PersonaConfig;
  /** Number of actions after which the session leaves, as its kind of user sometimes does. */
  leavesAfter?: number;
  /** Generated values have no index: they come from no table. */
  row?: DataRow & { index?: number };
  apis: readonly ApiDescription[];
  /** Base URL of each target, for the domains and paths of cookies. */
  origins: Readonly<Record<string, string>>;
  policy: Policy;
  /** Tokens that the session may use where the goal's `budget.tokens` is `auto`; without it they are not bounded. */
  tokenBudget?: number;
  /** Searches the operations that the policy's prompt leaves out; answers with text in the form of the prompt. */
  findOperations?: (words: string) => string;
  tools: ToolTransport;
  recorder: Recorder;
  clock: Clock;
  /** Random numbers of the session. */
  random: Random;
  thinkTime: ThinkTime;
  /** Values of the configuration that no event may show. */
  secrets: readonly string[];
  /** Bounds verification reads over all sessions of a process; without it there are none. */
  verification?: VerificationBudget;
  /** Whether this process was overloaded within the last second. */
  saturated?: () => boolean;
  /** The end of the run: cuts the session off. */
  signal: AbortSignal;
  startDelayMs?: number;
  waitedMs?: number;
}

/** How a session ended; `outcome` is absent where the end of the run cut it off. */
export interface SessionReport {
  outcome: Outcome | undefined;
  steps: number;
  durationMs: number;
  /** Set where no decision could be read from any answer of the model: why, in the provider's words. */
  unusableModel?: string;
  /** The run's budget allowed no further call of the model. */
  overBudget?: true;
  /** The session achieved nothing: it sent nothing to any target, or the model's provider failed. */
  fruitless?: true;
}
