import { gatewayJsonSchema } from "@ape/core/config/gateway";
import { configJsonSchema, RUNTIMES } from "@ape/core/config/schema";
import { ERRORS, EXIT, EXIT_MEANING, type ExitName } from "@ape/core/lib/errors";
import { isJsonObject } from "@ape/core/lib/json";
import {
  GATEWAY_METRICS,
  METRICS,
  type MetricDefinition,
  type MetricName,
  PROCESS_METRICS,
  PROXY_METRICS,
  prometheusName,
  RUN_METRICS,
  SUMMARY_FIGURES,
} from "@ape/core/metrics/metrics";
import { ATTRIBUTIONS, OUTCOMES } from "@ape/core/protocol/outcome";
import { reportJsonSchema } from "@ape/core/report/report";
import { describeCommands } from "../packages/cli/src/command-descriptions.ts";
import { propertyRows, readInterfaces } from "./type-reference.ts";

const MADE = "<!-- Made by `npm run docs` from the code; do not edit by hand. -->";
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** Every page of `docs/reference` that is generated, by its path. */
export async function referencePages(): Promise<Record<string, string>> {
  return {
    "docs/reference/metrics.md": metrics(),
    "docs/reference/exit-codes.md": exitCodes(),
    "docs/reference/configuration.md": configuration(),
    "docs/reference/gateway.md": gateway(),
    "docs/reference/report.md": report(),
    "docs/reference/summary.md": summary(),
    "docs/reference/events.md": events(),
    "docs/reference/cli.md": await commandLine(),
  };
}

function metrics(): string {
  const rows = (Object.entries(METRICS) as [MetricName, MetricDefinition][]).map(
    ([name, { type, unit, labels, help }]) =>
      `| \`${name}\` | ${type} | ${unit === "1" ? "" : unit} | ${labels.join(", ")} | \`${prometheusName(name)}\` | ${cell(help)} |`,
  );
  const own = (metrics: Record<string, { type: string; labels: readonly string[]; help: string }>): string =>
    Object.entries(metrics)
      .map(
        ([name, { type, labels, help }]) =>
          `| \`${name}\` | ${type} | ${labels.join(", ")} | ${cell(help)} |`,
      )
      .join("\n");
  return `${MADE}
# Metrics

Durations are milliseconds in the summary and seconds in Prometheus. Labels can narrow a threshold:
\`action_duration{operation:"POST /orders"}\`.

| metric | type | unit | labels | in Prometheus | meaning |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

Beside the metrics, \`summary.json\` has these figures of a whole run.

| figure | meaning |
| --- | --- |
${Object.entries(SUMMARY_FIGURES)
  .map(([name, help]) => `| \`${name}\` | ${cell(help)} |`)
  .join("\n")}

A gateway that runs alone (\`ape-test serve gateway\`) shows its own figures at \`/metrics\`: \`${prometheusName("target_duration")}\` and
\`${prometheusName("gateway_overhead")}\` as above, and these.

| metric | type | labels | meaning |
| --- | --- | --- | --- |
${own(GATEWAY_METRICS)}

An inference proxy that runs alone (\`ape-test serve inference\`) shows every metric above with the labels model and provider, and these.

| metric | type | labels | meaning |
| --- | --- | --- | --- |
${own(PROXY_METRICS)}

Every role, and a run with \`--metrics-port\`, shows these of its own process.

| metric | type | labels | meaning |
| --- | --- | --- | --- |
${own(PROCESS_METRICS)}

Agents, and a run with \`--metrics-port\`, show this besides.

| metric | type | labels | meaning |
| --- | --- | --- | --- |
${own(RUN_METRICS)}

A scraper that asks for OpenMetrics gets exemplars that bear the \`trace_id\` of a session.
`;
}

function exitCodes(): string {
  const exits = (Object.keys(EXIT) as ExitName[]).map(
    (name) => `| ${EXIT[name]} | ${name} | ${EXIT_MEANING[name]} |`,
  );
  const errors = Object.entries(ERRORS).map(
    ([code, { exit, meaning }]) => `| \`${code}\` | ${EXIT[exit]} | ${meaning} |`,
  );
  return `${MADE}
# Exit codes and errors

Where several apply, the one higher in this table wins.

| code | name | meaning |
| --- | --- | --- |
${exits.join("\n")}

Every error of APE has a stable code, a message, and a hint that says what to do next.

| error | exit | meaning |
| --- | --- | --- |
${errors.join("\n")}
`;
}

