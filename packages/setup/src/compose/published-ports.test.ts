import { configSchema } from "@ape/core/config/schema";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { composeFile } from "./compose-file.ts";
import { portsOf, takenText } from "./published-ports.ts";

test("what observes a run takes ports, which the environment may change", () => {
  expect(portsOf("none", {})).toEqual([]);
  expect(portsOf("metrics", {}).map(({ port }) => port)).toEqual([9090]);
  const full = portsOf("full", { APE_GRAFANA_PORT: "3333", APE_LOKI_PORT: "" });
  expect(full.map(({ service, port }) => `${service} ${port}`)).toEqual([
    "prometheus 9090",
    "grafana 3333",
    "loki 3100",
    "tempo 4318",
  ]);
  expect(full.map(takenText)[1]).toBe(
    "port 3333 of grafana is taken: name another with APE_GRAFANA_PORT in ape.env",
  );
});

test("they are the fixed ports of the Compose file, all of them", () => {
  const config = configSchema.parse({
    version: 1,
    targets: { a: { baseUrl: "http://127.0.0.1:1" } },
    inference: { provider: "simulated" },
    goals: [{ name: "g", prompt: "p", success: [{ action: { operation: "GET /" } }] }],
    load: { agents: 1 },
  });
  const { services } = parse(composeFile(config, {}, "p")) as {
    services: Record<string, { ports?: string[] }>;
  };
  const fixed = Object.entries(services).flatMap(([name, { ports = [] }]) =>
    ports.flatMap((line) => {
      const usual = Number(/:-(\d+)\}/.exec(line)?.[1]);
      return usual === 0 ? [] : [`${name} ${usual}`];
    }),
  );
  expect(fixed.sort()).toEqual(
    portsOf("full", {})
      .map(({ service, usual }) => `${service} ${usual}`)
      .sort(),
  );
});
