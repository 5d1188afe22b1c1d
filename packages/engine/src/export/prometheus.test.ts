import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { METRICS, type MetricName, prometheusName } from "@ape/core/metrics/metrics";
import { request } from "undici";
import { expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { sampleManifest } from "../../test/sample-run.ts";
import { Aggregator } from "../aggregate/aggregator.ts";
import { freePort } from "../host/free-port.ts";
import { openExporter } from "./exporter.ts";
import { promSamples } from "./prometheus.ts";

function filled(): Aggregator {
  const aggregator = new Aggregator([]);
  for (const event of plausibleEvents(40)) aggregator.add(event);
  return aggregator;
}

test("every metric becomes series whose names come from the registry", () => {
  const samples = promSamples(filled(), "r1");
  for (const metric of Object.keys(METRICS) as MetricName[]) {
    const name = prometheusName(metric);
    const suffixes = { trend: ["_bucket", "_sum", "_count"], rate: ["_passes_total", "_fails_total"] };
    const { type } = METRICS[metric];
    const names =
      type === "trend" || type === "rate" ? suffixes[type].map((suffix) => name + suffix) : [name];
    for (const one of names)
      expect(
        samples.some((sample) => sample.name === one),
        one,
      ).toBe(true);
  }
  for (const { name, labels } of samples) {
    expect(name).toMatch(/^ape_[a-z_]+$/);
    expect(labels.run).toBe("r1");
  }
});

test("buckets are cumulative and end at the count", () => {
  const samples = promSamples(filled(), "r1").filter(({ name }) => name.startsWith("ape_decision_seconds"));
  const buckets = samples.filter(({ name, labels }) => name.endsWith("_bucket") && labels.goal === "buy");
  const values = buckets.map(({ value }) => value);
  expect(values).toEqual([...values].sort((a, b) => a - b));
  expect(buckets.at(-1)?.labels.le).toBe("+Inf");
  const count = samples.find(({ name, labels }) => name.endsWith("_count") && labels.goal === "buy");
  expect(values.at(-1)).toBe(count?.value);
});

const installed = isInstalled();

function isInstalled(): boolean {
  try {
    execFileSync("prometheus", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!installed)(
  "a real Prometheus takes the figures (skipped where `prometheus` is not installed)",
  async () => {
    const aggregator = filled();
    const server = await startPrometheus();
    try {
      const exporter = await openExporter(`prometheus-rw=${server.url}/api/v1/write`, {
        manifest: sampleManifest(),
        cwd: ".",
      });
      const now = Date.now();
      exporter.push(aggregator, now - 10_000);
      await exporter.close(".", aggregator, now);
      const ask = async (query: string): Promise<number> => {
        const { body } = await request(`${server.url}/api/v1/query`, { query: { query, time: now / 1000 } });
        const answer = (await body.json()) as { data: { result: { value: [number, string] }[] } };
        return Number(answer.data.result[0]?.value[1]);
      };
      const run = `run="${sampleManifest().id}"`;
      expect(await ask(`sum(ape_actions_total{${run}})`)).toBe(
        aggregator.sink("actions")?.statistic("count", 1),
      );
      expect(await ask(`sum(ape_actions_total{${run},operation="POST /orders",status="500"})`)).toBe(
        aggregator.sink('actions{operation:"POST /orders",status:"500"}')?.statistic("count", 1),
      );
      expect(await ask(`sum(ape_session_success_passes_total{${run}})`)).toBe(aggregator.sessions.succeeded);
      const p95 = await ask(`histogram_quantile(0.95, sum by (le) (ape_action_seconds_bucket{${run}}))`);
      const exact = (aggregator.sink("action_duration")?.statistic("p(95)", 1) ?? 0) / 1000;
      expect(Math.abs(p95 - exact)).toBeLessThan(0.02);
      expect(await ask(`ape_agents_active{${run}}`)).toBe(0);
    } finally {
      await server.stop();
    }
  },
);

async function startPrometheus(): Promise<{ url: string; stop: () => Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), "ape-prometheus-"));
  writeFileSync(join(directory, "prometheus.yml"), "scrape_configs: []\n");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server: ChildProcess = spawn(
    "prometheus",
    [
      `--config.file=${join(directory, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(directory, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-remote-write-receiver",
    ],
    { stdio: "ignore" },
  );
  const stop = async (): Promise<void> => {
    if (server.exitCode === null) {
      const gone = once(server, "exit");
      server.kill("SIGKILL");
      await gone;
    }
    rmSync(directory, { recursive: true, force: true });
  };
  for (let i = 0; i < 150; i += 1) {
    const ready = await request(`${url}/-/ready`).then(
      async ({ statusCode, body }) => {
        await body.dump();
        return statusCode === 200;
      },
      () => false,
    );
    if (ready) return { url, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error("prometheus did not become ready");
}