function configuration(): string {
  const rows: string[] = [];
  describe(configJsonSchema(), "", rows);
  return `${MADE}
# ape.config.yaml

Unknown keys, wrong types and contradictions are refused with file, line and column. \`\${NAME}\` reads the environment,
then \`ape.env\`; \`\${NAME:-value}\` has a default. The JSON Schema for editors is \`schema/ape.config.schema.json\` in the
\`ape-test\` package.

| key | type | default | meaning |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

function gateway(): string {
  const rows: string[] = [];
  describe(gatewayJsonSchema(), "", rows);
  return `${MADE}
# ape.mcp-gateway.json

What \`ape-test generate gateway\` writes and \`ape-test serve gateway --gateway-config\` reads. The JSON Schema for editors is
\`schema/ape.mcp-gateway.schema.json\` in the \`ape-test\` package.

| key | type | default | meaning |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

function report(): string {
  const rows: string[] = [];
  describe(reportJsonSchema(), "", rows);
  return `${MADE}
# report.json

What \`report.html\` and the live page show of a run beside its \`summary.json\`. It is in the run's folder, computed from the
events, and below 5 MB however long the run. The JSON Schema is \`schema/ape.report.schema.json\` in the \`ape-test\` package;
\`version\` changes when a key is renamed or removed.

| key | type | default | meaning |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

const oneOf = (values: readonly string[]): string => values.map((value) => `\`"${value}"\``).join(", ");
const NAMED_TYPES = `\`Outcome\` is one of ${oneOf(OUTCOMES)}; \`Attribution\` one of ${oneOf(ATTRIBUTIONS)};
\`Runtime\` one of ${oneOf(RUNTIMES)}.`;

function summary(): string {
  const rows = propertyRows("Summary", readInterfaces("packages/core/src/report/summary.ts"));
  return `${MADE}
# summary.json

What a run was and whether it passed, in the run's folder (\`.ape/runs/ID/summary.json\`) and as \`ape-test start --json\`. Everything
in it is computed from the events. \`schema\` changes when a key is renamed or removed; keys may be added. What each metric means:
[metrics](metrics.md). ${NAMED_TYPES}

| key | type | there | meaning |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

function events(): string {
  const interfaces = readInterfaces(
    "packages/core/src/protocol/events.ts",
    "packages/core/src/protocol/tool-call.ts",
  );
  const sections: string[] = [];
  for (const [name, { meaning, properties }] of interfaces) {
    const type = properties.find((property) => property.name === "type")?.type;
    if (type === undefined || !/^"\w+"$/.test(type)) continue;
    const rows = propertyRows(name, interfaces).filter((row) => !row.startsWith("| `type`"));
    const told = meaning === "" ? "" : `\n${meaning}\n`;
    const table =
      rows.length === 0
        ? ""
        : `\n| key | type | there | meaning |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
    sections.push(`## ${type.replaceAll('"', "")}\n${told}${table}`);
  }
  return `${MADE}
# Events

What happens in a run, one JSON object a line, as \`ape-test logs --json\` prints it; [the run's folder](run-folder.md) stores it shorter. Every event has \`type\`, and \`at\`:
milliseconds since 1970, from a clock that never steps back. ${NAMED_TYPES}

${sections.join("\n")}`;
}

async function commandLine(): Promise<string> {
  const sections = (await describeCommands()).map(({ usage, description, parameters, options, examples }) => {
    const table = (head: string, rows: readonly { term: string; description: string }[]): string =>
      rows.length === 0
        ? ""
        : `\n| ${head} | meaning |\n| --- | --- |\n${rows.map(({ term, description: told }) => `| \`${cell(term)}\` | ${cell(told)} |`).join("\n")}\n`;
    const shown = examples.length === 0 ? "" : `\n${examples.map((line) => `    ${line}`).join("\n")}\n`;
    return `## ${usage}\n\n${description}\n${shown}${table("argument", parameters)}${table("option", options)}`;
  });
  return `${MADE}
# Command line

Every command has \`--help\`, and \`--verbose\`, which shows causes and stacks of errors. How commands end:
[exit codes](exit-codes.md).

${sections.join("\n")}`;
}

function describe(schema: unknown, path: string, rows: string[]): void {
  if (!isJsonObject(schema)) return;
  const branches = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isJsonObject) : [schema];
  if (path !== "") {
    const types = [...new Set(branches.map(typeName))].join(" or ");
    const fallback =
      schema.default === undefined || isJsonObject(schema.default)
        ? ""
        : `\`${JSON.stringify(schema.default)}\``;
    rows.push(
      `| \`${path}\` | ${cell(types)} | ${cell(fallback)} | ${cell(String(schema.description ?? ""))} |`,
    );
  }
  for (const branch of branches) {
    if (isJsonObject(branch.properties))
      for (const [key, inner] of Object.entries(branch.properties))
        describe(inner, path === "" ? key : `${path}.${key}`, rows);
    if (isJsonObject(branch.additionalProperties) && isJsonObject(branch.additionalProperties.properties))
      describe(branch.additionalProperties, `${path}.NAME`, rows);
    if (
      isJsonObject(branch.items) &&
      (isJsonObject(branch.items.properties) || Array.isArray(branch.items.anyOf))
    )
      describe(branch.items, `${path}[]`, rows);
  }
}

function typeName(schema: { [key: string]: unknown }): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (Array.isArray(schema.enum))
    return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  if (schema.type === "array") return "list";
  return String(schema.type ?? "any");
}
