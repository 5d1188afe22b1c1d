/** A seeded source of numbers in [0, 1). */
export type Random = () => number;

/**
 * A 32-bit hash of any number of parts, for seeds that are derived from one another
 * (FNV-1a over the text, then the finaliser of MurmurHash3).
 */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    const text = String(part);
    for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ 0x1f, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 32 hex digits of any number of parts, by four hashes of them: wide enough to name each session of a long run. */
export function hexOf(...parts: readonly (string | number)[]): string {
  let hex = "";
  for (let salt = 0; salt < 4; salt += 1)
    hex += seedOf(salt, ...parts)
      .toString(16)
      .padStart(8, "0");
  return hex;
}

/** A small, fast generator with 32 bits of state (mulberry32); the same seed gives the same numbers. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A standard normal number (Box and Muller, 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The numbers 0..length-1 in a seeded order (Fisher and Yates). */
export function shuffled(length: number, random: Random): number[] {
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

/** `count` random bytes as lower-case hex, two digits a byte. */
export function randomHex(random: Random, count: number): string {
  let hex = "";
  for (let i = 0; i < count; i += 1)
    hex += Math.floor(random() * 256)
      .toString(16)
      .padStart(2, "0");
  return hex;
}
