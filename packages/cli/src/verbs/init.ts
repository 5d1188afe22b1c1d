import { basename, resolve } from "node:path";
import { TARGET_KINDS } from "@ape/core/api";
import { parseDuration } from "@ape/core/duration";
import { ApeError } from "@ape/core/errors";
import { PROVIDERS } from "@ape/inference/provider-list";
import { AUTHS, CIS } from "@ape/setup/answers";
import { type Decided, decide, type Said } from "@ape/setup/decide";
import { isWanting, type Placement } from "@ape/setup/placing";
import { type ProjectPlace, projectFiles } from "@ape/setup/project-files";
import { writeProject } from "@ape/setup/writing";
import { InvalidArgumentError, Option } from "commander";
import { withExamples } from "../examples.ts";
import type { Io } from "../io.ts";
import { collect, MOST, wholeNumber } from "../option.ts";
import { PATHS } from "../paths.ts";
import type { Verb } from "../program.ts";
import { surroundingsOf } from "../setup/surroundings.ts";
import { printable } from "../text/printable.ts";
import { colours } from "../text/style.ts";
import { version } from "../version.ts";

interface InitOptions extends Omit<Said, "goals" | "checks" | "observability"> {
  goal?: string[];
  check?: string[];
  observability?: "none" | "full";
  yes?: boolean;
  overwrite?: boolean;
}

/** `ape-test init`, and behind `npm create ape-test`: sets a load test up. */
export const initVerb: Verb = (program, { io }) => {
  const command = program
    .command("init")
    .description("Set a load test up in a folder: writes its configuration and everything around it.")
    .argument("[folder]", "where; made if it is not there", ".")
    .option("-y, --yes", "ask nothing: what is not said is looked up, or has a default")
    .option("--target <url>", "what is under test: a URL, host:port, or an MCP server's command")
    .addOption(new Option("--kind <kind>", "what it is").choices(TARGET_KINDS))
    .option("--spec <file>", "its API document: a path, a URL, none, or look (at the usual places)")
    .addOption(new Option("--auth <how>", "credentials that every call carries").choices(AUTHS))
    .option("--data <file>", "accounts: CSV with a header line, a JSON list, or none")
    .option("--goal <words>", "what agents want, in words (repeatable)", collect)
    .option("--check <operation>", "what proves it: 'POST /orders 201' (repeatable)", collect)
    .option("--agents <n>", "how many agents", wholeNumber(1, MOST.agents))
    .option("--duration <time>", "for how long: 30s, 2m", durationText)
    .addOption(new Option("--provider <name>", "where decisions come from").choices(Object.keys(PROVIDERS)))
    .option("--model <name>", "the provider's model")
    .option("--provider-url <url>", "the address of a custom provider")
    .addOption(new Option("--runtime <where>", "where the roles run").choices(["embedded"]))
    .addOption(new Option("--observability <what>", "files of a metrics stack").choices(["none", "full"]))
    .addOption(new Option("--ci <which>", "a workflow for CI").choices(CIS))
    .option("--authorized", "I may load-test this public address")
    .option("--overwrite", "with --yes: write over files that are there")
    .action(async (folder: string, options: InitOptions) => {
      const directory = resolve(io.cwd, folder);
      const place: ProjectPlace = {
        directory,
        name: basename(directory),
        templates: PATHS.templates,
        environment: io.env,
        version: version(),
      };
      if (options.yes !== true)
        throw new ApeError("USAGE", "there is no terminal to ask questions in", {
          hint: "Add --yes, and a flag for each answer that is not the default: `ape-test init --help`.",
        });
      const decided = await decide(saidBy(options), surroundingsOf(io, directory));
      const placements = await writeProject(
        await projectFiles(decided.answers, place),
        directory,
        options.overwrite === true,
      );
      tell(io, folder, decided, placements);
    });
  withExamples(
    command,
    "ape-test init",
    "ape-test init --yes --target http://127.0.0.1:3000",
    'ape-test init tests/load --yes --target :8080 --goal "Log in, buy a book, log out" --check "POST /orders 201"',
  );
};

function durationText(text: string): string {
  const whole = /^\d+$/.test(text) ? `${text}s` : text;
  if ((parseDuration(whole) ?? 0) < 1)
    throw new InvalidArgumentError("a duration such as 30s, 2m or 1h is expected.");
  return whole;
}

function saidBy({ goal = [], check = [], observability, ...said }: InitOptions): Said {
  return {
    ...said,
    goals: goal,
    checks: check,
    ...(observability === undefined ? {} : { observability: observability === "full" }),
  };
}

function tell(
  io: Io,
  folder: string,
  { answers, warnings }: Decided,
  placements: readonly Placement[],
): void {
  const style = colours(io.out, io.env);
  for (const placement of placements) {
    const { file, change } = placement;
    const mark = isWanting(placement) ? style.tick : " ";
    const note = {
      new: "",
      added: " (added to)",
      changed: " (written over)",
      same: " (as it was)",
      kept: " (kept)",
    };
    io.out.write(`${mark} ${file.path}${note[change]}\n`);
  }
  for (const warning of warnings) io.err.write(`warning: ${printable(warning)}\n`);
  const where = answers.target.command?.join(" ") ?? answers.target.baseUrl;
  io.out.write(
    `\n${answers.agents} agents will use ${printable(where)}: ${answers.goals.map(({ name }) => name).join(", ")}.\n`,
  );
  io.out.write("Next:\n");
  if (folder !== ".") io.out.write(`  cd ${printable(folder)}\n`);
  io.out.write("  npm install\n  npx ape-test validate\n  npx ape-test start\n");
}
