import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { METRICS } from "@ape/core/metrics/metrics";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { sampleManifest } from "../../test/sample-run.ts";
import { Aggregator } from "../aggregate/aggregator.ts";
import { openExporter } from "./exporter.ts";

const uint64 = z.string().regex(/^\d+$/);
const base = {
  attributes: z.array(
    z.strictObject({ key: z.string(), value: z.strictObject({ stringValue: z.string() }) }),
  ),
  startTimeUnixNano: uint64,
  timeUnixNano: uint64,
};
const number = z.strictObject({ ...base, asDouble: z.number() });
const histogram = z
  .strictObject({
    ...base,
    count: uint64,
    sum: z.number(),
    bucketCounts: z.array(uint64),
    explicitBounds: z.array(z.number()),
    min: z.number(),
    max: z.number(),
  })
  .refine(
    (point) => point.bucketCounts.length === point.explicitBounds.length + 1,
    "one bucket more than bounds",
  )
  .refine(
    (point) => point.bucketCounts.reduce((sum, count) => sum + Number(count), 0) === Number(point.count),
    "buckets add up",
  );
const temporality = z.literal(2);
const head = { name: z.string().startsWith("ape."), unit: z.string(), description: z.string().min(1) };
const metric = z.union([
  z.strictObject({
    ...head,
    sum: z.strictObject({
      aggregationTemporality: temporality,
      isMonotonic: z.literal(true),
      dataPoints: z.array(number).min(1),
    }),
  }),
  z.strictObject({ ...head, gauge: z.strictObject({ dataPoints: z.array(number).min(1) }) }),
  z.strictObject({
    ...head,
    histogram: z.strictObject({ aggregationTemporality: temporality, dataPoints: z.array(histogram).min(1) }),
  }),
]);
/** The JSON mapping of ExportMetricsServiceRequest, as far as it is used. */
const exportRequest = z.strictObject({
  resourceMetrics: z.tuple([
    z.strictObject({
      resource: z.strictObject({ attributes: base.attributes }),
      scopeMetrics: z.tuple([
        z.strictObject({
          scope: z.strictObject({ name: z.literal("ape"), version: z.string() }),
          metrics: z.array(metric),
        }),
      ]),
    }),
  ]),
});

