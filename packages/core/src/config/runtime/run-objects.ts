/** The label with the run's id on all Kubernetes objects and pods of a run. */
export const RUN_LABEL = "ape.run";
/** The label with the role, of pods and of what belongs to one role. */
export const ROLE_LABEL = "ape.role";
/** The label of all objects of runs, whoever made them. */
export const NAME_LABEL: Readonly<Record<string, string>> = { "app.kubernetes.io/name": "ape-test" };
/** The label of all Kubernetes objects that APE makes: Helm puts its own there. */
export const MANAGED_LABEL: Readonly<Record<string, string>> = { "app.kubernetes.io/managed-by": "ape-test" };
/** Port of the run's own NATS server. */
export const NATS_PORT = 4222;

/** Name of a Kubernetes object of a run: `ape-20261129-023900-a1b2-gateway`. */
export const objectName = (run: string, part: string): string => `ape-${run}-${part}`;
