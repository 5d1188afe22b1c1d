import { ROLE_LABEL } from "@ape/core/config/runtime/run-objects";
import { stringify } from "yaml";
import type { GeneratedFile } from "../generate/generator.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import type { SecretPart } from "./pods.ts";

/** Stand for values of the chart in the objects that it is made from. */
export const CHART_MARKERS = {
  run: "ape-chart-release",
  image: "ape-chart-image",
  natsImage: "ape-chart-nats-image",
  overrides: "ape-chart-overrides",
} as const;

export interface HelmChartInput {
  /** Version of the chart and of APE. */
  version: string;
  /** The run's objects, with {@link CHART_MARKERS} and without Secrets. */
  objects: readonly KubernetesObject[];
  /** Secrets that the chart makes unless values name existing ones, and the variables in each. */
  secrets: Partial<Record<SecretPart, readonly string[]>>;
  images: { ape: string; nats: string };
}

const MOST_NAME_CHARS = 40;
const HEAD = "# Made by `ape-test generate helm`: changes are lost with the next one.\n";

/** A Helm chart of a run's objects: one template per role. The release's name is the run's id. */
export function helmChart({ version, objects, secrets, images }: HelmChartInput): GeneratedFile[] {
  const roles = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const role = object.metadata.labels[ROLE_LABEL] ?? "run";
    roles.set(role, [...(roles.get(role) ?? []), object]);
  }
  return [
    {
      path: "Chart.yaml",
      text: stringify({
        apiVersion: "v2",
        name: "ape-test",
        description: "A load test by agents: one release is one run.",
        type: "application",
        version,
        appVersion: version,
        kubeVersion: ">=1.27.0-0",
      }),
    },
    { path: "values.yaml", text: valuesText(secrets, images) },
    { path: "templates/NOTES.txt", text: NOTES },
    { path: "templates/secrets.yaml", text: secretsTemplate(secrets) },
    ...[...roles].map(([role, of]) => ({
      path: `templates/${role}.yaml`,
      text: `${HEAD}${of.map(templateOf).join("---\n")}`,
    })),
  ];
}

/** The YAML of an object, in which Helm fills values in. */
function templateOf(object: KubernetesObject): string {
  const text = stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
  return (
    text
      // What looks like a template in the user's files, such as a placeholder of a prompt, is none.
      .replaceAll("{{", OPENING)
      // A name of digits alone would be a number.
      .replaceAll(new RegExp(`: ${CHART_MARKERS.run}$`, "gm"), ": {{ .Release.Name | quote }}")
      .replaceAll(CHART_MARKERS.run, "{{ .Release.Name }}")
      .replaceAll(CHART_MARKERS.natsImage, "{{ .Values.natsImage | quote }}")
      .replaceAll(CHART_MARKERS.image, "{{ .Values.image | quote }}")
      .replaceAll(CHART_MARKERS.overrides, "{{ .Values.overrides | toJson | quote }}")
      .replaceAll(/^( *)imagePullPolicy: .*$/gm, "$1imagePullPolicy: {{ .Values.imagePullPolicy }}")
      .replaceAll(
        /^( *)automountServiceAccountToken: /gm,
        "$1imagePullSecrets: {{ .Values.imagePullSecrets | toJson }}\n$1automountServiceAccountToken: ",
      )
      .replaceAll(
        /\b(secretName|name): ape-\{\{ \.Release\.Name \}\}-(access|engine|gateway|inference)(\n *(?:items|key):)/g,
        '$1: {{ .Values.existingSecrets.$2 | default (printf "ape-%s-$2" .Release.Name) }}$3',
      )
  );
}

const OPENING = '{{ "{{" }}';

function valuesText(secrets: HelmChartInput["secrets"], { ape, nats }: HelmChartInput["images"]): string {
  const variables = [...new Set(Object.values(secrets).flat())].sort().map((name) => `  ${name}: ""\n`);
  const existing = Object.keys(secrets).map((part) => `  ${part}: ""\n`);
  return `# The image of APE's roles, and that of the message bus, as nodes pull them.
image: ${ape}
natsImage: ${nats}
imagePullPolicy: IfNotPresent
# Such as [{ name: registry }].
imagePullSecrets: []
# In place of what the configuration says: { agents: 40, durationMs: 60000 }.
overrides: {}
# The values of the variables that the configuration reads; each role gets those of its part.
variables:${variables.length === 0 ? " {}\n" : `\n${variables.join("")}`}# Names of Secrets of yours in place of those that the chart makes.
existingSecrets:
${existing.join("")}`;
}

/** The run's token is made once: an upgrade keeps it. */
function secretsTemplate(secrets: HelmChartInput["secrets"]): string {
  const parts = Object.entries(secrets).map(([part, names]) => {
    const name = `ape-{{ .Release.Name }}-${part}`;
    const head = `{{- if not .Values.existingSecrets.${part} }}
---
apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  labels: { app.kubernetes.io/name: ape-test, ape.run: {{ .Release.Name | quote }} }
type: Opaque
`;
    if (part === "access")
      return `${head}data:
  {{- $kept := lookup "v1" "Secret" .Release.Namespace (printf "ape-%s-access" .Release.Name) }}
  token: {{ if $kept }}{{ index $kept.data "token" }}{{ else }}{{ printf "t%s" (randAlphaNum 48) | b64enc }}{{ end }}
{{- end }}
`;
    return names.length === 0
      ? ""
      : `${head}stringData:
  variables.json: {{ pick .Values.variables ${names.map((name) => `"${name}"`).join(" ")} | toJson | quote }}
{{- end }}
`;
  });
  return `${HEAD}${NAME_CHECK}${parts.join("")}`;
}

/** The release's name is in the names of Services and pods, and in subjects of the message bus. */
const NAME_CHECK = `{{- if or (gt (len .Release.Name) ${MOST_NAME_CHARS}) (contains "." .Release.Name) }}
{{- fail "the release's name is the run's id: at most ${MOST_NAME_CHARS} letters, digits and -" }}
{{- end }}
`;

const NOTES = `The run {{ .Release.Name }} has been started in the namespace {{ .Release.Namespace }}.

The exit code of its engine is the verdict:
  kubectl -n {{ .Release.Namespace }} wait --for=condition=complete job/ape-{{ .Release.Name }}-engine
Follow it, and bring its results before the release is uninstalled:
  ape-test status --runtime kubernetes --watch {{ .Release.Name }}
  ape-test fetch --runtime kubernetes {{ .Release.Name }}
`;
