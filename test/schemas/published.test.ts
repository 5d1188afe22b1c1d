import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { observabilityFiles } from "@ape/setup/observability/files";
import { Ajv, type ValidateFunction } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { LOKI_SETTINGS } from "./loki-settings.ts";

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const files = new Map(
  (await observabilityFiles({ project: "ape", webhook: "http://hook.test/x" })).map(({ path, text }) => [
    path.replace("ape.observability/", ""),
    text,
  ]),
);
const textOf = (name: string): string => files.get(name) as string;
const published = (name: string): object =>
  JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8")) as object;

/** What a schema says against a value, a line a complaint. */
function against(validate: ValidateFunction, value: unknown): string[] {
  return validate(value)
    ? []
    : (validate.errors ?? []).map(
        ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
      );
}

/** The same value with one word misspelt. */
function misspelt<Value>(value: Value, right: string, wrong: string): Value {
  const text = JSON.stringify(value);
  const spoilt = text.replace(`"${right}"`, `"${wrong}"`);
  expect(spoilt).not.toBe(text);
  return JSON.parse(spoilt) as Value;
}

interface Panel {
  type: string;
  options?: object;
  fieldConfig?: { defaults: { custom?: object } };
  panels?: Panel[];
}

ajv.addSchema(published("grafana-dashboard.json"), "grafana");
const ofGrafana = (path: string): ValidateFunction | undefined =>
  ajv.getSchema(`grafana#/definitions/Grafana/properties/${path}`);

/** Complaints about a dashboard, its panels' options and its panels' fields. */
function dashboardComplaints(dashboard: { panels: Panel[] }): string[] {
  const found = against(ofGrafana("dashboard") as ValidateFunction, dashboard);
  for (const panel of dashboard.panels.flatMap((one) => [one, ...(one.panels ?? [])])) {
    const { type, options, fieldConfig } = panel;
    const validate = ofGrafana(`options/properties/${type}`);
    if (type !== "row" && validate === undefined) found.push(`no schema for panels of type ${type}`);
    if (validate !== undefined) found.push(...against(validate, options ?? {}));
    const fields = ofGrafana(`custom/properties/${type}`);
    if (fields !== undefined) found.push(...against(fields, fieldConfig?.defaults.custom ?? {}));
  }
  return found;
}

const dashboards = [...files].filter(([name]) => name.startsWith("grafana/dashboards/"));

test.each(dashboards)("%s is a dashboard by Grafana's schema", (_, text) => {
  expect(dashboardComplaints(JSON.parse(text))).toEqual([]);
});

test("the schema of dashboards sees mistakes of every depth", () => {
  const live = JSON.parse(textOf("grafana/dashboards/ape-live.json")) as { panels: Panel[] };
  expect(dashboards).toHaveLength(7);
  expect(dashboardComplaints(misspelt(live, "refresh", "refrehs"))[0]).toContain("additional properties");
  expect(dashboardComplaints(misspelt(live, "gridPos", "gridpos"))).not.toEqual([]);
  const [panel] = live.panels.filter(({ type }) => type === "timeseries");
  expect(
    dashboardComplaints({ ...live, panels: [{ ...panel, options: { legends: {} } } as Panel] }),
  ).not.toEqual([]);
  expect(dashboardComplaints({ ...live, panels: [{ ...panel, type: "speedometer" } as Panel] })).toEqual([
    "no schema for panels of type speedometer",
  ]);
});

test.each([
  ["prometheus.yml", "prometheus.json", "dns_sd_configs", "dns_configs"],
  ["rules.yml", "prometheus-rules.json", "expr", "expression"],
])("%s passes SchemaStore's schema; a mistake does not", (name, schema, right, wrong) => {
  const validate = ajv.compile(published(schema));
  const value: unknown = parse(textOf(name));
  expect(against(validate, value)).toEqual([]);
  expect(against(validate, misspelt(value, right, wrong))).not.toEqual([]);
});

test("loki.yml has only settings that Loki knows, of their types; mistakes are seen", () => {
  const validate = ajv.compile(LOKI_SETTINGS);
  const value = parse(textOf("loki.yml")) as { compactor: object };
  expect(against(validate, value)).toEqual([]);
  for (const right of ["compactor", "retention_enabled", "kvstore", "object_store", "chunks_directory"])
    expect(against(validate, misspelt(value, right, `${right}s`)), right).not.toEqual([]);
  expect(against(validate, { ...value, compactor: { retention_enabled: "yes" } })[0]).toContain("boolean");
  expect(against(validate, { limits_config: { retention_period: "a week" } })[0]).toContain("pattern");
});

const amtool = (() => {
  try {
    execFileSync("amtool", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!amtool)(
  "amtool: alertmanager.yml is good with and without a webhook; mistakes are seen",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "ape-alertmanager-"));
    const check = async (text: string): Promise<string> => {
      await writeFile(join(folder, "alertmanager.yml"), text);
      return promisify(execFile)("amtool", ["check-config", "alertmanager.yml"], { cwd: folder }).then(
        () => "",
        ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
      );
    };
    try {
      const without = await observabilityFiles({ project: "ape", webhook: undefined });
      const quiet = without.find(({ path }) => path.endsWith("alertmanager.yml"))?.text ?? "";
      const text = textOf("alertmanager.yml");
      for (const good of [quiet, text]) expect(await check(good)).toBe("");
      expect(await check(text.replace("receiver: ape", "receiver: app"))).toContain("undefined receiver");
      expect(await check(text.replace("repeat_interval", "repeat_every"))).toContain("repeat_every");
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
