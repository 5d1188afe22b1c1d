import { basename, resolve } from "node:path";
import { OBSERVABILITY } from "@ape/core/config/compose";
import { RUNTIMES } from "@ape/core/config/schema";
import { parseDuration } from "@ape/core/lib/duration";
import { ApeError, type ExitName } from "@ape/core/lib/errors";
import { TARGET_KINDS } from "@ape/core/protocol/target-kind";
import { PROVIDERS } from "@ape/inference/providers/provider-list";
import { type Answers, AUTHS, CIS } from "@ape/setup/answers/answers";
import type { SetupEnvironment } from "@ape/setup/answers/environment";
import { type CliAnswers, resolveAnswers } from "@ape/setup/answers/resolve-answers";
import { parseAddress } from "@ape/setup/answers/target-answer";
import { exampleFiles, examples } from "@ape/setup/generate/example";
import { type FileChange, needsWrite } from "@ape/setup/generate/file-changes";
import type { GeneratedFile } from "@ape/setup/generate/generator";
import { type ProjectPlace, projectFiles } from "@ape/setup/generate/project-files";
import { writeProject } from "@ape/setup/generate/writing";
import { Cancelled } from "@ape/setup/wizard/prompter";
import { InvalidArgumentError, Option } from "commander";
import { withExamples } from "../examples.ts";
import type { Io } from "../io.ts";
import { collect, MOST, wholeNumber } from "../option.ts";
import { printable } from "../output/printable.ts";
import { colours } from "../output/style.ts";
import { PATHS } from "../paths.ts";
import { inRepository, runCommand } from "../setup/command.ts";
import { firstSession } from "../setup/first-session.ts";
import { importSaid } from "../setup/import-from.ts";
import { setupEnvironmentOf } from "../setup/setup-environment.ts";
import { version } from "../version.ts";
import type { CommandDefinition } from "./command.ts";

interface InitOptions extends Omit<CliAnswers, "goals" | "checks"> {
  goal?: string[];
  check?: string[];
  yes?: boolean;
  openapi?: string;
  har?: string;
  postman?: string;
  postmanEnv?: string;
  k6?: string;
  template?: string;
  listTemplates?: boolean;
  overwrite?: boolean;
  git?: boolean;
  install?: boolean;
}

