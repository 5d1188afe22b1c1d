declare module "snappyjs" {
  /** The input in Snappy's block format. */
  export function compress(bytes: Uint8Array): Uint8Array;
  export function uncompress(bytes: Uint8Array): Uint8Array;
}
