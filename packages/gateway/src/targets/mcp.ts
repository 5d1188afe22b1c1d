import type { TargetConfig } from "@ape/core/config/target";
import type { Clock } from "@ape/core/lib/clock";
import { toMicros } from "@ape/core/lib/duration";
import { ApeError } from "@ape/core/lib/errors";
import type { JsonObject } from "@ape/core/lib/json";
import { withMarks } from "@ape/core/lib/lossless-number";
import type { ApiDescription, ApiOperation } from "@ape/core/protocol/api";
import type { OperationRef } from "@ape/core/protocol/operations/operation";
import {
  type Body,
  rejectedResult,
  type Timing,
  type ToolCall,
  type ToolResult,
  type TransportError,
} from "@ape/core/protocol/tool-call";
import type { Client, Tool } from "@modelcontextprotocol/client";
import { McpConnection, type McpExchange } from "../mcp/connection.ts";
import { cutOff, thrownError, toolFailure, toolResultBody } from "../mcp/result.ts";
import { schemaFieldsOf } from "../openapi/schema-fields.ts";
import { methodOverridesOf } from "../permissions/method-override.ts";
import { Permission } from "../permissions/permission.ts";
import { ResiliencePipeline } from "../resilience/resilience-pipeline.ts";
import { HttpChannel } from "./http-channel.ts";
import type { Target, TargetOptions } from "./target.ts";

const MAX_SUMMARY = 200;

/** The outcome of a call, without its times. */
interface Outcome {
  status: number;
  body: Body;
  error: TransportError | undefined;
}

const UNANSWERED = { status: 0, body: { kind: "empty" } } as const;

/** An MCP server under test, over Streamable HTTP or stdio. Its operations are its tools: `tool search`. */
export class McpTarget implements Target {
  readonly description: ApiDescription;
  readonly operations: readonly string[];
  readonly #config: TargetConfig;
  readonly #clock: Clock;
  readonly #connection: McpConnection;
  readonly #channel: HttpChannel | undefined;
  readonly #guard: ResiliencePipeline;
  readonly #permission: Permission;
  readonly #tools: ReadonlyMap<string, Tool>;

  /** @throws ApeError TARGET_UNREACHABLE, FILE_MISSING */
  static async open(options: TargetOptions): Promise<McpTarget> {
    const { name, config, clock, baseDir } = options;
    const channel = config.command === undefined ? await HttpChannel.open(options) : undefined;
    const way =
      channel === undefined
        ? { command: config.command ?? [], directory: baseDir }
        : { url: config.baseUrl, channel };
    const connection = new McpConnection(way, clock, config.timeouts.total, config.maxBody);
    try {
      const { tools, title } = await connection.run({ headers: undefined, status: 0 }, async (client) => ({
        tools: await toolsOf(client, config.timeouts.total),
        title: client.getServerVersion()?.name ?? name,
      }));
      return new McpTarget(options, channel, connection, tools, title);
    } catch (thrown) {
      await connection.drop();
      await channel?.close();
      const { error } = thrownError(thrown, whereOf(config), config.timeouts.total);
      throw new ApeError("TARGET_UNREACHABLE", `target "${name}" does not list its tools: ${error.message}`, {
        cause: thrown,
        hint:
          channel === undefined
            ? `Does \`${config.command?.join(" ")}\` start an MCP server over stdio?`
            : `Is ${whereOf(config)} the Streamable HTTP endpoint of an MCP server?`,
      });
    }
  }

