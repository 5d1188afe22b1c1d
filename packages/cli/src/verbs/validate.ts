import { checkProject } from "@ape/engine/check-project";
import { loadProject } from "@ape/engine/project";
import { withExamples } from "../examples.ts";
import type { Verb } from "../program.ts";
import { printable } from "../text/printable.ts";
import { colours } from "../text/style.ts";

export const validateVerb: Verb = (program, { io, exit }) => {
  const command = program
    .command("validate")
    .description("Check the configuration, its data and its API documents, without a run.")
    .option("--config <file>", "another configuration")
    .option("--json", "as JSON")
    .action(async ({ config, json }: { config?: string; json?: boolean }) => {
      const project = await loadProject({ cwd: io.cwd, configFile: config, environment: io.env });
      const { ok, checks } = await checkProject(project);
      const style = colours(io.out, io.env);
      if (json === true) io.out.write(`${JSON.stringify({ ok, checks })}\n`);
      else
        for (const { name, ok: good, message, hint } of checks)
          io.out.write(
            `${good ? style.tick : style.cross} ${name}: ${printable(message)}${hint === undefined ? "" : `\n    hint: ${printable(hint)}`}\n`,
          );
      exit(ok ? "ok" : "config");
    });
  withExamples(command, "ape-test validate", "ape-test validate --config other.yaml --json");
};
