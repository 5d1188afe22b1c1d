import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectName } from "@ape/setup/compose/project-name";
import type { Books } from "@ape/shop/books";
import { APE_IMAGE } from "../containers/images.ts";
import { ProjectFolder } from "./ape.ts";
import { shopping } from "./shopping.ts";

/** A project whose shop is a container too, by the user's own Compose file. */
const OVERRIDE = `services:
  sut_target:
    entrypoint: ["node", "/app/dist/shop.js"]
`;
const CHECK = 'fetch("http://127.0.0.1:4010/products").then(() => process.exit(0), () => process.exit(1))';

/** The built command on a project in containers. */
export class ComposeProject {
  readonly folder: ProjectFolder;
  /** Prometheus' port on loopback. */
  readonly prometheus: number;

  private constructor(folder: ProjectFolder, prometheus: number) {
    this.folder = folder;
    this.prometheus = prometheus;
  }

  static async create(options: {
    load: string;
    agentsPerContainer: number;
    /** Customers of the shop; 600 by default. */
    accounts?: number;
    prometheus: number;
    /** The shop's faults. */
    faults?: object;
    inference?: string;
    thresholds?: string;
    /** Replacements in the text of the configuration. */
    edit?: (config: string) => string;
    files?: Record<string, string>;
  }): Promise<ComposeProject> {
    const { load, accounts = 600, faults = {}, inference, thresholds, edit } = options;
    const files = {
      ...shopping("http://sut_target:4010", {
        load,
        accounts,
        ...(inference === undefined ? {} : { inference }),
        ...(thresholds === undefined ? {} : { thresholds }),
      }),
      ...options.files,
    };
    if (edit !== undefined) files["ape.config.yaml"] = edit(files["ape.config.yaml"] ?? "");
    const folder = await ProjectFolder.create(files);
    // The containers' user differs from the folder's owner.
    chmodSync(folder.directory, 0o755);
    writeFileSync(join(folder.directory, "ape.docker-compose.override.yml"), OVERRIDE);
    appendFileSync(
      join(folder.directory, "ape.config.yaml"),
      `runtime: compose
compose:
  agentsPerContainer: ${options.agentsPerContainer}
  target:
    image: ${APE_IMAGE}
    command: [--host, 0.0.0.0, --port, "4010", --control-port, "4011", --accounts, "${accounts}", --faults, ${JSON.stringify(JSON.stringify(faults))}]
    healthcheck: [node, -e, ${JSON.stringify(CHECK)}]
`,
    );
    return new ComposeProject(folder, options.prometheus);
  }

  get environment(): Record<string, string> {
    const { DOCKER_HOST, DOCKER_CONFIG } = process.env;
    return {
      APE_IMAGE,
      APE_PROMETHEUS_PORT: String(this.prometheus),
      ...(DOCKER_HOST === undefined ? {} : { DOCKER_HOST }),
      ...(DOCKER_CONFIG === undefined ? {} : { DOCKER_CONFIG }),
    };
  }

  /** Names of the containers of a service that run. */
  containers(service: string): string[] {
    const project = projectName(this.folder.directory);
    const filter = ["--filter", `label=com.docker.compose.service=${service}`];
    return execFileSync("docker", ["ps", ...filter, "--format", "{{.Names}}"], { encoding: "utf8" })
      .split("\n")
      .filter((name) => name.startsWith(`${project}-`));
  }

  /** What a container is given: its configuration and mounts, as `docker inspect` shows them. */
  inspect(service: string): string {
    return execFileSync("docker", ["inspect", ...this.containers(service)], { encoding: "utf8" });
  }

  /** Runs a Node script in a container of a service. */
  evaluate(service: string, script: string): string {
    const [first = ""] = this.containers(service);
    return execFileSync("docker", ["exec", first, "node", "-e", script], { encoding: "utf8" });
  }

  kill(container: string): void {
    execFileSync("docker", ["kill", container], { stdio: "ignore" });
  }

  /** The shop's own record. */
  books(): Books {
    const script =
      'fetch("http://127.0.0.1:4011/books").then((r) => r.text()).then((t) => process.stdout.write(t))';
    const [shop = ""] = this.containers("sut_target");
    const text = execFileSync("docker", ["exec", shop, "node", "-e", script], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    return JSON.parse(text) as Books;
  }

  /** One of Prometheus' own metrics. */
  async ask(query: string): Promise<number> {
    const url = `http://127.0.0.1:${this.prometheus}/api/v1/query?query=${encodeURIComponent(query)}`;
    const answer = (await (await fetch(url)).json()) as { data: { result: { value: [number, string] }[] } };
    return Number(answer.data.result[0]?.value[1] ?? Number.NaN);
  }

  /** Prometheus' current scrape targets, with their health: `up`, or `down` with the reason. */
  async targets(): Promise<{ job: string; health: string; error: string }[]> {
    const answer = await fetch(`http://127.0.0.1:${this.prometheus}/api/v1/targets?state=active`);
    const { data } = (await answer.json()) as {
      data: { activeTargets: { labels: { job: string }; health: string; lastError: string }[] };
    };
    return data.activeTargets.map(({ labels, health, lastError }) => ({
      job: labels.job,
      health,
      error: lastError,
    }));
  }

  /** Every series' name that Prometheus has seen. */
  async names(): Promise<string[]> {
    const url = `http://127.0.0.1:${this.prometheus}/api/v1/label/__name__/values`;
    return ((await (await fetch(url)).json()) as { data: string[] }).data;
  }

  async remove(): Promise<void> {
    await this.folder.run(["clean", "--yes"], this.environment);
    await this.folder.remove();
  }
}
