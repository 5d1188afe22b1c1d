import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ApeError } from "@ape/core/errors";

/** One container of a project. */
export interface ContainerState {
  id: string;
  name: string;
  service: string;
  /** `running`, `exited`, `restarting`, `created`. */
  state: string;
  /** `healthy`, `starting`, `unhealthy`, or "" where it has no check. */
  health: string;
  exitCode: number;
}

const FILE = "ape.docker-compose.yml";
const OVERRIDE = "ape.docker-compose.override.yml";
/** Commands that start nothing need no run. */
const UNKNOWN = { APE_TOKEN: "none", APE_RUN: "none" };
const HINT = "Containers need Docker with Compose v2; `--runtime embedded` needs neither.";
const MOST_OUTPUT = 64 * 1024 * 1024;

/** The project's containers, through `docker compose`. */
export class DockerCompose {
  readonly #directory: string;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #profile: string;

  /**
   * @param directory the folder of `ape.docker-compose.yml`
   * @param environment what the file's variables are read from, and the way to the engine (`PATH`, `DOCKER_HOST`)
   * @param profile of observability
   */
  constructor(
    directory: string,
    environment: Readonly<Record<string, string | undefined>>,
    profile = "full",
  ) {
    this.#directory = directory;
    this.#environment = environment;
    this.#profile = profile;
  }

  /**
   * Runs `docker compose` with these words and gives its output.
   * @throws ApeError CONTAINERS_FAILED
   */
  async run(...words: readonly string[]): Promise<string> {
    const files = ["--file", FILE, "--file", OVERRIDE];
    return docker(["compose", ...files, "--profile", this.#profile, ...words], {
      cwd: this.#directory,
      env: { ...UNKNOWN, ...this.#environment },
    });
  }

  /**
   * Runs `docker compose` with these words and hands over its lines as they come, until it ends or the signal says so.
   * @throws ApeError CONTAINERS_FAILED
   */
  async lines(words: readonly string[], visit: (line: string) => void, signal: AbortSignal): Promise<void> {
    const files = ["--file", FILE, "--file", OVERRIDE];
    const child = spawn("docker", ["compose", ...files, "--profile", this.#profile, ...words], {
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

  /** Every container of the project, those that have ended too. */
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
 * Runs `docker` and gives its output.
 * @throws ApeError CONTAINERS_FAILED, with the last lines that it said
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
              hint: HINT,
            },
          ),
        );
      },
    );
  });
}

/** The words without those that every call has. */
function shownOf(words: readonly string[]): string {
  return words
    .filter((word, index) => !word.startsWith("--f") && !words[index - 1]?.startsWith("--f"))
    .join(" ");
}
