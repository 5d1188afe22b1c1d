import { z } from "zod";
import { bytes, duration, name } from "./scalar.ts";
import { target } from "./target.ts";

/** How a gateway that runs alone shows itself to its callers. */
export const gatewaySettings = z.strictObject({
  expose: z
    .enum(["generic", "operations"])
    .default("generic")
    .describe("`operations` adds one named tool for every documented operation of every target."),
  correlationHeader: z
    .string()
    .regex(/^[\w-]+$/)
    .default("x-correlation-id")
    .describe("A caller's header that is logged with each call and passed on to the target."),
  allowedHosts: z
    .array(z.string().min(1))
    .default([])
    .describe("Host names, beside loopback, that callers may reach the gateway by."),
  allowedOrigins: z
    .array(z.string().min(1))
    .default([])
    .describe("Host names of web pages, beside loopback, that may call."),
  maxRequest: bytes.default(1024 * 1024).describe("Bytes of a request at most."),
  drain: duration.default(30_000).describe("How long calls in flight may take to finish after SIGTERM."),
});

export type GatewaySettings = z.output<typeof gatewaySettings>;

/** The schema of ape.mcp-gateway.json: all that a gateway needs to run by itself. */
export const gatewayConfigSchema = z.strictObject({
  $schema: z.string().optional().describe("Where an editor finds this schema."),
  version: z.literal(1),
  targets: z
    .record(name, target)
    .refine((targets) => Object.keys(targets).length > 0, "at least one target is needed"),
  gateway: gatewaySettings.prefault({}),
});

export type GatewayConfig = z.output<typeof gatewayConfigSchema>;

/** The JSON Schema of ape.mcp-gateway.json, for editors. */
export function gatewayJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(gatewayConfigSchema, { io: "input", unrepresentable: "any" }),
    title: "ape.mcp-gateway.json",
  };
}

/**
 * The text of ape.mcp-gateway.json for a configuration as written: `${VAR}` stays unread, so that no secret is in it.
 * @param written ape.config.yaml as plain values
 */
export function gatewayFileOf(written: unknown): string {
  const { targets, gateway } = written as { targets: unknown; gateway?: unknown };
  const file = { version: 1, targets, ...(gateway === undefined ? {} : { gateway }) };
  return `${JSON.stringify(file, null, 2)}\n`;
}
