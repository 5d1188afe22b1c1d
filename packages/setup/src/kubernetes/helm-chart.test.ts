import { expect, test } from "vitest";
import { CHART_MARKERS, helmChart } from "./helm-chart.ts";
import { RunNames } from "./kubernetes-object.ts";

const names = new RunNames(CHART_MARKERS.run);
const chart = (content: object) =>
  new Map(
    helmChart({
      version: "1.2.3",
      objects: [names.object("v1", "ConfigMap", "engine-files", "engine", content as never)],
      secrets: { access: [], engine: ["SHOP_TOKEN", "KEY"], inference: [] },
      images: { ape: "ape-test:1", nats: "nats:2" },
    }).map(({ path, text }) => [path, text]),
  );

test("the release names the run, and what looks like a template in the user's files is none", () => {
  const text = chart({ data: { prompt: "Log in as {{email}}." } }).get("templates/engine.yaml") ?? "";
  expect(text).toContain("name: ape-{{ .Release.Name }}-engine-files");
  expect(text).toContain("ape.run: {{ .Release.Name | quote }}");
  expect(text).toContain('prompt: Log in as {{ "{{" }}email}}.');
  expect(text).not.toContain("ape-chart-");
});

test("a release whose name cannot be a run's id is refused by Helm", () => {
  expect(chart({}).get("templates/secrets.yaml")).toMatch(
    /if or \(gt \(len .Release.Name\) 40\).*\n.*fail "the release's name/,
  );
});

test("each variable is one value, of which a Secret gets those of its role", () => {
  const files = chart({});
  expect(files.get("values.yaml")).toContain('variables:\n  KEY: ""\n  SHOP_TOKEN: ""\n');
  const secrets = files.get("templates/secrets.yaml") ?? "";
  expect(secrets).toContain('pick .Values.variables "SHOP_TOKEN" "KEY"');
  expect(secrets).not.toContain("-inference");
});

test("Secrets of the user take the place of those of the chart, for pods of every role", () => {
  const text =
    chart({ secret: { name: names.of("access"), items: [] }, other: { name: names.of("engine") } }).get(
      "templates/engine.yaml",
    ) ?? "";
  expect(text).toContain(
    'name: {{ .Values.existingSecrets.access | default (printf "ape-%s-access" .Release.Name) }}',
  );
  expect(text).toContain("name: ape-{{ .Release.Name }}-engine\n");
});
