import { ApeError } from "@ape/core/lib/errors";
import type { Project } from "../project/project.ts";

/**
 * A project whose run keeps what its `--out` destinations need: files of samples are written from the steps of all
 * sessions when the run has ended.
 * @throws ApeError USAGE if the configuration keeps fewer steps
 */
export function withStepsFor(project: Project, out: readonly string[] = []): Project {
  const file = out.find((spec) => /^(?:csv|json)=/.test(spec));
  if (file === undefined) return project;
  const { config } = project;
  if (config.events.send === "kept")
    throw new ApeError("USAGE", `--out ${file} needs the steps of all sessions: events.send is kept`, {
      hint: "Set events.send to all, or leave --out out.",
    });
  if (config.events.keep !== "auto" && config.events.keep < 1)
    throw new ApeError(
      "USAGE",
      `--out ${file} needs the steps of all sessions: events.keep is ${config.events.keep}`,
      {
        hint: "Set events.keep to 1 or auto, or leave --out out.",
      },
    );
  return { ...project, config: { ...config, events: { keep: 1, send: "all" } } };
}
