import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { EXIT } from "@ape/core/lib/errors";
import type { RunProgress } from "@ape/core/report/progress";
import { ComposeLauncher } from "@ape/engine/launch/compose";
import { loadProject } from "@ape/engine/project/project";
import { startRun } from "@ape/engine/run/run";
import { composeGenerator } from "@ape/setup/compose/generator";
import { projectName } from "@ape/setup/compose/project-name";
import { writeChanges } from "@ape/setup/generate/file-changes";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { APE_IMAGE, buildApeImage, importStandIns, whyNoEngine } from "../containers/images.ts";
import { inferenceOf, liveSuite } from "../launchers/live-suite.ts";
import { eventually } from "./ape.ts";
import { ComposeProject } from "./compose-rig.ts";

const missing = whyNoEngine();
// With a longer tail one in fifty runs has an agent that still thinks when `gracefulStop` (30 s) is over: a session is interrupted.
const THINK = "thinkTime: { lognormal: { median: 400ms, p95: 1200ms } }";
const TIMEOUT = { timeout: 180_000 };
const projects: ComposeProject[] = [];
let port = 20_090 + Math.floor(Math.random() * 1_000);

type Options = Partial<Parameters<typeof ComposeProject.create>[0]> & { load: string };

async function project(options: Options): Promise<ComposeProject> {
  port += 1;
  const made = await ComposeProject.create({ agentsPerContainer: 20, prometheus: port, ...options });
  projects.push(made);
  return made;
}

async function progress({ folder, environment }: ComposeProject): Promise<RunProgress> {
  const { stdout } = await folder.run(["status", "--json"], environment);
  return JSON.parse(stdout) as RunProgress;
}

afterEach(async () => {
  for (const one of projects.splice(0)) await one.remove();
}, 60_000);

