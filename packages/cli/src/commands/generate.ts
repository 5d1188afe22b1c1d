import { ApeError } from "@ape/core/lib/errors";
import { loadProject } from "@ape/engine/project/project";
import { fileChanges, needsWrite, writeChanges } from "@ape/setup/generate/file-changes";
import { GENERATORS } from "@ape/setup/generate/generators";
import { Argument } from "commander";
import { withExamples } from "../examples.ts";
import { PATHS } from "../paths.ts";
import type { CommandDefinition } from "./command.ts";

const KINDS = GENERATORS.map(({ name }) => name);

/** `ape-test generate`: the files that are made from ape.config.yaml. */
const EACH = GENERATORS.map(({ name, summary }) => `${name}: ${summary}`).join("; ");

export const generateVerb: CommandDefinition = (command, { io, exit }) => {
  command
    .addArgument(
      new Argument("[what]", `which; where left out all that the configuration needs. ${EACH}`).choices(
        KINDS,
      ),
    )
    .option("--config <file>", "another configuration")
    .option("--check", "write nothing; fail where a file is not what the configuration says (for CI)")
    .action(async (what: string | undefined, { config, check }: { config?: string; check?: boolean }) => {
      const project = await loadProject({ cwd: io.cwd, configFile: config, environment: io.env });
      const { directory } = project;
      const files = await Promise.all(
        GENERATORS.filter(({ name }) => what === undefined || name === what).map((generator) =>
          generator.files({
            ...project,
            templates: PATHS.templates,
            named: what !== undefined,
          }),
        ),
      );
      const placements = await fileChanges(files.flat(), directory);
      const wanting = placements.filter(needsWrite);
      if (check === true) {
        const stale = wanting.filter(({ file }) => file.once !== true);
        if (stale.length > 0)
          throw new ApeError("CONFIG_INVALID", "generated files are not what the configuration says", {
            details: stale.map(
              ({ file, change }) => `${file.path} is ${change === "new" ? "missing" : "stale"}`,
            ),
            hint: `Run \`ape-test generate${what === undefined ? "" : ` ${what}`}\` and commit what it writes.`,
          });
        io.out.write("every generated file is what the configuration says\n");
        return;
      }
      await writeChanges(
        wanting.map(({ file }) => file),
        directory,
      );
      for (const placement of placements)
        io.out.write(`${needsWrite(placement) ? "wrote" : "kept"} ${placement.file.path}\n`);
      exit("ok");
    });
  withExamples(command, "ape-test generate", "ape-test generate gateway", "ape-test generate --check");
};
