import { execFile } from "node:child_process";
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
      env: { APE_TOKEN: "none", APE_RUN: "none", ...this.#environment },
    });
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
              hint: "Containers need Docker with Compose v2; `--runtime embedded` needs neither.",
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
