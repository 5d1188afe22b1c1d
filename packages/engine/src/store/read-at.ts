import { Buffer } from "node:buffer";
import type { FileHandle } from "node:fs/promises";

/**
 * Reads a range of a file.
 * @throws Error if the file ends before
 */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  for (let read = 0; read < length; ) {
    const { bytesRead } = await handle.read(buffer, read, length - read, position + read);
    if (bytesRead === 0) throw new Error("the file ends too early");
    read += bytesRead;
  }
  return buffer;
}
