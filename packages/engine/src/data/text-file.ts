import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { byteOrderMark } from "@ape/core/lib/charset";

/** Text of a file in pieces, and the encoding that it is read in. */
export interface TextFile {
  /** `windows-1252` for a file that is not UTF-8 and has no byte-order mark (Encoding Standard). */
  encoding: string;
  pieces(): AsyncIterable<string>;
}

/**
 * Opens a text file without holding it in memory. Reads it once to detect its encoding, if it has no byte-order mark.
 * @throws errors of the file system
 */
export async function openTextFile(path: string): Promise<TextFile> {
  const encoding = await encodingOf(path);
  return { encoding, pieces: () => decoded(path, new TextDecoder(encoding)) };
}

async function* decoded(path: string, decoder: TextDecoder): AsyncGenerator<string> {
  for await (const bytes of createReadStream(path)) yield decoder.decode(bytes as Buffer, { stream: true });
  yield decoder.decode();
}

async function encodingOf(path: string): Promise<string> {
  // Reading a pipe or a device could block, and can be done only once.
  if (!(await stat(path)).isFile()) throw new Error("it is no regular file");
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(3), 0, 3, 0);
    const marked = byteOrderMark(buffer.subarray(0, bytesRead));
    if (marked !== undefined) return marked;
  } finally {
    await file.close();
  }
  try {
    // The pieces are discarded: only whether all of them are UTF-8 counts.
    for await (const _piece of decoded(path, new TextDecoder("utf-8", { fatal: true })));
    return "utf-8";
  } catch (thrown) {
    if (
      thrown instanceof TypeError &&
      "code" in thrown &&
      thrown.code === "ERR_ENCODING_INVALID_ENCODED_DATA"
    )
      return "windows-1252";
    throw thrown;
  }
}
