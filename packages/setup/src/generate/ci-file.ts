import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Ci } from "../answers/answers.ts";
import { variablesOf } from "./env-file.ts";
import type { FileGenerator, GeneratedFile, GeneratorInput } from "./generator.ts";
import { fillTemplate } from "./template.ts";

const FILES = {
  github: { path: ".github/workflows/ape-test.yml", template: "files/github.yml.eta" },
  gitlab: { path: ".gitlab/ape-test.yml", template: "files/gitlab.yml.eta" },
} as const;

/** The workflow of a CI, which runs the load test and keeps its results. */
export function ciFiles(
  ci: Ci,
  { written, templates }: Pick<GeneratorInput, "written" | "templates">,
): GeneratedFile[] {
  if (ci === "none") return [];
  const { path, template } = FILES[ci];
  const variables = variablesOf(written).filter(({ fallback }) => fallback === undefined);
  const files: GeneratedFile[] = [{ path, text: fillTemplate(templates, template, { variables }) }];
  if (ci === "gitlab")
    files.push({
      path: ".gitlab-ci.yml",
      text: fillTemplate(templates, "files/gitlab-ci.yml.eta", { path }),
      once: true,
    });
  return files;
}

/** Updates existing workflows. Called by its own name, without one, it creates GitHub's. */
export const ciGenerator: FileGenerator = {
  name: "ci",
  summary: "the CI workflow that is there, else .github/workflows/ape-test.yml",
  files: (input) => {
    const there = (["github", "gitlab"] as const).filter((ci) =>
      existsSync(join(input.directory, FILES[ci].path)),
    );
    const wanted = there.length === 0 && input.named === true ? (["github"] as const) : there;
    return wanted.flatMap((ci) => ciFiles(ci, input));
  },
};
