import type { Json, JsonObject } from "@ape/core/lib/json";
import type { HttpMethod } from "@ape/core/protocol/operations/operation";
import type { Repair } from "@ape/core/protocol/repair";
import type { QueryValue, ToolCall } from "@ape/core/protocol/tool-call";

/** A validated decision. `args` is what the model wrote, for the record: placeholders unfilled, long ones in digest. */
export type Decision = {
  repairs?: readonly Repair[];
  /** What the model wrote beside the call, bounded. */
  note?: string;
} & (
  | {
      kind: "action";
      tool: string;
      args: JsonObject;
      target: string;
      method: HttpMethod;
      path: string;
      query?: Record<string, QueryValue>;
      headers?: Record<string, string>;
      data?: Json;
      graphql?: NonNullable<ToolCall["graphql"]>;
      call?: NonNullable<ToolCall["tool"]>;
      /** Text of the link, or of the form's button, on its page. */
      label?: string;
      /** What the page of a form is about, where its button does not say what it acts on. */
      about?: string;
      /** Replaced by method and path of the form, once it is found on the last page. */
      form?: { named?: string; fields: JsonObject; submit?: string };
    }
  | { kind: "state_update"; tool: string; args: JsonObject; set: Record<string, Json> }
  | { kind: "find_operations"; tool: string; args: JsonObject; words: string }
  | { kind: "show_more"; tool: string; args: JsonObject; from?: number }
  | { kind: "wait"; tool: string; args: JsonObject; ms: number }
  | { kind: "finish"; tool: string; args: JsonObject; reason: string }
);
