import { hasOwnBus } from "@ape/core/config/runtime/bus";
import type { Config } from "@ape/core/config/schema";
import { stringify } from "yaml";
import type { FileGenerator } from "../generate/generator.ts";
import { RunNames } from "./kubernetes-object.ts";
import { kubernetesObjects } from "./objects.ts";
import { type SecretPart, secretOf } from "./pods.ts";
import { type ProjectFiles, readProjectFiles } from "./project-files.ts";

/** Name of the run of generated objects: those of `ape-test start` have the run's id. */
const RUN = "manual";

/** The objects of a run on Kubernetes as one file; only made on request. */
export const kubernetesGenerator: FileGenerator = {
  name: "kubernetes",
  summary: "ape.kubernetes.yaml, the objects of a run on Kubernetes without their Secrets",
  files: async ({ config, written, directory, named }) => {
    if (named !== true) return [];
    const project = await readProjectFiles(config, written, directory);
    const objects = kubernetesObjects({ run: RUN, config, project });
    const text = objects
      .map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
      .join("---\n");
    return [{ path: "ape.kubernetes.yaml", text: `${head(config, project)}${text}` }];
  },
};

/** What the file needs that is not in it. */
function head(config: Config, { variables }: ProjectFiles): string {
  const names = new RunNames(RUN);
  const name = (part: SecretPart): string => secretOf({ config, names }, part);
  const { namespace } = config.kubernetes;
  const kubectl = namespace === undefined ? "kubectl" : `kubectl --namespace ${namespace}`;
  const lines = [
    "Made by `ape-test generate kubernetes` from ape.config.yaml; `ape-test start --runtime kubernetes` applies the same objects.",
    "Secrets are not in this file. Make them before you apply it (a token begins with a letter):",
    `  ${kubectl} create secret generic ${name("access")} --from-literal=token=t$(openssl rand -hex 24)`,
    ...(hasOwnBus(config)
      ? []
      : [
          `  ${kubectl} create secret generic ${name("bus")} --from-file=bus.json     # { "url", "token" or "user" and "password" or "creds", "tls" }`,
        ]),
    ...Object.entries(variables).flatMap(([part, names]) =>
      names.length === 0
        ? []
        : [
            `  ${kubectl} create secret generic ${name(part as SecretPart)} --from-file=variables.json     # a JSON object with ${names.join(", ")}`,
          ],
    ),
    `Then \`${kubectl} apply --server-side --filename ape.kubernetes.yaml\`. The exit code of the engine's pod is the verdict. Its Job ends, passed or not:`,
    `  ${kubectl} wait --for=jsonpath='{.status.conditions[-1].status}'=True --timeout=2h job/${names.of("engine")}`,
    `\`ape-test fetch ${RUN}\` brings the results. Before another run: \`${kubectl} delete --filename ape.kubernetes.yaml\`.`,
  ];
  return lines.map((line) => `# ${line}\n`).join("");
}
