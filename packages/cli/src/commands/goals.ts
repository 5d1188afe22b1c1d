import type { SuggestedCheck } from "@ape/catalog/checks/suggest-checks";
import type { GoalConfig } from "@ape/core/config/goal";
import { secretTargets } from "@ape/core/config/secrets/secret-binding";
import { ApeError } from "@ape/core/lib/errors";
import { acceptedText, proofText } from "@ape/core/report/proof-text";
import { hasRows, type Row, readTable } from "@ape/engine/data/table";
import { loadProject, type Project } from "@ape/engine/project/project";
import { suggestProjectChecks } from "@ape/engine/project/suggest";
import { stringify } from "yaml";
import { withExamples } from "../examples.ts";
import { printable } from "../output/printable.ts";
import { describeWebTarget } from "../setup/web-target.ts";
import type { CommandDefinition } from "./command.ts";

interface SuggestOptions {
  config?: string;
  goal?: string;
  json?: boolean;
}

export const goalsVerb: CommandDefinition = (command, { io }) => {
  const suggest = command
    .command("suggest")
    .description(
      "Propose success checks for a goal in words, from the API documents and the pages of web applications; for you to review, nothing uses them by itself.",
    )
    .argument("[words]", "the goal, as one would ask a person")
    .option("--goal <name>", "take the words and the data of this goal of the configuration")
    .option("--config <file>", "another configuration")
    .option("--json", "as JSON")
    .action(async (words: string | undefined, { config, goal: named, json }: SuggestOptions) => {
      const project = await loadProject({
        cwd: io.cwd,
        configFile: config,
        environment: io.env,
        overrides: named === undefined ? {} : { goals: [named] },
      });
      const goal = named === undefined ? undefined : project.config.goals[0];
      const text = words ?? goal?.prompt;
      if (text === undefined)
        throw new ApeError("USAGE", "a goal is needed", {
          hint: 'Say it in words, `ape-test goals suggest "Log in and buy something"`, or name one with --goal.',
        });
      const account = await firstRowOf(goal, project);
      const owners = goal === undefined ? [] : secretTargets(Object.keys(project.config.targets), goal);
      const { checks, proof } = await suggestProjectChecks(project, text, (gateway, target) =>
        describeWebTarget(gateway, target, {
          ...(account !== undefined && owners.includes(target) ? { account } : {}),
          goals: [text],
        }),
      );
      if (json === true) io.out.write(`${JSON.stringify(checks, null, 2)}\n`);
      else {
        io.err.write(
          "proposed from what the targets say of themselves: review each line before you use it\n",
        );
        io.out.write(suggestionText(checks));
      }
      for (const said of [proofText(proof), acceptedText(proof)])
        if (said !== undefined) io.err.write(`${printable(said)}\n`);
    });
  for (const one of [command, suggest])
    withExamples(
      one,
      'ape-test goals suggest "Log in, find a product under $50, add it to the cart, check out, log out."',
      "ape-test goals suggest --goal buy",
    );
};

/** The first row of a goal's data, with which its sessions sign in. */
async function firstRowOf(goal: GoalConfig | undefined, project: Project): Promise<Row | undefined> {
  if (goal === undefined || !hasRows(goal.data)) return undefined;
  let first: Row | undefined;
  await readTable(goal.data, project.directory, (row) => {
    first ??= row;
  });
  return first;
}

/** Checks as YAML for a goal in ape.config.yaml, with a comment that explains each. */
function suggestionText(suggested: readonly SuggestedCheck[]): string {
  const lines = ["success:"];
  for (const { why, check } of suggested) {
    lines.push(`  # ${printable(why)}`);
    for (const [index, line] of stringify(check, { lineWidth: 0 }).trimEnd().split("\n").entries())
      lines.push(`  ${index === 0 ? "- " : "  "}${line}`);
  }
  return `${lines.join("\n")}\n`;
}
