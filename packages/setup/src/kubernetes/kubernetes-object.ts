import {
  MANAGED_LABEL,
  NAME_LABEL,
  objectName,
  ROLE_LABEL,
  RUN_LABEL,
} from "@ape/core/config/runtime/run-objects";
import { isJsonObject } from "@ape/core/lib/json";

/** An object of the Kubernetes API. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels: Record<string, string>; [key: string]: unknown };
  [key: string]: unknown;
}

/** A part of an object. */
export type Part = Record<string, unknown>;

/** Names and labels of the objects of one run. */
export class RunNames {
  readonly run: string;

  constructor(run: string) {
    this.run = run;
  }

  of(part: string): string {
    return objectName(this.run, part);
  }

  labels(role?: string): Record<string, string> {
    return {
      ...NAME_LABEL,
      ...MANAGED_LABEL,
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

/**
 * Applies a merge patch (RFC 7396): objects are merged, null removes, everything else replaces. Beyond that, lists of
 * objects with names, such as containers, are merged by name, as Kubernetes' own patches of pods are.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (areNamed(target) && areNamed(patch)) return mergeNamed(target, patch);
  if (!isJsonObject(patch)) return patch;
  const result = new Map<string, unknown>(isJsonObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch))
    if (value === null) result.delete(key);
    else result.set(key, mergePatch(result.get(key), value));
  return Object.fromEntries(result);
}

type NamedItem = Part & { name: string };

function areNamed(value: unknown): value is NamedItem[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item: unknown) => isJsonObject(item) && typeof item.name === "string")
  );
}

/** Items of the target, merged with those of the patch that have their names, then the patch's others. */
function mergeNamed(target: readonly NamedItem[], patch: readonly NamedItem[]): unknown[] {
  const of = new Map(patch.map((item) => [item.name, item]));
  const merged = target.map((item) => {
    const own = of.get(item.name);
    of.delete(item.name);
    return own === undefined ? item : mergePatch(item, own);
  });
  return [...merged, ...of.values()];
}
