import { afterEach, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { Aggregator } from "../collect/aggregator.ts";
import { plausibleEvents } from "../collect/plausible-events.ts";
import { Exemplars } from "./exemplars.ts";
import { watchProcess } from "./process-figures.ts";
import { EMITTED_ELSEWHERE, showRun } from "./run-figures.ts";
import { type MetricsServer, serveMetrics } from "./server.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(options: Partial<Parameters<typeof serveMetrics>[0]> = {}): Promise<MetricsServer> {
  const aggregator = new Aggregator([]);
  const exemplars = new Exemplars();
  for (const event of plausibleEvents(30)) {
    aggregator.add(event);
    exemplars.add(event);
  }
  const own = watchProcess("agents-0", systemClock);
  closing.push(own.close);
  const server = await serveMetrics({
    port: 0,
    labels: { run: "r1" },
    show: (page) => {
      showRun(page, {
        aggregator,
        agentsWanted: 7,
        without: EMITTED_ELSEWHERE,
        exemplarOf: (metric, labels) => exemplars.of(metric, labels),
      });
      own.figures.show(page);
    },
    ...options,
  });
  closing.push(server.close);
  return server;
}

test("a page of a role: its own metrics, none that another role shows, its process, exemplars on request", async () => {
  const { url } = await serve();
  const plain = await fetch(url);
  expect(plain.headers.get("content-type")).toContain("version=0.0.4");
  const text = await plain.text();
  expect(text).toMatch(/^ape_actions_total\{run="r1",target="shop",.*goal="buy"\} \d+$/m);
  expect(text).toMatch(/^ape_agents_wanted\{run="r1"\} 7$/m);
  expect(text).toMatch(/^ape_process_resident_bytes\{run="r1",part="agents-0"\} [1-9]\d+$/m);
  expect(text).not.toContain("ape_target_seconds");
  const open = await fetch(url, { headers: { accept: "application/openmetrics-text; version=1.0.0" } });
  expect(await open.text()).toMatch(/ # \{trace_id="0[0-9]+"\} /);
});

test("the token guards the figures and not the health checks", async () => {
  const { url } = await serve({ token: "secret", ready: () => false });
  expect((await fetch(url)).status).toBe(401);
  expect((await fetch(url, { headers: { authorization: "Bearer wrong!" } })).status).toBe(401);
  expect((await fetch(url, { headers: { authorization: "Bearer secret" } })).status).toBe(200);
  expect((await fetch(url.replace("/metrics", "/healthz"))).status).toBe(200);
  expect((await fetch(url.replace("/metrics", "/readyz"))).status).toBe(503);
  expect((await fetch(url.replace("/metrics", "/other"))).status).toBe(404);
});

test("a port that is taken is told with its code", async () => {
  const { url } = await serve();
  await expect(serve({ port: Number(new URL(url).port) })).rejects.toMatchObject({ code: "PORT_IN_USE" });
});
