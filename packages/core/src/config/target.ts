import { z } from "zod";
import { bytes, duration, operationPattern } from "./scalar.ts";

const headers = z.record(z.string().regex(/^[\w-]+$/, "a header name is expected"), z.string());

const auth = z.union([
  z.literal("none"),
  z.strictObject({ bearer: z.string().min(1).describe("A token, usually `${SHOP_TOKEN}`.") }),
  z.strictObject({ basic: z.strictObject({ username: z.string(), password: z.string() }) }),
  z.strictObject({
    apiKey: z.strictObject({
      in: z.enum(["header", "query", "cookie"]),
      name: z.string().min(1),
      value: z.string().min(1),
    }),
  }),
]);

/** A system under test. */
export const target = z.strictObject({
  kind: z.literal("rest").default("rest").describe("The kind of system: a REST API."),
  baseUrl: z
    .url({ protocol: /^https?$/, error: "an absolute http or https URL is expected" })
    .describe("Where it is. Operations are relative to it."),
  spec: z.string().min(1).optional().describe("OpenAPI 3.0 or 3.1 document: a path or a URL."),
  auth: auth
    .default("none")
    .describe("Credentials that every call carries; a header of the session wins over them."),
  allow: z
    .array(operationPattern)
    .min(1)
    .optional()
    .describe("What agents may do. Default: every operation of the spec; without a spec, reads only."),
  deny: z.array(operationPattern).default([]).describe("What agents may not do, whatever `allow` says."),
  readOnly: z.boolean().default(false).describe("Refuse everything but GET."),
  authorized: z
    .boolean()
    .default(false)
    .describe("You may load-test this address. Needed where it is neither loopback nor private."),
  headers: headers.default({}).describe("Headers that every call carries; a header of the session wins."),
  traceHeader: z
    .string()
    .regex(/^[\w-]+$/)
    .default("x-trace-id")
    .describe("Header that carries the session's trace id beside W3C `traceparent`."),
  timeouts: z
    .strictObject({
      connect: duration.default(2_000),
      firstByte: duration.default(10_000),
      total: duration.default(30_000),
    })
    .prefault({}),
  retries: z
    .strictObject({
      attempts: z.int().min(1).max(10).default(1).describe("Tries in all; 1 is no retry."),
      backoff: duration.default(200).describe("Before the second try; doubled for each one after."),
      unsafe: z.boolean().default(false).describe("Retry methods that are not idempotent too."),
    })
    .prefault({}),
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

export type TargetConfig = z.output<typeof target>;
