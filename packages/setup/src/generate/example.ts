import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "@ape/core/config/issue";
import { ApeError } from "@ape/core/lib/errors";
import { type Document, isMap, isScalar, parseDocument } from "yaml";
import type { Ci } from "../answers/answers.ts";
import type { GeneratedFile } from "./generator.ts";
import { filesAround, type ProjectPlace } from "./project-files.ts";

/** A complete example test. */
export interface Example {
  name: string;
  /** Its subject, in one line. */
  title: string;
}

/** Possible changes of an example while it is copied. */
export interface ExampleChanges {
  /** The address of its first target. */
  target?: string;
  agents?: number;
  duration?: string;
  ci: Ci;
}

/** The examples that the package carries. */
export function examples(templates: string): Example[] {
  return readdirSync(join(templates, "examples"))
    .sort()
    .map((name) => {
      const [heading = ""] = readFileSync(join(templates, "examples", name, "README.md"), "utf8").split("\n");
      return { name, title: heading.replace(/^#\s*/, "") };
    });
}

/**
 * Every file of a project that begins as an example.
 * @throws ApeError USAGE if there is no such example, or the changes do not fit it
 */
export async function exampleFiles(
  name: string,
  changes: ExampleChanges,
  place: ProjectPlace,
): Promise<GeneratedFile[]> {
  const known = examples(place.templates).map((one) => one.name);
  if (!known.includes(name))
    throw new ApeError(
      "USAGE",
      `there is no template "${name}"; did you mean "${nearest(name, known) ?? known[0]}"?`,
      {
        hint: `The templates are ${known.join(", ")}: see --list-templates.`,
      },
    );
  const folder = join(place.templates, "examples", name);
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      path: path.slice(folder.length + 1).replaceAll("\\", "/"),
      text: readFileSync(path, "utf8"),
      // Accounts have passwords.
      ...(path.endsWith(".csv") ? { mode: 0o600 } : {}),
    }));
  const config = files.find(({ path }) => path === "ape.config.yaml");
  if (config === undefined) throw new ApeError("INTERNAL", `the template ${name} has no configuration`);
  config.text = changed(config.text, changes);
  const around = await filesAround(config.text, changes.ci, place);
  return [...files, ...around.filter(({ path }) => !files.some((file) => file.path === path))];
}

/** The configuration with the changes; its comments stay in place. */
function changed(text: string, { target, agents, duration }: ExampleChanges): string {
  const document = parseDocument(text);
  if (target !== undefined) {
    const targets = document.get("targets");
    const [first] = isMap(targets) ? targets.items : [];
    if (isScalar(first?.key)) document.setIn(["targets", first.key.value, "baseUrl"], target);
  }
  if (agents !== undefined) refuseStages(document, "--agents");
  if (duration !== undefined) refuseStages(document, "--duration");
  if (agents !== undefined) document.setIn(["load", "agents"], agents);
  if (duration !== undefined) document.setIn(["load", "duration"], duration);
  return target === undefined && agents === undefined && duration === undefined
    ? text
    : document.toString({ lineWidth: 0 });
}

function refuseStages(document: Document, option: string): void {
  if (!document.hasIn(["load", "stages"]) && !document.hasIn(["load", "arrivals"])) return;
  throw new ApeError("USAGE", `${option} does not fit this template: its load has stages`, {
    hint: "Change `load` in its ape.config.yaml, or give the option to `ape-test start`.",
  });
}
