/** One avalanche round over 32 bits (the finaliser of MurmurHash3, which is in the public domain). */
function avalanche(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A 32-bit number (0 to 2^32 - 1) that depends on its four inputs only: the same everywhere, every time. */
export function scramble(seed: number, a: number, b: number, c: number): number {
  let h = avalanche((seed | 0) ^ 0x9e3779b9);
  h = avalanche(h ^ Math.imul(a + 1, 0x9e3779b1));
  h = avalanche(h ^ Math.imul(b + 1, 0x85ebca77));
  return avalanche(h ^ Math.imul(c + 1, 0xc2b2ae3d)) >>> 0;
}

/** Like {@link scramble}, as a fraction: 0 <= x < 1. */
export function fraction(seed: number, a: number, b: number, c: number): number {
  return scramble(seed, a, b, c) / 4294967296;
}

/** A 32-bit number out of a text (FNV-1a). */
export function digest(text: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  return h >>> 0;
}

/** An opaque id of 14 characters after its prefix, out of numbers alone. */
export function opaqueId(prefix: string, seed: number, a: number, b: number): string {
  const left = scramble(seed, a, b, 1).toString(36).padStart(7, "0");
  const right = scramble(seed, a, b, 2).toString(36).padStart(7, "0");
  return `${prefix}_${left}${right}`;
}

/** One of `choices`, by the same four inputs. */
export function pick<T>(choices: readonly T[], seed: number, a: number, b: number, c: number): T {
  return choices[scramble(seed, a, b, c) % choices.length] as T;
}
