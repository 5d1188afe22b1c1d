import type { Config } from "@ape/core/config/schema";

/** An object of the Kubernetes API. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels: Record<string, string>; [key: string]: unknown };
  [key: string]: unknown;
}

/** A part of an object. */
export type Part = Record<string, unknown>;

/** The label with the run's id on all of its objects and pods. */
const RUN_LABEL = "ape.run";
/** The label with the role, of pods and what belongs to one role. */
const ROLE_LABEL = "ape.role";

/** Names and labels of the objects of one run. */
export class RunNames {
  readonly run: string;

  constructor(run: string) {
    this.run = run;
  }

  /** `ape-20261129-023900-a1b2-gateway`. */
  of(part: string): string {
    return `ape-${this.run}-${part}`;
  }

  labels(role?: string): Record<string, string> {
    return {
      "app.kubernetes.io/name": "ape-test",
      "app.kubernetes.io/managed-by": "ape-test",
      [RUN_LABEL]: this.run,
      ...(role === undefined ? {} : { [ROLE_LABEL]: role }),
    };
  }

  /** Selects the pods of a role. */
  selector(role: string): { matchLabels: Record<string, string> } {
    return { matchLabels: { [RUN_LABEL]: this.run, [ROLE_LABEL]: role } };
  }

  object(
    apiVersion: string,
    kind: string,
    part: string,
    role: string | undefined,
    content: Part,
  ): KubernetesObject {
    return { apiVersion, kind, metadata: { name: this.of(part), labels: this.labels(role) }, ...content };
  }
}

/** Whether a run has a NATS server of its own. */
export const hasOwnBus = ({ bus }: Pick<Config, "bus">): boolean => bus.url === undefined;

/** Applies a merge patch (RFC 7396): objects are merged, null removes, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result = new Map<string, unknown>(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch))
    if (value === null) result.delete(key);
    else result.set(key, mergePatch(result.get(key), value));
  return Object.fromEntries(result);
}

const isObject = (value: unknown): value is Part =>
  typeof value === "object" && value !== null && !Array.isArray(value);
