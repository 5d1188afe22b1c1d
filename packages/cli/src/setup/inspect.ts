import { diagnoseConfig } from "@ape/core/config/parse";
import { hasRows, readTable } from "@ape/engine/data/table";
import { checkEnvironmentFile } from "@ape/engine/host/environment-file";
import { checkProject } from "@ape/engine/project/check-project";
import { type Project, type ProjectText, projectOf } from "@ape/engine/project/project";
import type { ProjectCheck } from "@ape/engine/project/project-check";
import { isLoopback, isPrivate } from "@ape/http/address";
import { PROVIDERS } from "@ape/inference/providers/provider-list";
import { variablesOf } from "@ape/setup/generate/env-file";
import { dangerousSettings } from "@ape/setup/validate/dangerous-settings";
import { type PlacelessFinding, sorted, type ValidationFinding } from "@ape/setup/validate/finding";

/** All findings about a configuration. */
export interface Inspection {
  findings: ValidationFinding[];
  /** Checks beyond the schema; empty if the configuration could not be read. */
  checks: ProjectCheck[];
  /** The project, if its configuration is valid. */
  project?: Project;
}

/** Inspects a configuration from its text to its targets, and collects all findings. */
export async function inspectProject(read: ProjectText, online: boolean): Promise<Inspection> {
  const { problems, parsed, locate } = diagnoseConfig(read.text, read.environment);
  const findings: ValidationFinding[] = problems.map(({ code, ...rest }) => ({
    severity: "error",
    rule: code,
    ...rest,
  }));
  if (parsed === undefined) return { findings: sorted(findings), checks: [] };
  const project = projectOf(read, parsed);
  const place = ({ path, ...rest }: PlacelessFinding): void => {
    findings.push({ ...rest, ...locate(path) });
  };
  const { checks } = await checkProject(project, online);
  for (const { ok, code, rule, message, hint, path = [], warning } of checks)
    if (!ok)
      place({
        severity: warning === true ? "warning" : "error",
        rule: code ?? rule ?? "CONFIG_INVALID",
        message,
        path,
        ...(hint === undefined ? {} : { hint }),
      });
  const around = {
    isPublic,
    isLoopback: (url: string) => isLoopback(new URL(url).hostname),
    providers: PROVIDERS,
    written: parsed.written,
    environment: read.environment,
    environmentFile: await checkEnvironmentFile(project.directory),
    variables: variablesOf(parsed.written).map(({ name }) => name),
    tables: await tablesOf(project),
  };
  for (const danger of dangerousSettings(parsed.config, around)) place(danger);
  return { findings: sorted(findings), checks, project };
}

function isPublic(url: string): boolean {
  const { hostname } = new URL(url);
  return !isLoopback(hostname) && !isPrivate(hostname);
}

/** The columns and rows of each goal's data; an unreadable table was already reported. */
async function tablesOf(project: Project): Promise<Map<string, { columns: string[]; rows: number }>> {
  const tables = new Map<string, { columns: string[]; rows: number }>();
  for (const { name, data } of project.config.goals) {
    if (!hasRows(data)) continue;
    const table = await readTable(data, project.directory).catch(() => undefined);
    if (table !== undefined) tables.set(name, { columns: [...table.columns], rows: table.rows });
  }
  return tables;
}
