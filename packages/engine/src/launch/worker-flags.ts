/** Young generation per agent in KiB: so that 128 agents have the smallest, and 500 the largest. */
const KIB_PER_AGENT = 256;
const SMALLEST_MIB = 32;
/** More saves nothing: measured with 500 and 2,000 agents. */
const LARGEST_MIB = 128;

/**
 * V8 flags of a worker with so many agents. V8 copies what lives when the young generation is full, and every agent has a
 * step under way then: with more agents the generation must be larger, or most of the copying is of live data. With 500
 * agents 128 MiB take 15% less CPU per action than 64 MiB; with 100 agents 32 MiB take no more (`npm run bench -- agents`).
 * A slowly growing old generation keeps garbage from counting as memory of the agents (rssKbPerAgent); where that of
 * the young one is large anyway, it may double between collections, which saves 3% of CPU.
 * @param agents of this worker at the peak of the load
 */
export function workerFlags(agents: number): string[] {
  const wanted = (agents * KIB_PER_AGENT) / 1024;
  let size = SMALLEST_MIB;
  while (size < wanted && size < LARGEST_MIB) size *= 2;
  return [
    `--min-semi-space-size=${size}`,
    `--max-semi-space-size=${size}`,
    `--heap-growing-percent=${size < LARGEST_MIB ? 40 : 100}`,
    "--single-threaded-gc",
  ];
}
