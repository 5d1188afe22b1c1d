import { writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { type ProjectText, readProject } from "@ape/engine/project/project";
import type { ValidationFinding } from "@ape/setup/validate/finding";
import { fixed } from "@ape/setup/validate/fix";
import { renderFinding } from "@ape/setup/validate/render";
import { sarifOf } from "@ape/setup/validate/sarif";
import { Option } from "commander";
import { withExamples } from "../examples.ts";
import type { Io } from "../io.ts";
import { printable } from "../output/printable.ts";
import { colours } from "../output/style.ts";
import { type Inspection, inspectProject } from "../setup/inspect.ts";
import { askProviders } from "../setup/provider-check.ts";
import { version } from "../version.ts";
import type { CommandDefinition } from "./command.ts";

interface ValidateOptions {
  config?: string;
  online?: boolean;
  fix?: boolean;
  format?: "text" | "json" | "sarif";
  json?: boolean;
}

const MOST_ROUNDS = 8;
/** Parts of API documents that are listed as text. */
const MOST_PARTS = 20;
const isUnusablePart = ({ severity, rule }: ValidationFinding): boolean =>
  severity === "warning" && rule === "SPEC_INVALID";

export const validateVerb: CommandDefinition = (command, { io, exit }) => {
  command
    .option("--config <file>", "another configuration")
    .option("--online", "targets must answer, and the provider must know the key and the model")
    .option("--fix", "put right what is mechanical: misspelt keys")
    .addOption(new Option("--format <form>", "format of the report").choices(["text", "json", "sarif"]))
    .option("--json", "the same as --format json")
    .action(async (options: ValidateOptions) => {
      const { config, online = false, fix, json, format = json === true ? "json" : "text" } = options;
      const read = await readProject({ cwd: io.cwd, configFile: config, environment: io.env });
      let seen = await inspectProject(read, online);
      if (fix === true) seen = await fixAndLookAgain(io, read, seen, online);
      const { findings, checks } = seen;
      if (online && seen.project !== undefined)
        for (const finding of await askProviders(seen.project)) findings.unshift(finding);
      const ok = findings.every(({ severity }) => severity !== "error");
      if (format === "json") {
        const told = checks.map(({ name, ok: good, message, hint }) => ({ name, ok: good, message, hint }));
        io.out.write(`${JSON.stringify({ ok, checks: told, findings })}\n`);
      } else if (format === "sarif") {
        const uri = relative(io.cwd, read.configFile).replaceAll("\\", "/");
        io.out.write(`${JSON.stringify(sarifOf(findings, uri, version()), null, 2)}\n`);
      } else printFindings(io, read, seen);
      exit(ok ? "ok" : "config");
    });
  withExamples(
    command,
    "ape-test validate",
    "ape-test validate --online --config other.yaml",
    "ape-test validate --format sarif > validate.sarif",
  );
};

async function fixAndLookAgain(
  io: Io,
  read: ProjectText,
  seen: Inspection,
  online: boolean,
): Promise<Inspection> {
  let now = seen;
  let total = 0;
  // A correct key lets further problems be found.
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { text, count } = fixed(read.text, now.findings);
    if (count === 0) break;
    read.text = text;
    total += count;
    now = await inspectProject(read, online);
  }
  if (total > 0) {
    await writeFile(read.configFile, read.text);
    io.err.write(`put right: ${total} ${total === 1 ? "key" : "keys"} in ${read.name}\n`);
  }
  return now;
}

function printFindings(
  io: Io,
  { text, name: file }: ProjectText,
  { findings, checks, project }: Inspection,
): void {
  const style = colours(io.out, io.env);
  for (const { name, ok, message } of checks)
    if (ok) io.out.write(`${style.tick} ${name}: ${printable(message)}\n`);
  const source = { text, file, secrets: project?.secrets ?? [] };
  const parts = findings.filter(isUnusablePart);
  const hidden = new Set(parts.slice(MOST_PARTS));
  for (const finding of findings)
    if (!hidden.has(finding)) io.out.write(renderFinding(finding, source, { ...style, clean: printable }));
  if (hidden.size > 0)
    io.out.write(
      `and ${hidden.size} more parts of API documents that cannot be used: see them all with --json\n`,
    );
  const count = (severity: ValidationFinding["severity"]): string => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return `${number} ${severity}${number === 1 ? "" : "s"}`;
  };
  if (findings.length > 0) io.out.write(`${count("error")}, ${count("warning")}\n`);
}
