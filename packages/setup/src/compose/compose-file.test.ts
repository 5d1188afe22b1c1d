import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { OBSERVABILITY } from "@ape/core/config/compose";
import { parseConfig } from "@ape/core/config/parse";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { estimateResources, sizeText } from "../roles/size.ts";
import { composeFile } from "./compose-file.ts";
import { composeGenerator } from "./generator.ts";
import { projectName } from "./project-name.ts";

const run = promisify(execFile);
const installed = (() => {
  try {
    execFileSync("docker", ["compose", "version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

const config = (compose = "{}", load = "{ agents: 10 }", bus = "{}") =>
  parseConfig(
    `version: 1
runtime: compose
targets: { shop: { baseUrl: "http://sut_target:4010" } }
inference: { provider: cerebras, apiKey: "\${CEREBRAS_API_KEY}" }
goals: [{ name: look, prompt: Look., success: [{ action: { operation: GET / } }] }]
load: ${load}
compose: ${compose}
bus: ${bus}
`,
    "ape.config.yaml",
    { CEREBRAS_API_KEY: "csk-very-secret" },
  );

interface Stack {
  services: Record<
    string,
    {
      networks: string[];
      ports?: string[];
      read_only?: boolean;
      profiles?: string[];
      image?: string;
      deploy?: { replicas?: number; resources?: { limits: Record<string, unknown> } };
      healthcheck?: { test: string[] };
      environment?: Record<string, string>;
      volumes?: string[];
      secrets?: string[];
      cap_drop?: string[];
      security_opt?: string[];
      user?: string;
    }
  >;
  networks: Record<string, { internal?: boolean }>;
}
const stackOf = (compose?: string, load?: string, bus?: string): Stack => {
  const { config: read, written } = config(compose, load, bus);
  return parse(composeFile(read, written, "ape-t")) as Stack;
};

test("agents reach the gateway, the proxy and the bus, and of what observes only Prometheus' name", () => {
  const { services, networks } = stackOf("{ target: { image: shop }, observability: full }");
  expect(services.llama_agent?.networks).toEqual(["agents"]);
  expect(networks.agents?.internal).toBe(true);
  expect(services.sut_target?.networks).toEqual(["targets"]);
  const beside = Object.entries(services).flatMap(([name, { networks: own }]) =>
    (Array.isArray(own) ? own : Object.keys(own)).includes("agents") ? [name] : [],
  );
  expect(beside.sort()).toEqual(["cerebras_proxy", "llama_agent", "mcp_gateway", "nats", "prometheus"]);
  // It listens in the other network alone.
  expect(JSON.stringify(services.prometheus)).toContain("--web.listen-address=prometheus.control:9090");
  expect(services.prometheus?.networks).toMatchObject({ control: { aliases: ["prometheus.control"] } });
});

test("Compose fills of the target what the configuration fills, and nothing else", () => {
  const { config: read, written } = config(
    "{ target: { image: shop, command: [sh, -c, 'echo $HOME $${X} a$$'], healthcheck: [test, '$A'], environment: { A: '$PATH', B: '$${X}', C: '${D:-$E}', F: 'a$', G: '${H:=i}' } } }",
  );
  const { sut_target } = (parse(composeFile(read, written, "ape-t")) as Stack).services;
  expect(sut_target).toMatchObject({
    command: ["sh", "-c", "echo $$HOME $${X} a$$$$"],
    environment: { A: "$$PATH", B: "$${X}", C: "${D:-$$E}", F: "a$$", G: "$${H:=i}" },
    healthcheck: { test: ["CMD", "test", "$$A"] },
  });
});

test("ports are on loopback, roles write nothing, checks need no shell, no secret is in the file", () => {
  const { config: read, written } = config(
    "{ target: { image: shop, healthcheck: [check], environment: { PASSWORD: '${DB_PASSWORD:-very-secret}' } }, observability: full }",
  );
  const text = composeFile(read, written, "ape-t");
  expect(text).toContain("PASSWORD: ${DB_PASSWORD:-very-secret}");
  expect(text.replace("${DB_PASSWORD:-very-secret}", "")).not.toContain("very-secret");
  const { services } = parse(text) as Stack;
  for (const [name, { ports = [], healthcheck }] of Object.entries(services)) {
    for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
    if (healthcheck !== undefined) expect(healthcheck.test[0], name).toBe("CMD");
  }
  for (const name of ["llama_agent", "mcp_gateway", "cerebras_proxy"])
    expect(services[name]).toMatchObject({ read_only: true, cap_drop: ["ALL"] });
});

test("each role mounts its own files and secrets, and no variable of the configuration is in its environment", () => {
  const { services } = stackOf();
  const own = { llama_agent: "agents", mcp_gateway: "gateway", cerebras_proxy: "inference" };
  for (const [name, role] of Object.entries(own)) {
    const { volumes, secrets = [], environment } = services[name] ?? {};
    expect(volumes, name).toEqual([
      expect.stringMatching(new RegExp(`^\\$\\{APE_FILES:.*\\}/${role}:/project:ro$`)),
    ]);
    expect(
      secrets.filter((secret) => secret !== "ape_token"),
      name,
    ).toEqual(
      { agents: ["ape_bus"], gateway: ["ape_gateway"], inference: ["ape_bus", "ape_inference"] }[role],
    );
    for (const variable of Object.keys(environment ?? {})) expect(variable, name).toMatch(/^APE_/);
    expect(environment).not.toHaveProperty("APE_TOKEN");
  }
});

test("an existing NATS replaces the run's own, and only the roles that use it leave the agents' network for it", () => {
  const own = stackOf();
  expect(own.services.nats).toMatchObject({ networks: ["agents", "control"] });
  const bus = '{ url: "nats://nats.example:4222", credentials: { token: very-secret } }';
  const { services, networks, ...rest } = stackOf("{}", "{ agents: 10 }", bus);
  expect(services).not.toHaveProperty("nats");
  expect(networks).toHaveProperty("bus");
  expect(services.llama_agent?.networks).toEqual(["agents", "bus"]);
  expect(services.cerebras_proxy?.networks).toEqual(["agents", "models", "bus"]);
  expect(services.mcp_gateway?.networks).toEqual(["agents", "targets"]);
  expect(JSON.stringify([services, rest])).not.toMatch(/very-secret|ape_nats|nats\.conf|"nats"/);
});

test("every container has bounds, bounded logs and no way to gain rights; all but the target have a check", () => {
  const { services } = stackOf("{ target: { image: shop }, observability: full }");
  // Its image has neither shell nor client.
  const unchecked = ["sut_target", "tempo"];
  for (const [name, service] of Object.entries(services)) {
    expect(service, name).toMatchObject({ logging: { options: { "max-size": expect.any(String) } } });
    if (!unchecked.includes(name)) expect(service.healthcheck, name).toBeDefined();
    if (name === "sut_target") continue;
    expect(service.deploy?.resources?.limits, name).toEqual({
      cpus: expect.any(String),
      memory: expect.any(String),
      pids: expect.any(Number),
    });
    expect(service.security_opt, name).toEqual(["no-new-privileges:true"]);
    // cAdvisor measures the whole machine.
    if (name !== "cadvisor") expect(service.cap_drop, name).toEqual(["ALL"]);
  }
  expect(services.nats?.user).toBe(services.llama_agent?.user);
  expect(JSON.stringify(services.nats)).not.toContain("TOKEN}");
});

test("as many containers as the agents need, with limits that are told", () => {
  expect(stackOf("{}", "{ agents: 1000 }").services.llama_agent?.deploy?.replicas).toBe(4);
  const stages = "{ stages: [{ duration: 1s, agents: 7 }, { duration: 1s, agents: 3 }] }";
  expect(stackOf("{ agentsPerContainer: 1 }", stages).services.llama_agent?.deploy?.replicas).toBe(7);
  const size = estimateResources({ agentsPerContainer: 250 }, 1000);
  expect(sizeText(size)).toMatch(/^1000 agents in 4 containers of up to \d+ MiB, .* MiB at most$/);
  expect(size.agent.reservedBytes).toBeLessThan(size.agent.memoryBytes);
});

test("the collector is the one that was asked for; observability is a profile", () => {
  expect(Object.keys(stackOf().services)).toContain("alloy");
  expect(Object.keys(stackOf("{ collector: promtail }").services)).not.toContain("alloy");
  const { services } = stackOf();
  expect(services.prometheus?.profiles).toEqual(["metrics", "full"]);
  expect(services.grafana?.profiles).toEqual(["full"]);
  expect(services.nats?.profiles).toBeUndefined();
});

test("a project's name is one that Compose takes", () => {
  expect(projectName("/home/me/My Shop (2)")).toMatch(/^ape-my-shop-2--[0-9a-f]{6}$/);
  expect(projectName("/")).toMatch(/^ape-test-[0-9a-f]{6}$/);
  expect(projectName("/home/a/load")).not.toBe(projectName("/home/b/load"));
  expect(projectName("/home/a/load")).toBe(projectName("/home/a/load"));
});

describe("docker compose config", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ape-compose-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const variants = OBSERVABILITY.flatMap((profile) =>
    [
      "{}",
      "{ collector: promtail, agentsPerContainer: 1, webhook: 'http://hook.test' }",
      "{ target: { build: ./app, command: [a, b], environment: { A: b }, healthcheck: [check] } }",
      "{ target: { image: shop }, image: mine }",
    ].flatMap((compose) =>
      ["{}", "{ url: 'nats://nats.example:4222' }"].map((bus) => [profile, compose, bus] as const),
    ),
  );
  test.skipIf(!installed).each(variants)("%s %s %s", async (profile, compose, bus) => {
    const { config: read, written } = config(compose, undefined, bus);
    const files = await composeGenerator.files({ config: read, written, directory: folder, templates: "" });
    for (const { path, text } of files.filter(({ path }) => !path.includes("/")))
      await writeFile(join(folder, path), text);
    const { stdout } = await run(
      "docker",
      [
        "compose",
        "-f",
        "ape.docker-compose.yml",
        "-f",
        "ape.docker-compose.override.yml",
        "--profile",
        profile,
        "config",
        "--format",
        "json",
      ],
      { cwd: folder, env: { ...process.env, APE_FILES: "/none", APE_RUN: "r" } },
    );
    const names = Object.keys((JSON.parse(stdout) as Stack).services);
    expect(names.includes("prometheus")).toBe(profile !== "none");
    expect(names.includes("grafana")).toBe(profile === "full");
  });
});
