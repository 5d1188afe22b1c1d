import { hasOwnBus } from "@ape/core/config/runtime/bus";
import { ROLE_LABEL } from "@ape/core/config/runtime/run-objects";
import type { Config } from "@ape/core/config/schema";
import { ApeError } from "@ape/core/lib/errors";
import type { FileGenerator, GeneratedFile } from "../generate/generator.ts";
import { IMAGES } from "../roles/images.ts";
import { CHART_MARKERS, helmChart } from "./helm-chart.ts";
import type { KubernetesObject, Part } from "./kubernetes-object.ts";
import { kubernetesObjects } from "./objects.ts";
import { readProjectFiles } from "./project-files.ts";

/** Version of charts: they have no life of their own. */
const VERSION = "0.1.0";

/** The chart of a project: the files of its folder, by their path in it. */
export async function projectChart(
  config: Config,
  written: unknown,
  directory: string,
): Promise<GeneratedFile[]> {
  if (!hasOwnBus(config))
    throw new ApeError("CONFIG_INVALID", "a Helm chart has a NATS of its own", {
      hint: "Leave out `bus.url`, or use `ape-test generate kubernetes`.",
    });
  const project = await readProjectFiles(config, written, directory);
  const { image, natsImage, existingSecrets, imagePullPolicy, imagePullSecrets, ...kubernetes } =
    config.kubernetes;
  const objects = kubernetesObjects({
    run: CHART_MARKERS.run,
    config: {
      ...config,
      kubernetes: {
        ...kubernetes,
        existingSecrets: {},
        // As no configuration may have them: values of the chart take their places.
        imagePullPolicy: CHART_MARKERS.pullPolicy as Config["kubernetes"]["imagePullPolicy"],
        imagePullSecrets: [CHART_MARKERS.pullSecrets],
        image: CHART_MARKERS.image,
        natsImage: CHART_MARKERS.natsImage,
      },
    },
    project,
    overrides: CHART_MARKERS.overrides,
  });
  const { engine, gateway, inference } = project.variables;
  return helmChart({
    version: VERSION,
    objects: objects.map(withoutAgents),
    secrets: { access: [], engine, gateway, inference },
    images: { ape: image, nats: natsImage ?? IMAGES.nats, imagePullPolicy, imagePullSecrets },
  });
}

/** Agents take no place that the engine needs, which starts them when it is there. */
function withoutAgents(object: KubernetesObject): KubernetesObject {
  if (object.kind !== "Job" || object.metadata.labels[ROLE_LABEL] !== "agents") return object;
  return { ...object, spec: { ...(object.spec as Part), parallelism: 0 } };
}

/** A Helm chart of the configuration's run; only made on request. */
export const helmGenerator: FileGenerator = {
  name: "helm",
  summary: "ape.helm/, a Helm chart of a run on Kubernetes",
  files: async ({ config, written, directory, named }) => {
    if (named !== true) return [];
    const files = await projectChart(config, written, directory);
    return files.map((file) => ({ ...file, path: `ape.helm/${file.path}` }));
  },
};
