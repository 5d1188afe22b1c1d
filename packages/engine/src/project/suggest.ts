import { type Suggestion, suggestChecks } from "@ape/catalog/checks/suggest-checks";
import { ApeError } from "@ape/core/lib/errors";
import { createGateway } from "@ape/gateway/gateway";
import { systemClock as clock } from "../host/clock.ts";
import type { Project } from "./project.ts";

/**
 * Proposes checks for a goal in words, from the API documents of the project's targets.
 * @throws ApeError errors that would keep a run from starting; USAGE if the words ask for nothing that the APIs offer
 */
export async function suggestProjectChecks(project: Project, words: string): Promise<Suggestion> {
  const { config, directory, environment } = project;
  const gateway = await createGateway({
    targets: config.targets,
    clock,
    baseDir: directory,
    env: environment,
  });
  try {
    const apis = Object.keys(config.targets).map((name) => gateway.describe(name));
    const suggestion = suggestChecks(words, apis);
    if (suggestion.checks.length > 0) return suggestion;
    throw new ApeError("USAGE", "these words ask for nothing that the APIs of the targets do", {
      hint: "Say it with the words of the API document, one thing after another: `Log in, find a product, check out`.",
    });
  } finally {
    await gateway.close();
  }
}
