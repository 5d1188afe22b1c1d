import { join } from "node:path";
import { ApeError, type ExitName, worstExit } from "@ape/core/lib/errors";
import { startRun } from "@ape/engine/run/run";
import { readEvents } from "@ape/engine/store/event-reader";
import { readEvaluation } from "../evaluation/evaluation-project.ts";
import { type ModelCard, ModelCardCounter } from "../evaluation/model-card.ts";
import { type ModelOptions, withModelOptions } from "../evaluation/model-options.ts";
import { requireModelServer } from "../evaluation/model-server.ts";
import { withExamples } from "../examples.ts";
import { wholeNumber } from "../option.ts";
import { modelCardText } from "../output/model-card.ts";
import { colours } from "../output/style.ts";
import { PATHS } from "../paths.ts";
import { runAndReport } from "../run-and-report.ts";
import { openShop } from "../shop-process.ts";
import { version } from "../version.ts";
import type { CommandDefinition } from "./command.ts";

interface EvaluateOptions extends ModelOptions {
  config?: string;
  model?: string;
  goal?: string;
  repeat: number;
  quiet?: boolean;
  json?: boolean;
}

const MOST_REPEATS = 100;
/** Ends of a run after which the next goal would end in the same way. */
const FATAL: readonly ExitName[] = ["config", "crashed", "interrupted", "aborted", "unusable"];

export const evaluateVerb: CommandDefinition = (command, { io, exit }) => {
  withModelOptions(command)
    .option("--config <file>", "another configuration, whose model is tried")
    .option("--model <name>", "another model")
    .option(
      "--goal <name or kind>",
      "only this goal, or only the goals of this kind: rest, graphql, web, mcp",
    )
    .option("--repeat <n>", "sessions of each goal", wholeNumber(1, MOST_REPEATS), 2)
    .option("--quiet", "show nothing but the card")
    .option("--json", "the card as JSON")
    .action(async (options: EvaluateOptions) => {
      const evaluation = await readEvaluation(
        { ...options, key: options.keyVariable },
        { directory: PATHS.evaluation, cwd: io.cwd, environment: io.env },
      );
      const wanted = chosen(
        evaluation.goals.flatMap(({ kind, goals }) => goals.map((goal) => ({ kind, goal }))),
        options.goal,
      );
      const proxied = Object.keys(io.env).some((name) => /^(?:https?|all)_proxy$/i.test(name));
      if (evaluation.baseUrl !== undefined) await requireModelServer(evaluation.baseUrl, proxied);
      const counter = new ModelCardCounter();
      const ends: ExitName[] = [];
      let untried: ModelCard["untried"] = null;
      const shop = await openShop(PATHS.shop, { interfaces: true, cwd: io.cwd });
      try {
        for (const [index, { kind, goal }] of wanted.entries()) {
          const project = evaluation.projectOf(kind, goal, shop, options.repeat);
          const { exit: how, result } = await runAndReport(
            (signal) => startRun(project, { workerEntry: PATHS.agents, version: version(), signal }),
            io,
            { quiet: true },
          );
          await readEvents(join(result.directory, "events"), (event) => counter.event(event));
          counter.run(kind, result.summary);
          const { succeeded, ended } = result.summary.sessions;
          if (options.quiet !== true && options.json !== true)
            io.err.write(
              `${goal}: ${succeeded} of ${ended}${succeeded < ended ? ` (ape-test report ${result.directory})` : ""}\n`,
            );
          ends.push(how);
          const rest = wanted.slice(index + 1).map((other) => other.goal);
          // A model that never answered would fail the next goal in the same way.
          const because = FATAL.includes(how) ? result.summary.run.reason : counter.neverAnswered;
          if (because !== undefined && rest.length > 0) {
            untried = { goals: rest, because };
            break;
          }
        }
      } finally {
        await shop.close();
      }
      const card = counter.card(evaluation.model, untried);
      io.out.write(
        options.json === true
          ? `${JSON.stringify(card, null, 2)}\n`
          : modelCardText(card, colours(io.out, io.env)),
      );
      // Nothing is known of a model that never answered.
      const answered = card.decisions.answers > 0 || Object.keys(card.failedCalls).length === 0;
      exit(
        worstExit([...ends.filter((how) => FATAL.includes(how)), ...(answered ? [] : ["unusable" as const])]),
      );
    });
  withExamples(
    command,
    "ape-test evaluate",
    "ape-test evaluate --provider cerebras --model gpt-oss-120b",
    "ape-test evaluate --base-url http://127.0.0.1:8080/v1 --model local --goal rest --repeat 5",
    "ape-test evaluate --json > card.json",
  );
};

function chosen<Goal extends { kind: string; goal: string }>(all: readonly Goal[], name: string | undefined) {
  const found = name === undefined ? all : all.filter(({ kind, goal }) => kind === name || goal === name);
  if (found.length === 0)
    throw new ApeError("USAGE", `there is no goal "${name}"`, {
      hint: `The goals are ${all.map(({ goal }) => goal).join(", ")}.`,
    });
  return found;
}
