import type { Clock } from "@ape/core/lib/clock";
import type { Recorder } from "@ape/core/protocol/events";
import type { ToolCall, ToolTransport } from "@ape/core/protocol/tool-call";
import type { CompiledCheck } from "./check.ts";

/** What the oracle of one session needs. */
export interface OracleOptions {
  checks: readonly CompiledCheck[];
  session: string;
  tools: ToolTransport;
  recorder: Recorder;
  clock: Clock;
  signal: AbortSignal;
  /** Adds the session's current credentials to a call. */
  attach: (call: ToolCall) => void;
  /** Hides secrets in evidence. */
  mask: (text: string) => string;
  /** The value that the session knows by a name. */
  read: (name: string) => string | undefined;
  /** W3C trace id of the session. */
  trace?: string;
}
