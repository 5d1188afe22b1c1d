import { Buffer } from "node:buffer";

const SLAB_BYTES = 256 * 1024;
/** Longer ones get their own buffer: they would waste the rest of a slab. */
const MOST_BYTES = SLAB_BYTES / 4;
/** UTF-8 needs at most three bytes for a UTF-16 code unit. */
const BYTES_A_UNIT = 3;

let slab = Buffer.allocUnsafeSlow(0);
let used = 0;

/**
 * Joins texts and bytes in one buffer, cut from a larger one: a buffer per request, above the size that Node pools,
 * costs more than writing it. A slab is freed once no part of it is referenced.
 */
export function allocateFromSlab(parts: readonly (string | Buffer)[]): Buffer {
  let most = 0;
  for (const part of parts) most += typeof part === "string" ? part.length * BYTES_A_UNIT : part.length;
  if (most > MOST_BYTES) return Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  if (slab.length - used < most) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    used = 0;
  }
  const from = used;
  for (const part of parts) {
    if (typeof part === "string") used += slab.write(part, used);
    else used += part.copy(slab, used);
  }
  return slab.subarray(from, used);
}
