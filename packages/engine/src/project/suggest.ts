import { type Suggestion, suggestChecks } from "@ape/catalog/checks/suggest-checks";
import { ApeError } from "@ape/core/lib/errors";
import type { ApiDescription } from "@ape/core/protocol/api";
import { createGateway, type Gateway } from "@ape/gateway/gateway";
import { systemClock as clock } from "../host/clock.ts";
import type { Project } from "./project.ts";

/** Describes a target of which nothing is known before its pages were read. */
export type DescribePages = (gateway: Gateway, target: string) => Promise<ApiDescription>;

/**
 * Proposes checks for a goal in words, from the API documents of the project's targets, and from the pages of web
 * applications.
 * @throws ApeError errors that would keep a run from starting; USAGE if the words ask for nothing that the APIs offer
 */
export async function suggestProjectChecks(
  project: Project,
  words: string,
  describePages: DescribePages,
): Promise<Suggestion> {
  const { config, directory, environment } = project;
  const gateway = await createGateway({
    targets: config.targets,
    clock,
    baseDir: directory,
    env: environment,
  });
  try {
    const apis: ApiDescription[] = [];
    for (const [name, { kind }] of Object.entries(config.targets))
      apis.push(kind === "web" ? await describePages(gateway, name) : gateway.describe(name));
    const suggestion = suggestChecks(words, apis);
    if (suggestion.checks.length > 0) return suggestion;
    const isWeb = Object.values(config.targets).every(({ kind }) => kind === "web");
    throw new ApeError(
      "USAGE",
      isWeb
        ? "no form on the first pages of the targets does what these words ask for"
        : "these words ask for nothing that the APIs of the targets do",
      {
        hint: isWeb
          ? "Run `ape-test start --dry-run`: the last form that the session sends is what a check has to name, with a text that its page shows then."
          : "Say it with the words of the API document, one thing after another: `Log in, find a product, check out`.",
      },
    );
  } finally {
    await gateway.close();
  }
}
