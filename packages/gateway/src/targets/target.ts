import type { LookupFunction } from "node:net";
import type { TargetConfig } from "@ape/core/config/target";
import type { Clock } from "@ape/core/lib/clock";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { OperationRef } from "@ape/core/protocol/operations/operation";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import type { ProxySettings } from "@ape/http/proxy-settings";

/** A system under test: what agents may do there, and the way to it. */
export interface Target {
  readonly description: ApiDescription;
  /** Every documented operation; none where there is no document. */
  readonly operations: readonly string[];
  /** Whether a check may name the operation: it is documented, or nothing is. */
  hasOperation(operation: string): boolean;
  /** Whether agents may use an operation, by its template, concrete path or name. */
  permits(operation: OperationRef): boolean;
  /** Tries a connection. @throws ApeError TARGET_UNREACHABLE, TARGET_NOT_AUTHORIZED */
  reach(): Promise<void>;
  /** Never rejects but for defects. */
  call(call: ToolCall, signal: AbortSignal | undefined): Promise<ToolResult>;
  close(): Promise<void>;
}

/** What every target is opened with. */
export interface TargetOptions {
  name: string;
  config: TargetConfig;
  clock: Clock;
  /** Folder that the paths in the configuration are relative to. */
  baseDir: string;
  proxies: ProxySettings;
  /** Finds the addresses that may be connected to; undefined where any may. */
  lookup: LookupFunction | undefined;
}
