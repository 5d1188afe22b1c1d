import type { IncomingMessage } from "node:http";

/**
 * Reads a request's body as UTF-8 text. A callback and not a promise, for every call of the fast lane comes through here.
 * @param limit in bytes
 * @param done told once: of the text, or of nothing where the body is longer than that; never where the caller hangs up
 */
export function readText(
  request: IncomingMessage,
  limit: number,
  done: (text: string | undefined) => void,
): void {
  if (Number(request.headers["content-length"] ?? 0) > limit) {
    done(undefined);
    return;
  }
  // Nearly every call comes in one piece: it is decoded where it lies.
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
  const end = (): void => done((more === undefined ? first : Buffer.concat(more))?.toString("utf8") ?? "");
  request.on("data", read).on("end", end);
}
