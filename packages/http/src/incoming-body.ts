import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";

const NOTHING = Buffer.alloc(0);

/**
 * Reads the body of a request that a server got. A callback and not a promise, for every call of every door comes
 * through here.
 * @param limit in bytes
 * @param done told once: of the body, or of nothing where it is longer than that; never where the caller hangs up
 */
export function readIncoming(
  request: IncomingMessage,
  limit: number,
  done: (body: Buffer | undefined) => void,
): void {
  if (Number(request.headers["content-length"] ?? 0) > limit) {
    done(undefined);
    return;
  }
  // Nearly every call comes in one piece, which is handed on as it is.
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let bytes = 0;
  const read = (piece: Buffer): void => {
    bytes += piece.length;
    if (bytes > limit) {
      request.off("data", read).off("end", end);
      done(undefined);
    } else if (first === undefined) first = piece;
    else if (more === undefined) more = [first, piece];
    else more.push(piece);
  };
  const end = (): void => done(more === undefined ? (first ?? NOTHING) : Buffer.concat(more, bytes));
  request.on("data", read).on("end", end);
}
