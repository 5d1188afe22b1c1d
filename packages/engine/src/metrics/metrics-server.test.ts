import { get } from "node:http";
import { sendMalformedRequests } from "@ape/http/test/malformed-requests";
import { afterEach, expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { Aggregator } from "../aggregate/aggregator.ts";
import { systemClock } from "../host/clock.ts";
import { Exemplars } from "./exemplars.ts";
import { type MetricsServer, serveMetrics } from "./metrics-server.ts";
import { watchProcess } from "./process-figures.ts";
import { EMITTED_ELSEWHERE, showRun } from "./run-figures.ts";

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
  expect((await fetch(url.replace("/metrics", "/other"))).status).toBe(401);
  const headers = { authorization: "Bearer secret" };
  expect((await fetch(url.replace("/metrics", "/other"), { headers })).status).toBe(404);
  expect((await fetch(url, { headers, method: "DELETE" })).status).toBe(405);
});

test("a port that is taken is told with its code", async () => {
  const { url } = await serve();
  await expect(serve({ port: Number(new URL(url).port) })).rejects.toMatchObject({ code: "PORT_IN_USE" });
});

test("10,000 malformed requests leave a page that can be read", { timeout: 180_000 }, async () => {
  const { url } = await serve({ token: "secret", show: () => undefined });
  const paths = ["/metrics", "/healthz", "/readyz"];
  const { uncaught, sent, statuses } = await sendMalformedRequests(
    { port: Number(new URL(url).port), paths, token: "secret", seed: 1 },
    10_000,
  );
  expect(uncaught).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(10_000);
  for (const status of ["200", "400", "401", "403", "404", "405"])
    expect(statuses[status], status).toBeGreaterThan(10);
  expect(statuses["500"]).toBeUndefined();
  expect((await fetch(url, { headers: { authorization: "Bearer secret" } })).status).toBe(200);
});

test("a page that cannot be made is a 500, and the next one is served", async () => {
  let broken = true;
  const { url } = await serve({
    show: () => {
      if (broken) throw new Error("no figures");
    },
  });
  expect((await fetch(url)).status).toBe(500);
  broken = false;
  expect((await fetch(url)).status).toBe(200);
});

test("a server of containers is reached by service names and addresses, not by names of the public web", async () => {
  const { url } = await serve({
    token: "secret",
    host: "0.0.0.0",
    allowedHosts: ["metrics.company.example"],
  });
  const status = (host: string): Promise<number> =>
    new Promise((resolve, reject) => {
      get(url, { headers: { host, authorization: "Bearer secret" } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      }).on("error", reject);
    });
  for (const host of [
    "llama_agent:9464",
    "172.18.0.5:9464",
    "host.docker.internal",
    "metrics.company.example",
  ])
    expect(await status(host), host).toBe(200);
  for (const host of ["evil.example", "company.example"]) expect(await status(host), host).toBe(403);
});
