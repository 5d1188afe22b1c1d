import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ApeError } from "@ape/core/lib/errors";
import { PORT_TAKEN } from "./container-ports.ts";

/** One container of a project. */
export interface ContainerState {
  id: string;
  name: string;
  service: string;
  /** `running`, `exited`, `restarting`, `created`. */
  state: string;
  /** `healthy`, `starting`, `unhealthy`, or "" if it has no check. */
  health: string;
  exitCode: number;
}

const FILE = "ape.docker-compose.yml";
const OVERRIDE = "ape.docker-compose.override.yml";
/** Commands that start nothing need no run. */
const UNKNOWN = { APE_FILES: "/none", APE_RUN: "none" };
const HINT = "Containers need Docker with Compose v2; `--runtime embedded` needs neither.";
/** Hints by Docker's error message; the first match counts. */
const HINTS: readonly [RegExp, string][] = [
  [
    /pull access denied|manifest (?:for|unknown)|failed to resolve reference|no such host|TLS handshake|registry|toomanyrequests|i\/o timeout/i,
    "An image could not be pulled: try `docker pull` of it, sign in with `docker login`, or name one of your own with `compose.image` or in ape.docker-compose.override.yml.",
  ],
  [
    PORT_TAKEN,
    "A port is taken: end what listens there, or choose another with APE_PROMETHEUS_PORT, APE_GRAFANA_PORT, APE_LOKI_PORT or APE_OTLP_PORT.",
  ],
  [
    /address pool/i,
    "Docker has no room for more networks: `ape-test clean` in the folders of earlier runs, or `docker network prune`.",
  ],
  [
    /no such container|network \S+ not found|is being removed|removal of container/i,
    "Something else removed containers of this run meanwhile: start it again.",
  ],
  [/no space left on device/i, "The disk is full: `docker system df` says by what."],
  [
    /permission denied.*docker\.sock|dial unix.*permission denied/i,
    "This user may not use Docker: join the group `docker`, or use rootless Docker.",
  ],
  [
    /Cannot connect to the Docker daemon|Is the docker daemon running/i,
    "Docker is installed but does not run: start it.",
  ],
];
const MOST_OUTPUT = 64 * 1024 * 1024;

/** The project's containers, through `docker compose`. */
export class DockerCompose {
  readonly #directory: string;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #profile: string;
  readonly #project: string;

  /**
   * @param directory the folder of `ape.docker-compose.yml`
   * @param environment of the file's variables, and of the connection to the engine (`PATH`, `DOCKER_HOST`)
   * @param project the Compose project: {@link runProject}
   * @param profile of observability
   */
  constructor(
    directory: string,
    environment: Readonly<Record<string, string | undefined>>,
    project: string,
    profile = "full",
  ) {
    this.#project = project;
    this.#directory = directory;
    this.#environment = environment;
    this.#profile = profile;
  }

  get #words(): string[] {
    const files = ["--file", FILE, "--file", OVERRIDE];
    return ["compose", ...files, "--profile", this.#profile, "--project-name", this.#project];
  }

  /**
   * Runs `docker compose` with these arguments and returns its output.
   * @throws ApeError CONTAINERS_FAILED
   */
  async run(...words: readonly string[]): Promise<string> {
    return docker([...this.#words, ...words], {
      cwd: this.#directory,
      env: { ...UNKNOWN, ...this.#environment },
    });
  }

  /**
   * Runs `docker compose` with these arguments and passes on its lines as they come, until it ends or the signal
   * aborts.
   * @throws ApeError CONTAINERS_FAILED
   */
  async lines(words: readonly string[], visit: (line: string) => void, signal: AbortSignal): Promise<void> {
    const child = spawn("docker", [...this.#words, ...words], {
      cwd: this.#directory,
      env: { ...UNKNOWN, ...this.#environment },
      stdio: ["ignore", "pipe", "inherit"],
      signal,
    });
    const ended = new Promise<void>((resolve, reject) => {
      child.once("error", (cause) => {
        if (signal.aborted) resolve();
        else
          reject(new ApeError("CONTAINERS_FAILED", "`docker compose` cannot be run", { cause, hint: HINT }));
      });
      child.once("close", () => resolve());
    });
    for await (const line of createInterface({ input: child.stdout })) visit(line);
    await ended;
  }

  /** The project's services in this profile, and whether each has a health check. */
  async services(): Promise<Map<string, { checked: boolean }>> {
    const { services } = JSON.parse(await this.run("config", "--format", "json")) as {
      services: Record<string, { healthcheck?: { disable?: boolean } }>;
    };
    return new Map(
      Object.entries(services).map(([name, { healthcheck }]) => [
        name,
        { checked: healthcheck !== undefined && healthcheck.disable !== true },
      ]),
    );
  }

  /** How often Docker has restarted each of these containers. */
  async restarts(ids: readonly string[]): Promise<number[]> {
    if (ids.length === 0) return [];
    const text = await docker(["inspect", "--format", "{{.RestartCount}}", ...ids], {
      env: this.#environment,
    });
    return text.trim().split("\n").map(Number);
  }

  /** Every container of the project, including ended ones. */
  async containers(): Promise<ContainerState[]> {
    const text = await this.run("ps", "--all", "--no-trunc", "--format", "json");
    return text
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => {
        const one = JSON.parse(line) as Record<"ID" | "Name" | "Service" | "State" | "Health", string> & {
          ExitCode: number;
        };
        return {
          id: one.ID,
          name: one.Name,
          service: one.Service,
          state: one.State,
          health: one.Health ?? "",
          exitCode: one.ExitCode,
        };
      });
  }
}

/**
 * Runs `docker` and returns its output.
 * @throws ApeError CONTAINERS_FAILED, with its last lines
 */
export function docker(
  words: readonly string[],
  options: { cwd?: string; env: Readonly<Record<string, string | undefined>> },
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      "docker",
      [...words],
      { ...options, env: { ...options.env }, maxBuffer: MOST_OUTPUT },
      (cause, stdout, stderr) => {
        if (cause === null) {
          resolve(stdout);
          return;
        }
        const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
        reject(
          new ApeError(
            "CONTAINERS_FAILED",
            missing ? "there is no `docker` on this machine" : `docker ${shownOf(words)} failed`,
            {
              details: stderr.trim().split("\n").slice(-6),
              hint: HINTS.find(([said]) => said.test(stderr))?.[1] ?? HINT,
            },
          ),
        );
      },
    );
  });
}

const COMMON_OPTION = /^--(?:file|profile|project-name)$/;

/** The arguments without the options that every call has. */
function shownOf(words: readonly string[]): string {
  return words
    .filter((word, index) => !COMMON_OPTION.test(word) && !COMMON_OPTION.test(words[index - 1] ?? ""))
    .join(" ");
}

/**
 * The Compose project of a run: containers and networks have the run's id in their names.
 * @param project the folder's, the prefix of the projects of its runs
 */
export function runProject(project: string, run: string): string {
  return `${project}-${run}`;
}

/** The id of the run that a Compose project of this folder belongs to; undefined for other projects. */
export function runOfProject(project: string, of: string): string | undefined {
  return of.startsWith(`${project}-`)
    ? /^\d{8}-\d{6}-[0-9a-f]{4}$/.exec(of.slice(project.length + 1))?.[0]
    : undefined;
}
