import { type Random, randomFrom, seedOf } from "@ape/core/lib/random";

/** Draws one of a weighted list. */
export function drawWeighted<T extends { weight: number }>(
  list: readonly T[],
  random: Random,
): T | undefined {
  const total = list.reduce((sum, item) => sum + item.weight, 0);
  let left = random() * total;
  for (const item of list) {
    left -= item.weight;
    if (left < 0) return item;
  }
  return list.at(-1);
}

/** The random numbers of one session: the same for the same seed, worker and number. */
export function sessionRandom(seed: number, worker: number, number: number): Random {
  return randomFrom(seedOf(seed, worker, number));
}
