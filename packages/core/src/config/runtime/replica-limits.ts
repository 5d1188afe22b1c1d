import type { TargetConfig } from "../target.ts";

/**
 * The targets of one of several gateways of a run: what limits the calls of the whole run is divided among them. A gateway
 * has at least one call at once.
 */
export function limitsOfReplica(
  targets: Readonly<Record<string, TargetConfig>>,
  replicas: number,
): Record<string, TargetConfig> {
  return Object.fromEntries(
    Object.entries(targets).map(([name, target]) => {
      const { rate, maxConcurrent } = target;
      return [
        name,
        {
          ...target,
          ...(rate === undefined ? {} : { rate: rate / replicas }),
          ...(maxConcurrent === undefined
            ? {}
            : { maxConcurrent: Math.max(1, Math.floor(maxConcurrent / replicas)) }),
        },
      ];
    }),
  );
}
