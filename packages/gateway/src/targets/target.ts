import type { LookupFunction } from "node:net";
import type { TargetConfig } from "@ape/core/config/target";
import type { Clock } from "@ape/core/lib/clock";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { OperationRef } from "@ape/core/protocol/operations/operation";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import type { ProxySettings } from "@ape/http/proxy-settings";
import type { ApiReader } from "../openapi/api-reader.ts";

/** A system under test: what agents may do there, and how it is called. */
export interface Target {
  readonly description: ApiDescription;
  /** Every documented operation; none without a document. */
  readonly operations: readonly string[];
  /** Whether a check may name the operation: it is documented, or there is no document. */
  hasOperation(operation: string): boolean;
  /** Whether agents may use an operation, by its template, concrete path or name. */
  permits(operation: OperationRef): boolean;
  /** Tries a connection. @throws ApeError TARGET_UNREACHABLE, TARGET_NOT_AUTHORIZED */
  reach(): Promise<void>;
  /** Never rejects, except by a defect. */
  call(call: ToolCall, signal: AbortSignal | undefined): Promise<ToolResult>;
  close(): Promise<void>;
}

/** Options of every target. */
export interface TargetOptions {
  name: string;
  config: TargetConfig;
  clock: Clock;
  /** Base directory of the configuration's paths. */
  baseDir: string;
  proxies: ProxySettings;
  /** Finds the addresses that may be connected to; undefined if any may. */
  lookup: LookupFunction | undefined;
  /** Reads API documents. */
  documents: ApiReader;
}
