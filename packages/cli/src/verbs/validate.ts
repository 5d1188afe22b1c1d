import { checkProject } from "@ape/engine/check-project";
import { loadProject } from "@ape/engine/project";
import type { Verb } from "../program.ts";
import { colours } from "../text/style.ts";

export const validateVerb: Verb = (program, { io, exit }) => {
  program
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
            `${good ? style.tick : style.cross} ${name}: ${message}${hint === undefined ? "" : `\n    hint: ${hint}`}\n`,
          );
      exit(ok ? "ok" : "config");
    });
};
