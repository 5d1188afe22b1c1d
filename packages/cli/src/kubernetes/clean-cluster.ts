import { MANAGED_LABEL, RUN_LABEL } from "@ape/core/config/runtime/run-objects";
import type { KubeApi, KubeKind, KubeObject } from "@ape/engine/launch/kubernetes/kube-api";
import { clusterRuns } from "./cluster.ts";

/** Kinds of which a run has objects, the Jobs first: they own the others. */
const KINDS: readonly KubeKind[] = [
  "Job",
  "Deployment",
  "StatefulSet",
  "Service",
  "PodDisruptionBudget",
  "NetworkPolicy",
  "RoleBinding",
  "Role",
  "ServiceAccount",
  "ConfigMap",
  "Secret",
  "PersistentVolumeClaim",
];

/** An object that `clean` would delete. */
export interface LeftObject {
  kind: KubeKind;
  name: string;
}

/**
 * Finds what runs that have ended left in the namespace, and runs that are active, which keep theirs.
 * @param run only this run, whether it is active or not
 */
export async function findLeftObjects(
  api: KubeApi,
  run?: string,
): Promise<{ left: LeftObject[]; active: string[] }> {
  // The runs come last: a run that starts meanwhile has its engine's Job before everything else.
  const found = await Promise.all(
    KINDS.map(async (kind) => (await api.list(kind, MANAGED_LABEL)).map((object) => ({ kind, object }))),
  );
  const runs = await clusterRuns(api);
  const active = run === undefined ? runs.filter(({ isActive }) => isActive).map(({ run: id }) => id) : [];
  const isLeft = ({ metadata }: KubeObject): boolean => {
    const owner = metadata.labels?.[RUN_LABEL] ?? "";
    return run === undefined ? !active.includes(owner) : owner === run;
  };
  const left = found
    .flat()
    .filter(({ object }) => isLeft(object))
    .map(({ kind, object }) => ({ kind, name: object.metadata.name }));
  return { left, active };
}

/** Deletes objects; those that their owner takes along are gone by then, which is no error. */
export async function deleteObjects(api: KubeApi, objects: readonly LeftObject[]): Promise<void> {
  for (const { kind, name } of objects) await api.delete(kind, name);
}