/** `ape-test init`, also called by `npm create ape-test`: sets a load test up. */
export const initVerb: CommandDefinition = (command, { io, exit }) => {
  command
    .argument("[folder]", "where; made if it is not there", ".")
    .option("-y, --yes", "ask nothing: what is not said is looked up, or has a default")
    .option("--target <url>", "what is under test: a URL, host:port, or an MCP server's command")
    .option("--image <name>", "in place of --target: a Docker image, run beside agents in containers")
    .option("--port <n>", "the port that the image listens on", wholeNumber(1, MOST.port))
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
    .addOption(new Option("--runtime <where>", "where the roles run").choices(RUNTIMES))
    .addOption(
      new Option("--observability <what>", "what runs beside agents in containers").choices(OBSERVABILITY),
    )
    .addOption(new Option("--ci <which>", "a workflow for CI").choices(CIS))
    .option("--authorized", "I may load-test this public address")
    .option("--openapi <file>", "begin with an OpenAPI document: a path or a URL")
    .option("--har <file>", "begin with what a browser recorded")
    .option("--postman <file>", "begin with a Postman collection")
    .option("--postman-env <file>", "with --postman: the environment that holds its variables")
    .option("--k6 <file>", "begin with a k6 script")
    .option("--template <name>", "begin with a whole example")
    .option("--list-templates", "show the examples")
    .option("--git", "make the folder a git repository")
    .option("--install", "install ape-test there with npm")
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
      if (options.listTemplates === true) {
        for (const { name, title } of examples(PATHS.templates))
          io.out.write(`${name.padEnd(10)}  ${title}\n`);
        return;
      }
      if (options.template !== undefined) {
        await fromTemplate(io, folder, options.template, options, place);
        return;
      }
      const from = importSaid(options);
      const environment = setupEnvironmentOf(io, directory);
      if (options.yes !== true) {
        const said = saidBy(options, from === undefined ? {} : { from });
        exit(await askEverything(io, folder, { said, environment, place, options }));
        return;
      }
      const source =
        from === undefined
          ? undefined
          : await environment.importFrom(from.kind, from.source, from.environment);
      const said = saidBy(options, source?.spec === undefined ? {} : { spec: source.spec });
      const { answers, warnings } = await resolveAnswers(said, environment, source?.imported);
      const files = await projectFiles(answers, place);
      await write(io, files, directory, options.overwrite === true);
      for (const line of source?.imported.skipped ?? []) io.err.write(`left out: ${printable(line)}\n`);
      for (const warning of warnings) io.err.write(`warning: ${printable(warning)}\n`);
      const done = await finish(io, directory, options);
      io.out.write(`\n${workOf(answers)}\n${next(folder, done)}`);
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

function saidBy(
  { goal = [], check = [], ...said }: InitOptions,
  more: Pick<CliAnswers, "from" | "spec">,
): CliAnswers {
  return { ...said, ...more, goals: goal, checks: check };
}

/** Options of the wizard that an example fixes. */
const ANSWERED_BY_TEMPLATE = [
  "kind",
  "spec",
  "auth",
  "data",
  "goal",
  "check",
  "provider",
  "model",
  "image",
  "runtime",
  "observability",
] as const;

/** A project that begins as one of the examples. */
async function fromTemplate(
  io: Io,
  folder: string,
  name: string,
  options: InitOptions,
  place: ProjectPlace,
): Promise<void> {
  const idle = ANSWERED_BY_TEMPLATE.filter((option) => options[option] !== undefined);
  if (idle.length > 0)
    throw new ApeError(
      "USAGE",
      `--template answers ${idle.map((option) => `--${option}`).join(", ")} itself`,
      {
        hint: "Leave them out, and change its ape.config.yaml afterwards.",
      },
    );
  const { target, agents, duration, ci = "none" } = options;
  const files = await exampleFiles(
    name,
    {
      ci,
      ...(target === undefined ? {} : { target: parseAddress(target) }),
      ...(agents === undefined ? {} : { agents }),
      ...(duration === undefined ? {} : { duration }),
    },
    place,
  );
  await write(io, files, place.directory, options.overwrite === true);
  io.out.write(`\n${next(folder, await finish(io, place.directory, options))}`);
}

async function write(
  io: Io,
  files: readonly GeneratedFile[],
  directory: string,
  overwrite: boolean,
): Promise<void> {
  for (const placement of await writeProject(files, directory, overwrite))
    io.out.write(`${lineOf(placement, colours(io.out, io.env))}\n`);
}

/** The wizard on a terminal. Ctrl-C or Escape at any question ends it without writing anything. */
async function askEverything(
  io: Io,
  folder: string,
  {
    said,
    environment,
    place,
    options,
  }: {
    said: CliAnswers;
    environment: SetupEnvironment;
    place: ProjectPlace;
    options: InitOptions;
  },
): Promise<ExitName> {
  if (io.terminal === undefined)
    throw new ApeError("USAGE", "there is no terminal to ask questions in", {
      hint: "Add --yes, and a flag for each answer that is not the default: `ape-test init --help`.",
    });
  const { clackPrompter } = await import("@ape/setup/wizard/clack-prompter");
  const { interview } = await import("@ape/setup/wizard/wizard");
  const { writeAfterAsking } = await import("@ape/setup/wizard/files-question");
  const prompter = clackPrompter(io.terminal);
  try {
    prompter.say(
      `A load test by agents, in ${place.directory}.\nEscape or Ctrl-C ends this at any question, with nothing written.`,
    );
    const answers = await interview(said, environment, prompter);
    const placements = await writeAfterAsking(await projectFiles(answers, place), place.directory, prompter);
    const written = placements.filter(needsWrite).length;
    const git =
      options.git ??
      (!inRepository(place.directory) && (await prompter.confirm({ message: "Make it a git repository?" })));
    const install = options.install ?? (await prompter.confirm({ message: "Install ape-test there now?" }));
    const done = await finish(io, place.directory, { git, install });
    prompter.say(`${written} files written.`, "good");
    // A model that costs money is asked only if that is wanted.
    const initial = answers.provider === "simulated" && answers.runtime === "embedded";
    if (await prompter.confirm({ message: "Try one session now (a dry run)?", initial })) {
      const { reached, line } = await prompter.during("one session", firstSession(io, place.directory));
      prompter.say(printable(line), reached ? "good" : "warning");
      if (!reached) prompter.say("See each step with `npx ape-test start --dry-run`.");
    }
    prompter.show("Ready", `${workOf(answers)}\n${next(folder, done).trimEnd()}`);
    return "ok";
  } catch (thrown) {
    if (!(thrown instanceof Cancelled)) throw thrown;
    prompter.say(thrown.message, "warning");
    return "interrupted";
  }
}

function lineOf(placement: FileChange, style: ReturnType<typeof colours>): string {
  const note = {
    new: "",
    added: " (added to)",
    changed: " (written over)",
    same: " (as it was)",
    kept: " (kept)",
  };
  const { file, change } = placement;
  return `${needsWrite(placement) ? style.tick : " "} ${file.path}${note[change]}`;
}

/** Creates the repository and installs, if wanted. Failures are reported and end nothing. */
async function finish(
  io: Io,
  directory: string,
  { git, install }: { git?: boolean | undefined; install?: boolean | undefined },
): Promise<{ installed: boolean }> {
  if (git === true && !inRepository(directory)) await runIn(io, directory, "git", ["init", "--quiet"]);
  const installed =
    install === true &&
    (await runIn(io, directory, "npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"]));
  return { installed };
}

async function runIn(io: Io, cwd: string, command: string, args: string[]): Promise<boolean> {
  const failure = await runCommand(command, args, { cwd, env: io.env });
  if (failure !== undefined)
    io.err.write(`warning: \`${[command, ...args].join(" ")}\` failed: ${printable(failure)}\n`);
  return failure === undefined;
}

function workOf({ agents, target, goals }: Answers): string {
  const where = printable(target.command?.join(" ") ?? target.baseUrl);
  return `${agents} agents will use ${where}: ${goals.map(({ name }) => name).join(", ")}.`;
}

function next(folder: string, { installed }: { installed: boolean }): string {
  const steps = [
    ...(folder === "." ? [] : [`cd ${printable(folder)}`]),
    ...(installed ? [] : ["npm install"]),
    "npx ape-test validate",
    "npx ape-test start",
  ];
  return `Next:\n${steps.map((step) => `  ${step}\n`).join("")}`;
}