  private constructor(
    { name, config, clock }: TargetOptions,
    channel: HttpChannel | undefined,
    connection: McpConnection,
    tools: readonly Tool[],
    title: string,
  ) {
    this.#config = config;
    this.#clock = clock;
    this.#connection = connection;
    this.#channel = channel;
    this.#guard = channel?.guard ?? new ResiliencePipeline(name, config, clock);
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
    this.#permission = new Permission({ allow: config.allow ?? ["tool *"], deny: config.deny });
    this.operations = tools.map((tool) => `tool ${tool.name}`);
    this.description = {
      target: name,
      kind: "mcp",
      title,
      documented: true,
      auth: [],
      operations: tools.filter((tool) => this.#permits(tool)).map(describe),
    };
  }

  #permits({ name, annotations }: Tool): boolean {
    if (this.#config.readOnly && annotations?.readOnlyHint !== true) return false;
    return this.#permission.permits("tool", name);
  }

  hasOperation(operation: string): boolean {
    return this.operations.includes(operation);
  }

  permits({ method, template }: OperationRef): boolean {
    const tool = this.#tools.get(template);
    return tool === undefined ? this.#permission.permits(method, template) : this.#permits(tool);
  }

  /** Opening it has listed its tools, so it was reachable; a ping shows whether it still is. */
  async reach(): Promise<void> {
    try {
      await this.#connection.run({ headers: undefined, status: 0 }, (client) =>
        toolsOf(client, this.#config.timeouts.total),
      );
    } catch (thrown) {
      const { error } = thrownError(thrown, whereOf(this.#config), this.#config.timeouts.total);
      throw new ApeError("TARGET_UNREACHABLE", `target "${this.description.target}": ${error.message}`);
    }
  }

  async call(call: ToolCall, signal: AbortSignal | undefined): Promise<ToolResult> {
    const began = this.#clock.now();
    if (call.tool === undefined)
      return rejectedResult("other", "invalid_call", "this is an MCP server: use the tool call_tool");
    const tool = this.#tools.get(call.tool.name);
    if (tool === undefined)
      return rejectedResult(
        "other",
        "invalid_call",
        `there is no tool "${call.tool.name.slice(0, 60)}"; there is ${[...this.#tools.keys()].slice(0, 40).join(", ")}`,
      );
    const operation = `tool ${tool.name}`;
    if (!this.#permits(tool))
      return rejectedResult(
        operation,
        "denied",
        `${operation} is not among the operations that are allowed here`,
      );
    if (methodOverridesOf(call.headers, "", undefined) !== undefined)
      return rejectedResult(operation, "denied", "a header names another method or path than the endpoint's");
    const args = call.tool.arguments;
    return this.#guard.pass(operation, signal, (waitedMs) =>
      this.#send({ operation, tool, args, headers: call.headers, began, waitedMs, signal }),
    );
  }

  async #send(order: {
    operation: string;
    tool: Tool;
    args: JsonObject;
    headers: ToolCall["headers"];
    began: number;
    waitedMs: number;
    signal: AbortSignal | undefined;
  }): Promise<ToolResult> {
    const { operation, tool, args, headers, began, waitedMs, signal } = order;
    const { timeouts, maxBody } = this.#config;
    const context: McpExchange = { headers, status: 0, tool: true };
    const sent = this.#clock.now();
    const traceparent = headers?.traceparent;
    let outcome: Outcome;
    try {
      const answer = await this.#connection.run(context, (client) =>
        client.callTool(
          {
            name: tool.name,
            arguments: this.#connection.writesDigits ? withMarks(args) : args,
            // W3C trace context travels in `_meta` (MCP 2026-07-28, "_meta": traceparent).
            ...(traceparent === undefined ? {} : { _meta: { traceparent } }),
          },
          {
            timeout: timeouts.total,
            maxTotalTimeout: timeouts.total,
            toolDefinition: tool,
            ...(signal === undefined ? {} : { signal }),
          },
        ),
      );
      const body = toolResultBody(answer, maxBody);
      outcome = { status: 200, body, error: toolFailure(answer, body) ?? cutOff(answer, body) };
    } catch (thrown) {
      if (signal?.aborted === true)
        outcome = {
          ...UNANSWERED,
          error: { code: "cancelled", message: "the session or the run ended first" },
        };
      else {
        const { status, error, lost } = thrownError(thrown, whereOf(this.#config), timeouts.total);
        outcome = { ...UNANSWERED, status, error };
        if (lost) await this.#connection.drop();
      }
    }
    return this.#timed(operation, outcome, context, { began, sent, waitedMs });
  }

  #timed(
    operation: string,
    { status, body, error: failure }: Outcome,
    context: McpExchange,
    { began, sent, waitedMs }: { began: number; sent: number; waitedMs: number },
  ): ToolResult {
    const now = this.#clock.now();
    const from = context.sentAt ?? sent;
    const first = context.firstAt ?? now;
    const timing: Timing = {
      total: toMicros(now - began),
      queue: toMicros(waitedMs),
      dns: 0,
      connect: 0,
      tls: 0,
      firstByte: toMicros(Math.max(0, first - from)),
      body: toMicros(Math.max(0, now - first)),
    };
    const duration = toMicros(timing.firstByte + timing.body);
    const error = failure === undefined ? undefined : { ...failure, message: this.#masked(failure.message) };
    return {
      status,
      headers: {},
      body: this.#withoutSecrets(body),
      timing,
      operation,
      ...(error === undefined ? {} : { error }),
      attempts: [
        error === undefined ? { status, duration, backoff: 0 } : { status, duration, backoff: 0, error },
      ],
    };
  }

  #masked(text: string): string {
    return this.#channel?.secrets?.mask(text) ?? text;
  }

  #withoutSecrets(body: Body): Body {
    const secrets = this.#channel?.secrets;
    if (secrets === undefined) return body;
    if (body.kind === "json") return { ...body, json: secrets.maskJson(body.json) };
    return body.kind === "text" ? { ...body, text: secrets.mask(body.text) } : body;
  }

  async close(): Promise<void> {
    await this.#connection.drop();
    await this.#channel?.close();
  }
}

/** The tools of a server; none if it has no capability for them, which the client would only warn about. */
async function toolsOf(client: Client, timeoutMs: number): Promise<readonly Tool[]> {
  if (client.getServerCapabilities()?.tools === undefined) return [];
  const limit = { timeout: timeoutMs, maxTotalTimeout: timeoutMs };
  return (await client.listTools(undefined, limit)).tools;
}

const whereOf = ({ baseUrl, command }: TargetConfig): string =>
  baseUrl === "" ? (command?.[0] ?? "") : (baseUrl.split(/[?#]/)[0] as string);

function describe({ name, title, description, annotations, inputSchema, outputSchema }: Tool): ApiOperation {
  const said = description ?? title ?? annotations?.title ?? "";
  // Arguments have names: those of a map are up to the model, unless it must have some.
  const inputs = schemaFieldsOf("body", inputSchema as JsonObject).filter(
    ({ name, minProperties, maxProperties }) => name !== "" || (minProperties ?? maxProperties) !== undefined,
  );
  const hasNames = inputs.some(({ name }) => name !== "") || inputSchema.properties !== undefined;
  return {
    method: "tool",
    path: name,
    ...(hasNames ? {} : { openBody: true as const }),
    ...(annotations?.readOnlyHint === true ? { reads: true } : {}),
    summary: said.replaceAll(/\s+/g, " ").trim().slice(0, MAX_SUMMARY),
    secured: false,
    fields: [
      ...inputs,
      ...(outputSchema === undefined ? [] : schemaFieldsOf("answer", outputSchema as JsonObject)),
    ],
  };
}
