import { z } from "zod";
import { bytes, duration, name } from "./scalar.ts";
import { targetSchema } from "./target.ts";

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
    .describe(
      "Web pages, beside those of loopback, that may call: host names, or origins such as `https://app.example.com`.",
    ),
  maxRequest: bytes.default(1024 * 1024).describe("Bytes of a request at most."),
  drain: duration.default(30_000).describe("How long calls in flight may take to finish after SIGTERM."),
});

export type GatewaySettings = z.output<typeof gatewaySettings>;

/** Where a run's gateway is, beside how it shows itself. */
export const runGateway = gatewaySettings.extend({
  url: z
    .url({ protocol: /^https?$/, error: "a URL such as http://10.0.0.5:4030/mcp is expected" })
    .transform((url) => (new URL(url).pathname === "/" ? new URL("/mcp", url).href : url))
    .optional()
    .describe("The MCP endpoint of a gateway that runs elsewhere: agents reach every target through it."),
  token: z.string().min(1).optional().describe("That gateway's token, its `APE_TOKEN`."),
});

/** The schema of ape.mcp-gateway.json: the full configuration of a stand-alone gateway. */
export const gatewayConfigSchema = z.strictObject({
  $schema: z.string().optional().describe("Where an editor finds this schema."),
  version: z.literal(1),
  targets: z
    .record(name, targetSchema)
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
  const { targets, gateway } = written as { targets: unknown; gateway?: object };
  const { url: _url, token: _token, ...settings } = { url: undefined, token: undefined, ...gateway };
  const file = { version: 1, targets, ...(gateway === undefined ? {} : { gateway: settings }) };
  return `${JSON.stringify(file, null, 2)}\n`;
}