describe.skipIf(missing !== undefined)(`runs in containers ${missing ?? ""}`, () => {
  beforeAll(() => {
    buildApeImage();
    importStandIns();
  }, 120_000);

  describe("live figures", () => {
    liveSuite("short", async (options) => {
      const { folder, environment } = await project({ ...options, inference: inferenceOf(options) });
      const { directory } = folder;
      const read = await loadProject({ cwd: directory, environment: {} });
      const files = await composeGenerator.files({ ...read, templates: "" });
      // The rig's own override makes the shop a container.
      await writeChanges(
        files.filter(({ once }) => once !== true),
        directory,
      );
      return startRun(read, {
        workerEntry: "",
        version: "0",
        launcher: (run) =>
          new ComposeLauncher(run, {
            project: projectName(directory),
            image: APE_IMAGE,
            observability: "none",
            environment: { ...process.env, ...environment },
          }),
      });
    });
  });

  test(
    "roles get their own secrets and files alone; a second start and clean are refused while the run is live",
    TIMEOUT,
    async () => {
      const secrets = { MODEL_KEY: "csk-model-key-1", TARGET_KEY: "target-key-22", OTHER: "other-secret-3" };
      const shop = await project({
        load: `{ agents: 4, duration: 10m, ${THINK} }`,
        inference: '{ provider: simulated, model: "${MODEL:-simulated}", apiKey: "${MODEL_KEY}" }',
        edit: (config) =>
          config.replace(
            "spec: ./openapi.yaml",
            'spec: ./openapi.yaml, headers: { X-Key: "${TARGET_KEY}", X-Stage: "${STAGE:-test}" }',
          ),
        files: {
          "ape.env": Object.entries(secrets)
            .map(([name, value]) => `${name}=${value}\n`)
            .join(""),
        },
      });
      const { finished, says } = shop.folder.start(["start", "--observability", "none"], shop.environment);
      await says(/4\/4 agents/);
      for (const service of ["llama_agent", "mcp_gateway", "cerebras_proxy", "nats"])
        for (const value of Object.values(secrets))
          expect(shop.inspect(service), service).not.toContain(value);
      const list =
        'console.log(JSON.stringify([require("fs").readdirSync("/project").sort(), require("fs").readdirSync("/run/secrets").sort(), Object.keys(process.env)]))';
      const seen = (service: string): [string[], string[], string[]] =>
        JSON.parse(shop.evaluate(service, list));
      expect(seen("llama_agent").slice(0, 2)).toEqual([["accounts.csv"], ["ape_bus", "ape_token"]]);
      expect(seen("mcp_gateway").slice(0, 2)).toEqual([
        ["ape.mcp-gateway.json", "openapi.yaml"],
        ["ape_gateway", "ape_token"],
      ]);
      expect(seen("cerebras_proxy").slice(0, 2)).toEqual([
        ["ape.config.yaml"],
        ["ape_bus", "ape_inference", "ape_token"],
      ]);
      const read = (name: string): string =>
        `process.stdout.write(require("fs").readFileSync("/run/secrets/${name}", "utf8"))`;
      expect(JSON.parse(shop.evaluate("mcp_gateway", read("ape_gateway")))).toEqual({
        TARGET_KEY: secrets.TARGET_KEY,
      });
      expect(JSON.parse(shop.evaluate("cerebras_proxy", read("ape_inference")))).toEqual({
        MODEL_KEY: secrets.MODEL_KEY,
      });
      // The bus answers nobody without the token, and its monitor nobody outside of its container.
      const knock = (to: string): string =>
        shop
          .evaluate(
            "llama_agent",
            `fetch("http://${to}").then((r) => console.log(r.status), () => console.log("refused"))`,
          )
          .trim();
      expect(knock("nats:8222/varz")).toBe("refused");
      const run = (await shop.folder.lastRun()).split("/").at(-1) ?? "";
      const containers = shop.containers("llama_agent");
      expect(containers[0]).toContain(run);
      for (const command of [["start"], ["clean", "--yes"]]) {
        const { exit, stderr } = await shop.folder.run(command, shop.environment);
        expect(exit, stderr).toBe(EXIT.config);
        expect(stderr).toMatch(new RegExp(`run ${run} is live[\\s\\S]*ape-test stop`));
      }
      expect(shop.containers("llama_agent")).toEqual(containers);
      expect(await shop.folder.runs()).toHaveLength(1);
      await shop.folder.run(["stop"], shop.environment);
      expect((await finished).exit).toBe(EXIT.interrupted);
      expect((await shop.folder.summary()).sessions.interrupted).toBe(0);
      expect(readdirSync(join(await shop.folder.lastRun(), "containers"))).toEqual(["scrape-token"]);
    },
  );

  test(
    "an engine dies, another run starts: the first is continued later with its own containers and token",
    TIMEOUT,
    async () => {
      const shop = await project({ load: `{ agents: 20, duration: 10m, ${THINK} }` });
      const { environment, folder } = shop;
      const first = folder.start(["start"], environment);
      await first.says(/20\/20 agents/);
      first.process.kill("SIGKILL");
      await first.finished;
      const died = (await folder.lastRun()).split("/").at(-1) ?? "";
      for (const command of [["status"], ["stop"], ["scale", "--agents", "3"], ["report"], ["runs"]]) {
        const { stdout, stderr } = await folder.run(command, environment);
        expect(stdout + stderr, command[0]).toContain(`ape-test start --continue ${died}`);
      }
      const second = await folder.run(["start", "--sessions", "20", "--agents", "5"], environment);
      expect(second.exit, second.stderr).toBe(0);
      const third = folder.start(["start", "--continue", "latest"], environment);
      await third.says(/20\/20 agents/);
      const live = await progress(shop);
      expect(live.run).toBe(died);
      expect(live.agentsActive).toBeLessThanOrEqual(20);
      // Prometheus reads all roles with the token of this run.
      await eventually(async () => {
        const targets = await shop.targets();
        return (
          ["agents", "gateway", "inference"].every((job) => targets.some((target) => target.job === job)) &&
          targets.every(({ health }) => health === "up")
        );
      }, 30_000).catch(async () => expect(await shop.targets()).toEqual([]));
      const refused = await folder.run(["start", "--continue", died], environment);
      expect(refused.exit).toBe(EXIT.config);
      expect(refused.stderr).toContain("is live");
      await folder.run(["stop"], environment);
      const { exit, stderr } = await third.finished;
      expect(exit, stderr).toBe(EXIT.interrupted);
      const none = await folder.run(["start", "--continue", "latest"], environment);
      expect(none.exit).toBe(EXIT.config);
      expect(none.stderr).toContain("no run of this folder can be continued");
    },
  );

  test(
    "a run whose message bus is removed from outside ends and says so; another role is started again",
    TIMEOUT,
    async () => {
      const shop = await project({ load: `{ agents: 4, duration: 10m, ${THINK} }` });
      const { finished, says } = shop.folder.start(["start", "--observability", "none"], shop.environment);
      await says(/4\/4 agents/);
      const remove = (service: string) =>
        execFileSync("docker", ["rm", "--force", ...shop.containers(service)], { stdio: "ignore" });
      remove("mcp_gateway");
      await eventually(() => shop.containers("mcp_gateway").length === 1, 30_000);
      remove("nats");
      const { exit, stderr } = await finished;
      expect(exit, stderr).toBe(EXIT.crashed);
      expect(stderr).toContain("message bus was removed from outside");
      expect(shop.containers("sut_target")).toEqual([]);
    },
  );

  test(
    "a role that cannot start is reported within seconds with its last lines, and nothing stays behind",
    TIMEOUT,
    async () => {
      const shop = await project({
        load: "{ agents: 4, sessions: 4 }",
        edit: (config) =>
          config.replace("spec: ./openapi.yaml", "spec: ./openapi.yaml, tls: { ca: ./no-such.pem }"),
      });
      const began = performance.now();
      const { exit, stderr } = await shop.folder.run(["start", "--observability", "none"], shop.environment);
      expect(exit).toBe(EXIT.crashed);
      expect(stderr).toMatch(/mcp_gateway is ending as soon as it starts[\s\S]*no-such\.pem/);
      expect(performance.now() - began).toBeLessThan(45_000);
      expect(await shop.folder.runs()).toEqual([]);
      for (const service of ["mcp_gateway", "nats", "sut_target"])
        expect(shop.containers(service)).toEqual([]);
    },
  );
});
