import type { Config } from "@ape/core/config/schema";
import { type KubernetesObject, RunNames } from "./kubernetes-object.ts";
import { lookingPod } from "./pods.ts";

/** Role of the pod that looks around for `doctor`. */
export const DOCTOR_ROLE = "doctor";
/** Seconds after which Kubernetes ends the pod, and after its end deletes the Job, whatever became of the command. */
const LONGEST_S = 120;

/**
 * A Job whose pod has the image, the node and the network of the gateway's, and looks from there which of the addresses can
 * be reached: `ape-test doctor --reach`.
 * @param id of the look, in place of a run's
 */
export function doctorJob(config: Config, id: string, addresses: readonly string[]): KubernetesObject {
  const names = new RunNames(id);
  return names.object("batch/v1", "Job", DOCTOR_ROLE, DOCTOR_ROLE, {
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: LONGEST_S,
      ttlSecondsAfterFinished: LONGEST_S,
      template: lookingPod({ config, names }, DOCTOR_ROLE, ["doctor", "--reach", ...addresses]),
    },
  });
}
