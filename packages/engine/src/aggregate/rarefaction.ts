/** Size of the sample of sessions. */
const SAMPLE = 100;

/**
 * Distinct things to be expected in a sample of 100 sessions, or in all where there are fewer: the rarefaction of
 * ecology, sum over things of 1 - C(N-n, 100) / C(N, 100) (S. H. Hurlbert, 1971).
 * @param counts sessions by thing
 * @param sessions all sessions, N
 */
export function distinctPer100(counts: Iterable<number>, sessions: number): number {
  const sample = Math.min(SAMPLE, sessions);
  let distinct = 0;
  for (const count of counts) {
    let absent = 1;
    for (let drawn = 0; drawn < sample && absent > 0; drawn += 1)
      absent *= Math.max(0, sessions - count - drawn) / (sessions - drawn);
    distinct += 1 - absent;
  }
  return distinct;
}
