import { Buffer } from "node:buffer";
import { readSync } from "node:fs";

/**
 * Reads a range of a file.
 * @param fd of the open file
 * @throws Error if the file ends before
 */
export function readAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  for (let read = 0; read < length; ) {
    const bytes = readSync(fd, buffer, read, length - read, position + read);
    if (bytes === 0) throw new Error("the file ends too early");
    read += bytes;
  }
  return buffer;
}
