import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";

const NOTHING = Buffer.alloc(0);

/**
 * Reads the body of a request to a server. Uses a callback and not a promise, because it is called for each request.
 * @param limit in bytes
 * @param done called once: with the body, or with undefined if it is longer than the limit; never if the caller hangs up
 * @param failed called with what `done` throws
 */
export function readIncoming(
  request: IncomingMessage,
  limit: number,
  done: (body: Buffer | undefined) => void,
  failed: (thrown: unknown) => void,
): void {
  const finish = (body: Buffer | undefined): void => {
    try {
      done(body);
    } catch (thrown) {
      failed(thrown);
    }
  };
  if (Number(request.headers["content-length"] ?? 0) > limit) {
    finish(undefined);
    return;
  }
  // Nearly every call comes in one piece, which is passed on unchanged.
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let bytes = 0;
  const read = (piece: Buffer): void => {
    bytes += piece.length;
    if (bytes > limit) {
      request.off("data", read).off("end", end);
      finish(undefined);
    } else if (first === undefined) first = piece;
    else if (more === undefined) more = [first, piece];
    else more.push(piece);
  };
  const end = (): void => finish(more === undefined ? (first ?? NOTHING) : Buffer.concat(more, bytes));
  request.on("data", read).on("end", end);
}