interface Seen {
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

let collector: Server;
let seen: Seen[] = [];
let answers: { status: number; body: string }[] = [];
beforeEach(async () => {
  seen = [];
  answers = [];
  collector = createServer((incoming, answer) => {
    let body = "";
    incoming.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    incoming.on("end", () => {
      seen.push({ path: incoming.url, headers: incoming.headers, body });
      const next = answers.shift() ?? { status: 200, body: '{"partialSuccess":{}}' };
      answer.writeHead(next.status, { "content-type": "application/json" }).end(next.body);
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const address = (): string => `127.0.0.1:${(collector.address() as AddressInfo).port}`;
const open = (spec: string) => openExporter(spec, { manifest: sampleManifest(), cwd: "." });
function filled(): Aggregator {
  const aggregator = new Aggregator([]);
  for (const event of plausibleEvents(40)) aggregator.add(event);
  return aggregator;
}

test("a collector gets every metric in the form of OTLP", async () => {
  const exporter = await open(`otlp=http://user:p%40ss@${address()}/base/`);
  const aggregator = filled();
  await exporter.close(".", aggregator, 1_800_000_000_123.5);
  expect(seen).toHaveLength(1);
  expect(seen[0]?.path).toBe("/base/v1/metrics");
  expect(seen[0]?.headers).toMatchObject({
    "content-type": "application/json",
    authorization: `Basic ${base64("user:p@ss")}`,
  });
  const [{ resource, scopeMetrics }] = exportRequest.parse(JSON.parse(seen[0]?.body ?? "")).resourceMetrics;
  expect(resource.attributes).toContainEqual({
    key: "ape.run.id",
    value: { stringValue: sampleManifest().id },
  });
  const { metrics } = scopeMetrics[0];
  expect(metrics.map(({ name }) => name.slice("ape.".length)).sort()).toEqual(Object.keys(METRICS).sort());

  const duration = metrics.find(({ name }) => name === "ape.decision_duration");
  if (duration === undefined || !("histogram" in duration))
    throw new Error("decision_duration is no histogram");
  const points = duration.histogram.dataPoints;
  const sink = aggregator.sink("decision_duration");
  expect(points.reduce((sum, { count }) => sum + Number(count), 0)).toBe(sink?.statistic("count", 1));
  expect(Math.max(...points.map(({ max }) => max))).toBeCloseTo((sink?.statistic("max", 1) ?? 0) / 1000, 9);
  expect(points[0]?.timeUnixNano).toBe("1800000000123500000");
  expect(points[0]?.startTimeUnixNano).toBe(`${Date.parse(sampleManifest().startedAt)}000000`);

  const success = metrics.find(({ name }) => name === "ape.session_success");
  if (success === undefined || !("sum" in success)) throw new Error("session_success is no sum");
  const passed = success.sum.dataPoints.filter(({ attributes }) =>
    attributes.some(({ key, value }) => key === "result" && value.stringValue === "pass"),
  );
  expect(passed.reduce((sum, { asDouble }) => sum + asDouble, 0)).toBe(aggregator.sessions.succeeded);
});

test("figures are pushed every five seconds, whatever the clock says between", async () => {
  const exporter = await open(`otlp=http://${address()}/v1/metrics`);
  const aggregator = filled();
  const times = (): unknown[] =>
    seen.map(({ body }) => {
      const [{ scopeMetrics }] = exportRequest.parse(JSON.parse(body)).resourceMetrics;
      const [metric] = scopeMetrics[0].metrics;
      const points =
        metric === undefined
          ? []
          : "sum" in metric
            ? metric.sum.dataPoints
            : "gauge" in metric
              ? metric.gauge.dataPoints
              : metric.histogram.dataPoints;
      return points[0]?.timeUnixNano;
    });
  // A push that is still on its way lets none begin, so each moment is offered until one began.
  for (const [count, moments] of [
    [1, [1_000]],
    [2, [5_999, 6_000]],
    [3, [10_999, 11_000]],
  ] as const)
    await vi.waitFor(
      () => {
        for (const at of moments) exporter.push(aggregator, at);
        expect(seen).toHaveLength(count);
      },
      { timeout: 10_000 },
    );
  await exporter.close(".", aggregator, 11_500);
  expect(times()).toEqual([1_000, 6_000, 11_000, 11_500].map((at) => `${at}000000`));
  expect(seen.map(({ path }) => path)).toEqual(Array(4).fill("/v1/metrics"));
});

test("a push that fails on the way is made good by the last", async () => {
  answers = [
    { status: 503, body: "" },
    { status: 503, body: "" },
  ];
  const exporter = await open(`otlp=http://${address()}`);
  exporter.push(filled(), 1_000);
  await exporter.close(".", filled(), 2_000);
  expect(seen).toHaveLength(3);
});

test.each([
  ["an error", { status: 401, body: "who are you" }, "it answered 401 who are you"],
  [
    "refused points",
    { status: 200, body: '{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"full"}}' },
    "refused 3 of them: full",
  ],
])("a last push that ends in %s is EXPORT_FAILED, without the password", async (_, answer, text) => {
  answers = Array(3).fill(answer);
  const exporter = await open(`otlp=http://user:hunter2@${address()}`);
  const closed = exporter.close(".", filled(), 1_000).catch((thrown: unknown) => thrown);
  expect(await closed).toMatchObject({ code: "EXPORT_FAILED", message: expect.stringContaining(text) });
  expect(String(await closed)).not.toContain("hunter2");
  expect(seen).toHaveLength(3);
});

test("a server that is not there is EXPORT_FAILED", async () => {
  const exporter = await open(`otlp=http://${address()}`);
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
  await expect(exporter.close(".", filled(), 1_000)).rejects.toMatchObject({ code: "EXPORT_FAILED" });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
});
