import { encodeWholeDigest } from "../store/part-digest-file.ts";

/** Characters of a message: NATS allows a megabyte. */
const MOST_CHARS = 512 * 1024;

/** What a message of a digest says of it. */
export interface DigestHead {
  /** Number of messages with figures that the digest counts. */
  figures: number;
  /** Whether it counts all events of its process. */
  isFinal: boolean;
}

/** A digest, divided among messages of the message bus. */
export async function digestMessages(digest: object, head: DigestHead): Promise<string[]> {
  const text = (await encodeWholeDigest(digest)).toString("base64");
  const count = Math.max(1, Math.ceil(text.length / MOST_CHARS));
  return Array.from({ length: count }, (_, index) => {
    const isLast = index === count - 1;
    return `${JSON.stringify({ ...head, index, isLast })}\n${text.slice(index * MOST_CHARS, (index + 1) * MOST_CHARS)}`;
  });
}

/** Puts digests together from their messages, each part's in order. */
export class DigestAssembler {
  readonly #texts = new Map<string, string>();

  /** @returns the file of a digest if it is complete */
  add(part: string, message: string): { head: DigestHead; bytes: Buffer } | undefined {
    const end = message.indexOf("\n");
    const { index, isLast, ...head } = JSON.parse(message.slice(0, end)) as DigestHead & {
      index: number;
      isLast: boolean;
    };
    const text = (index === 0 ? "" : (this.#texts.get(part) ?? "")) + message.slice(end + 1);
    if (!isLast) {
      this.#texts.set(part, text);
      return undefined;
    }
    this.#texts.delete(part);
    return { head, bytes: Buffer.from(text, "base64") };
  }
}
