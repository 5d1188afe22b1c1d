import { ApeError, messageOf } from "@ape/core/lib/errors";
import type { KubeApi, KubeKind, KubeObject } from "@ape/engine/launch/kubernetes/kube-api";
import type { Project } from "@ape/engine/project/project";
import { kubernetesObjects } from "@ape/setup/kubernetes/objects";
import { readProjectFiles } from "@ape/setup/kubernetes/project-files";
import { estimateResources, peakOf } from "@ape/setup/roles/size";
import type { Io } from "../io.ts";
import type { DoctorFinding } from "../setup/doctor-finding.ts";
import { openCluster } from "./cluster.ts";
import { judgeFromPod } from "./doctor-pod.ts";

/** Kinds that a start makes, follows and deletes. */
const MADE: readonly KubeKind[] = [
  "Job",
  "Deployment",
  "StatefulSet",
  "Service",
  "ServiceAccount",
  "ConfigMap",
  "Secret",
  "Role",
  "RoleBinding",
  "NetworkPolicy",
  "PodDisruptionBudget",
];
const MAKING = ["create", "get", "list", "patch", "delete"];
/** Further rights: what they are for is in docs/how-to/kubernetes.md. */
const FURTHER: readonly [kind: KubeKind, verb: string, subresource?: string][] = [
  ["Pod", "get"],
  ["Pod", "list"],
  ["Pod", "get", "log"],
  ["Pod", "create", "portforward"],
  ["Event", "list"],
];
/** Pods of a run beside those of agents. */
const OTHER_PODS = 4;

/**
 * Whether a run on Kubernetes could start: access, rights and quota of its namespace, a dry run of its objects, and what a
 * pod of the image reaches.
 * @param hasPod whether a pod may be made
 */
export async function judgeCluster(
  io: Pick<Io, "env" | "err" | "sleep">,
  project: Project,
  hasPod: boolean,
): Promise<DoctorFinding[]> {
  let api: KubeApi;
  let version: string;
  try {
    api = await openCluster(io, project);
    version = await api.version();
  } catch (thrown) {
    return [{ name: "cluster", ok: false, message: messageOf(thrown) }];
  }
  try {
    const { image, podMonitor } = project.config.kubernetes;
    const rights = await judgeRights(api, podMonitor ? [...MADE, "PodMonitor"] : MADE);
    const objects = rights.ok ? [await judgeObjects(api, project)] : [];
    return [
      { name: "cluster", ok: true, message: `Kubernetes ${version}, namespace ${api.namespace}` },
      rights,
      ...objects,
      await judgeQuota(api, project),
      ...(hasPod && objects.some(({ ok }) => ok)
        ? await judgeFromPod(api, project.config, io)
        : [
            {
              name: "image",
              ok: true,
              message: `${image}: no pod was made that shows whether nodes have it`,
            },
          ]),
    ];
  } catch (thrown) {
    return [{ name: "cluster", ok: false, message: messageOf(thrown) }];
  } finally {
    await api.close();
  }
}

/** Whether the cluster would accept the objects of a run: a dry run on the server, without Secrets. */
async function judgeObjects(api: KubeApi, { config, written, directory }: Project): Promise<DoctorFinding> {
  const name = "objects";
  try {
    const files = await readProjectFiles(config, written, directory);
    const objects = kubernetesObjects({ run: "doctor", config, project: files });
    for (const object of objects) await api.apply(object as KubeObject, true);
    return { name, ok: true, message: `the cluster would accept all ${objects.length} of a run` };
  } catch (thrown) {
    const hint = thrown instanceof ApeError && thrown.hint !== undefined ? ` (${thrown.hint})` : "";
    return { name, ok: false, message: `${messageOf(thrown)}${hint}` };
  }
}

async function judgeRights(api: KubeApi, made: readonly KubeKind[]): Promise<DoctorFinding> {
  const wanted = [
    ...made.flatMap((kind): [KubeKind, string][] => MAKING.map((verb) => [kind, verb])),
    ...FURTHER,
  ];
  const missing = await Promise.all(
    wanted.map(async ([kind, verb, subresource]) =>
      (await api.allows(kind, verb, subresource))
        ? undefined
        : `${verb} ${kind}${subresource === undefined ? "" : `/${subresource}`}`,
    ),
  );
  const lacking = missing.filter((one) => one !== undefined);
  return {
    name: "permissions",
    ok: lacking.length === 0,
    message:
      lacking.length === 0 ? `all ${wanted.length} that a run needs` : `missing: ${lacking.join(", ")}`,
  };
}

/** Whether the pods of a run fit into what quotas of the namespace leave. */
async function judgeQuota(api: KubeApi, { config }: Project): Promise<DoctorFinding> {
  const pods = estimateResources(config.compose, peakOf(config.load)).containers + OTHER_PODS;
  const left = (await api.list("ResourceQuota", {})).flatMap((quota) => {
    const free = freePods(quota);
    return free === undefined ? [] : [free];
  });
  const least = Math.min(...left);
  if (!Number.isFinite(least))
    return { name: "quota", ok: true, message: `none for pods; a run has ${pods}` };
  return {
    name: "quota",
    ok: pods <= least,
    message: `${least} more pods are admitted; a run has ${pods}`,
  };
}

function freePods({ status }: KubeObject): number | undefined {
  const { hard, used } = (status ?? {}) as { hard?: { pods?: string }; used?: { pods?: string } };
  return hard?.pods === undefined ? undefined : Number(hard.pods) - Number(used?.pods ?? 0);
}
