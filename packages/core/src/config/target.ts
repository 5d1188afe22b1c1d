import { z } from "zod";
import { TARGET_KINDS } from "../protocol/target-kind.ts";
import { splitUserinfo } from "./base-url.ts";
import { bytes, duration, operationPattern, positiveDuration } from "./scalar.ts";

const headers = z.record(z.string().regex(/^[\w-]+$/, "a header name is expected"), z.string());

const auth = z.union([
  z.literal("none", { error: "none, or a map with bearer, basic, apiKey or oauth2, is expected" }),
  z.strictObject({ bearer: z.string().min(1).describe("A token, usually `${SHOP_TOKEN}`.") }),
  z.strictObject({ basic: z.strictObject({ username: z.string(), password: z.string() }) }),
  z.strictObject({
    apiKey: z.strictObject({
      in: z.enum(["header", "query", "cookie"]),
      name: z.string().min(1),
      value: z.string().min(1),
    }),
  }),
  z.strictObject({
    oauth2: z
      .strictObject({
        tokenUrl: z.url({ protocol: /^https?$/, error: "an absolute http or https URL is expected" }),
        clientId: z.string().min(1),
        clientSecret: z.string().min(1),
        scope: z.string().min(1).optional(),
        audience: z.string().min(1).optional(),
      })
      .describe(
        "OAuth 2.0 client credentials: one token for all, renewed before it expires and after a 401.",
      ),
  }),
]);

const fields = z.strictObject({
  kind: z
    .enum(TARGET_KINDS)
    .default("rest")
    .describe("A REST API, a GraphQL API, a web application made of HTML, or an MCP server."),
  baseUrl: z
    .url({ protocol: /^https?$/, error: "an absolute http or https URL is expected" })
    .default("")
    .describe(
      "Where it is; needed but for an MCP server that `command` starts. Operations are relative to it. The endpoint itself of `graphql` and `mcp`. Credentials in it are sent as basic credentials, its query with every call; a parameter of the call wins.",
    ),
  command: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("`mcp` only: starts the server and speaks to it over stdio, in place of `baseUrl`."),
  spec: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A path or a URL: the OpenAPI 3 or Swagger 2.0 document of `rest`, the SDL schema of `graphql` (default: introspection).",
    ),
  validate: z
    .enum(["off", "warn", "enforce"])
    .default("off")
    .describe(
      "Hold the calls of `rest` against the spec: `warn` sends what breaks it and says so, `enforce` refuses it.",
    ),
  contract: z
    .boolean()
    .default(false)
    .describe(
      "Hold the answers of `rest` against the spec: status, content type, schema. What breaks it is a failed action, and the target's fault.",
    ),
  verify: z
    .boolean()
    .default(true)
    .describe(
      "Make one read after a refused action where it can show whether the target contradicts itself; at most 5% of all actions. Without it such failures stay `unclear`.",
    ),
  persistedQueries: z
    .boolean()
    .default(false)
    .describe("`graphql` only: send the hash of a query first (automatic persisted queries)."),
  auth: auth
    .default("none")
    .describe("Credentials that every call carries; a header of the session wins over them."),
  allow: z
    .array(operationPattern)
    .min(1)
    .optional()
    .describe(
      "What agents may do. Default: every operation of the spec; without a spec, reads only. Without a spec, its entries without a wildcard are the operations that agents know.",
    ),
  deny: z
    .array(operationPattern)
    .default([])
    .describe(
      "What agents, `setup` and `teardown` may not do, whatever `allow` says, however the path is written.",
    ),
  readOnly: z.boolean().default(false).describe("Refuse everything but GET."),
  authorized: z
    .boolean()
    .default(false)
    .describe(
      "You may load-test this address. Needed where it, or what its name resolves to, is neither loopback nor private.",
    ),
  headers: headers.default({}).describe("Headers that every call carries; a header of the session wins."),
  traceHeader: z
    .string()
    .regex(/^[\w-]+$/)
    .default("x-trace-id")
    .describe("Header that carries the session's trace id beside W3C `traceparent`."),
  timeouts: z
    .strictObject({
      connect: positiveDuration.default(2_000),
      firstByte: positiveDuration.default(10_000),
      total: positiveDuration.default(30_000),
    })
    .prefault({}),
  retries: z
    .strictObject({
      attempts: z.int().min(1).max(10).default(1).describe("Tries in all; 1 is no retry."),
      backoff: duration.default(200).describe("Before the second try; doubled for each one after."),
      jitter: z.boolean().default(true).describe("Draw each wait at random up to its length."),
      unsafe: z.boolean().default(false).describe("Retry methods that are not idempotent too."),
      budget: z
        .number()
        .min(0)
        .max(10)
        .default(0.2)
        .describe("Retries a call at most, over all calls of a process (and ten more): no retry storm."),
    })
    .prefault({}),
  circuitBreaker: z
    .strictObject({
      failures: z.int().min(1).default(5).describe("Calls in a row that fail (5xx, no answer) and open it."),
      cooldown: positiveDuration
        .default(10_000)
        .describe("Calls are refused for so long; then one is let through."),
    })
    .optional()
    .describe("Hold calls back from a target that keeps failing. Off unless it is here."),
  rate: z
    .number()
    .positive()
    .optional()
    .describe(
      "Maximum calls per second and process; further calls wait. In containers, the gateways of a run count as one.",
    ),
  maxConcurrent: z
    .int()
    .min(1)
    .optional()
    .describe("Calls at once of a process at most; more wait. Counts as `rate` does."),
  maxBody: bytes.default(1024 * 1024).describe("Bytes of an answer that are read; a longer one is cut."),
  connections: z.int().min(1).max(10_000).default(256).describe("Connections a process opens at most."),
  tls: z
    .strictObject({
      ca: z.string().optional().describe("PEM file of the authority that signed the target's certificate."),
      cert: z.string().optional().describe("PEM file of the client certificate."),
      key: z.string().optional().describe("PEM file of the client certificate's key."),
      insecure: z.boolean().default(false).describe("Accept any certificate."),
    })
    .prefault({}),
});

/** A system under test. Credentials in its `baseUrl` are basic credentials, as curl has it; they leave the URL. */
export const targetSchema = fields.transform((config) => {
  const split = config.auth === "none" ? splitUserinfo(config.baseUrl) : undefined;
  if (split === undefined) return config;
  const { url, username, password } = split;
  return { ...config, baseUrl: url, auth: { basic: { username, password } } };
});

export type TargetConfig = z.output<typeof targetSchema>;
