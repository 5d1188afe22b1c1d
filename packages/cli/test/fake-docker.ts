import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

const FAILURE = "\u0000";

/** For tests: a `docker` on a path of its own, which writes down what it is told and says what it was taught. */
export class FakeDocker {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** @param answers shell patterns of the words, each with what is then said; the first that fits counts, all others fail */
  static async create(folder: string, answers: Readonly<Record<string, string>>): Promise<FakeDocker> {
    const directory = join(folder, "fake-docker");
    await mkdir(directory);
    const cases: string[] = [];
    for (const [index, [pattern, said]] of Object.entries(answers).entries()) {
      const answer = join(directory, `answer-${index}`);
      await writeFile(answer, said.replace(FAILURE, ""));
      const say = said.startsWith(FAILURE) ? `cat "${answer}" >&2; exit 1` : `cat "${answer}"`;
      cases.push(`${pattern.replaceAll(/[^\w*]/g, "\\$&")}) ${say} ;;`);
    }
    const script = `#!/bin/sh\necho "$*" >> "${directory}/told"\ncase "$*" in\n${cases.join("\n")}\n*) echo "no such thing: $*" >&2; exit 1 ;;\nesac\n`;
    const program = join(directory, "docker");
    await writeFile(program, script);
    await chmod(program, 0o755);
    await writeFile(join(directory, "told"), "");
    return new FakeDocker(directory);
  }

  /** An answer that is an error. */
  static failing(words: string): string {
    return `${FAILURE}${words}\n`;
  }

  get env(): Record<string, string> {
    return { PATH: [this.#directory, process.env.PATH ?? ""].join(delimiter) };
  }

  /** The command lines that it was given, in order. */
  async told(): Promise<string[]> {
    return (await readFile(join(this.#directory, "told"), "utf8")).split("\n").filter((line) => line !== "");
  }
}

/** A line of `docker compose ps --format json`. */
export function psLine(service: string, state = "running"): string {
  return `${JSON.stringify({ ID: service, Name: `ape-${service}-1`, Service: service, State: state, Health: "", ExitCode: 0 })}\n`;
}
