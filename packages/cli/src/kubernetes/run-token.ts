import { objectName } from "@ape/core/config/runtime/run-objects";
import { ApeError } from "@ape/core/lib/errors";
import type { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";
import type { Project } from "@ape/engine/project/project";

/**
 * The token of a run on Kubernetes, from its Secret.
 * @throws ApeError RUN_NOT_FOUND if its objects were deleted
 */
export async function runTokenOf(
  api: KubeApi,
  { config }: Pick<Project, "config">,
  run: string,
): Promise<string> {
  const name = config.kubernetes.existingSecrets.access ?? objectName(run, "access");
  const data = (await api.get("Secret", name))?.data as { token?: string } | undefined;
  if (data?.token === undefined)
    throw new ApeError("RUN_NOT_FOUND", `the run ${run} has no token in the namespace ${api.namespace}`, {
      hint: "Its objects were deleted, and its results with them.",
    });
  return Buffer.from(data.token, "base64").toString("utf8").trim();
}
