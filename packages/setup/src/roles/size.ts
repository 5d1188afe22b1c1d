import type { ComposeSettings } from "@ape/core/config/compose";
import type { LoadConfig } from "@ape/core/config/load";

const MIB = 1024 * 1024;

/** Limits of a role. */
export interface Resources {
  cpus: number;
  memoryBytes: number;
  /** Reserved memory, so that too many agents are refused before they starve one another. */
  reservedBytes: number;
  /** Cores that a scheduler keeps for it; it may use more if nobody else does. */
  reservedCpus: number;
}

/** The distribution of a run over containers. */
export interface StackSize {
  agents: number;
  containers: number;
  agentsPerContainer: number;
  agent: Resources;
  gateway: Resources;
  inference: Resources;
}

/** The maximum number of agents of a load plan at once. */
export function peakOf(load: LoadConfig): number {
  return load.stages === undefined ? load.agents : Math.max(1, ...load.stages.map(({ agents }) => agents));
}

/**
 * Containers and their limits for a number of agents. A process of agents needs about 110 MiB plus 0.25 MiB per agent;
 * limits are twice that, so that a burst ends no process. An event loop uses one core at most; a thousand agents with usual
 * think times need about as much.
 */
export function estimateResources(
  { agentsPerContainer }: Pick<ComposeSettings, "agentsPerContainer">,
  agents: number,
): StackSize {
  const containers = Math.max(1, Math.ceil(agents / agentsPerContainer));
  const each = Math.ceil(agents / containers);
  const role = (mib: number, agentsOfRole: number): Resources => ({
    cpus: 1,
    reservedCpus: Math.min(1, Math.max(0.05, agentsOfRole / 1_000)),
    memoryBytes: Math.ceil(mib * 2) * MIB,
    reservedBytes: Math.ceil(mib / 2) * MIB,
  });
  return {
    agents,
    containers,
    agentsPerContainer,
    agent: role(110 + each * 0.25, each),
    gateway: role(120 + agents * 0.1, agents),
    inference: role(120 + agents * 0.1, agents),
  };
}

/** The size in one line, as it is shown before a start. */
export function sizeText({ agents, containers, agent, gateway, inference }: StackSize): string {
  const mib = ({ memoryBytes }: Resources): number => Math.round(memoryBytes / MIB);
  const total = mib(agent) * containers + mib(gateway) + mib(inference);
  return (
    `${agents} agents in ${containers} container${containers === 1 ? "" : "s"} of up to ${mib(agent)} MiB, ` +
    `gateway ${mib(gateway)} MiB, inference ${mib(inference)} MiB: ${total} MiB at most`
  );
}
