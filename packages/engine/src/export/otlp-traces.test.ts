import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GENAI, GENAI_SPANS } from "@ape/core/metrics/genai";
import type { SessionEnded } from "@ape/core/protocol/events";
import { traceparent } from "@ape/core/protocol/trace";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { sampleManifest } from "../../test/sample-run.ts";
import { Aggregator } from "../aggregate/aggregator.ts";
import { openExporter } from "./exporter.ts";

const attribute = z.strictObject({ key: z.string(), value: z.strictObject({ stringValue: z.string() }) });
const span = z
  .strictObject({
    traceId: z.string().regex(/^[0-9a-f]{32}$/),
    spanId: z.string().regex(/^[0-9a-f]{16}$/),
    parentSpanId: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .optional(),
    name: z.string().min(1),
    kind: z.union([z.literal(1), z.literal(3)]),
    startTimeUnixNano: z.string().regex(/^\d{19}$/),
    endTimeUnixNano: z.string().regex(/^\d{19}$/),
    attributes: z.array(attribute),
    status: z.strictObject({ code: z.literal(2).optional(), message: z.string().optional() }),
  })
  .refine(
    (one) => BigInt(one.startTimeUnixNano) <= BigInt(one.endTimeUnixNano),
    "no span ends before it starts",
  );
const request = z.strictObject({
  resourceSpans: z.tuple([
    z.strictObject({
      resource: z.strictObject({ attributes: z.array(attribute) }),
      scopeSpans: z.tuple([
        z.strictObject({
          scope: z.strictObject({ name: z.literal("ape"), version: z.string() }),
          spans: z.array(span).max(600),
        }),
      ]),
    }),
  ]),
});

const events = plausibleEvents(300);
const ended = events.filter((event): event is SessionEnded => event.type === "session_ended");
let directory = "";
let collector: Server;
let seen: { path: string; body: string }[] = [];
let status = 200;
beforeEach(async () => {
  seen = [];
  status = 200;
  directory = mkdtempSync(join(tmpdir(), "ape-traces-"));
  mkdirSync(join(directory, "events"));
  writeFileSync(
    join(directory, "events", "agents-0.0000.jsonl"),
    events.map((event) => `${JSON.stringify(event)}\n`).join(""),
  );
  collector = createServer((incoming, answer) => {
    let body = "";
    incoming.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    incoming.on("end", () => {
      seen.push({ path: incoming.url ?? "", body });
      answer.writeHead(status, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  rmSync(directory, { recursive: true });
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

async function exported(query = "") {
  const { port } = collector.address() as AddressInfo;
  const exporter = await openExporter(`otlp-traces=http://127.0.0.1:${port}${query}`, {
    manifest: sampleManifest(),
    cwd: ".",
  });
  await exporter.close(directory, new Aggregator([]), 1);
  return seen.flatMap(({ body }) => request.parse(JSON.parse(body)).resourceSpans[0].scopeSpans[0].spans);
}
const read = (one: z.output<typeof span>, key: string): string | undefined =>
  one.attributes.find((known) => known.key === key)?.value.stringValue;

test("every session is a trace: a span for itself, for each step and for each model call", async () => {
  const spans = await exported("?ratio=1");
  expect(new Set(seen.map(({ path }) => path))).toEqual(new Set(["/v1/traces"]));
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
  expect(roots).toHaveLength(ended.length);
  for (const root of roots.slice(0, 20)) {
    const trace = spans.filter(({ traceId }) => traceId === root.traceId);
    const session = read(root, GENAI.conversation);
    const of = (type: string) =>
      events.filter((event) => event.type === type && "session" in event && event.session === session).length;
    const operations = trace.map((one) => read(one, GENAI.operation));
    expect(operations.filter((name) => name === GENAI_SPANS.tool.operation)).toHaveLength(of("step"));
    expect(operations.filter((name) => name === GENAI_SPANS.chat.operation)).toHaveLength(of("inference"));
    expect(new Set(trace.map(({ spanId }) => spanId)).size).toBe(trace.length);
    expect(trace.every((one) => one === root || one.parentSpanId === root.spanId)).toBe(true);
    // The target was told of the very span that its own work belongs to.
    expect(trace.map(({ spanId }) => spanId)).toContain(traceparent(root.traceId, 1).split("-")[2]);
  }
  const chat = spans.find((one) => read(one, GENAI.operation) === "chat");
  expect(chat?.name).toBe(`chat ${read(chat as never, GENAI.model)}`);
  expect(Number(read(chat as never, GENAI.inputTokens))).toBeGreaterThan(0);
  // Every name of the conventions that the mapping knows stands on some span.
  const named = new Set(spans.flatMap(({ attributes }) => attributes.map(({ key }) => key)));
  const { tokenType: _metricsOnly, ...attributes } = GENAI;
  expect([...named]).toEqual(expect.arrayContaining(Object.values(attributes)));
  const failed = spans.filter((one) => one.status.code === 2);
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.map((one) => read(one, GENAI.error))).not.toContain(undefined);
});

test("sessions that did not succeed are always sent, the others by their share", async () => {
  const roots = (await exported("?ratio=0")).filter(({ parentSpanId }) => parentSpanId === undefined);
  const failed = ended.filter(({ outcome }) => outcome !== "succeeded");
  expect(roots.map((one) => read(one, GENAI.conversation)).sort()).toEqual(
    failed.map(({ session }) => session).sort(),
  );
  expect(roots.every(({ status: { code } }) => code === 2)).toBe(true);
  expect(roots.map((one) => read(one, GENAI.error))).not.toContain(undefined);
});

test.each(["?ratio=2", "?ratio=many", "?ratio="])("%s is refused before the load", async (query) => {
  await expect(exported(query)).rejects.toMatchObject({ code: "USAGE" });
});

test("a collector that refuses is EXPORT_FAILED, after three tries", async () => {
  status = 500;
  await expect(exported()).rejects.toMatchObject({ code: "EXPORT_FAILED" });
  expect(seen).toHaveLength(3);
});
