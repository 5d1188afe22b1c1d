/** An answer, or an event of a stream, beyond the limit. */
export class AnswerTooLongError extends Error {
  readonly code = "APE_ANSWER_TOO_LONG";

  constructor(limit: number) {
    super(`the answer is longer than ${limit} bytes, which is what \`maxBody\` allows for with its envelope`);
  }
}

/** Size of a result's wrapper: the envelope of JSON-RPC, the fields of an event. */
const ENVELOPE_BYTES = 64 * 1024;

/**
 * Bytes of an answer on the wire, decompressed, for a body of `maxBody`: tools send it twice, as text and structured.
 */
export const wireLimit = (maxBody: number): number => 2 * maxBody + ENVELOPE_BYTES;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * An answer whose decompressed body is read up to a limit: beyond it, its connection is closed and its reader fails.
 * @param limit bytes
 * @param perEvent whether the limit applies per event of an endless stream, not to the whole body
 * @param onOver called with the error when the limit is passed
 * @param onEnd called when a stream of events has been read to its end
 */
export function boundedAnswer(
  answer: Response,
  {
    limit,
    perEvent,
    onOver,
    onEnd,
  }: { limit: number; perEvent: boolean; onOver: (error: Error) => void; onEnd?: () => void },
): Response {
  const { body, headers, status, statusText } = answer;
  if (body === null) return answer;
  const events = headers.get("content-type")?.includes("event-stream") === true;
  const length = headers.get("content-length");
  if (!events && length !== null && headers.get("content-encoding") === null && Number(length) <= limit)
    return answer;
  const reader = body.getReader();
  let bytes = 0;
  const bounded = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
          if (events) onEnd?.();
          return;
        }
        bytes = perEvent ? bytesOfEvent(value, bytes) : bytes + value.byteLength;
        if (bytes <= limit) {
          controller.enqueue(value);
          return;
        }
        const error = new AnswerTooLongError(limit);
        onOver(error);
        controller.error(error);
        await reader.cancel(error).catch(() => undefined);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return new Response(bounded, { status, statusText, headers });
}

/** Bytes of the current event after a chunk; an event ends with an empty line. */
function bytesOfEvent(chunk: Uint8Array, before: number): number {
  for (let at = chunk.byteLength - 1; at > 0; at -= 1) {
    if (chunk[at] !== NEWLINE && chunk[at] !== RETURN) continue;
    const ends = chunk[at - 1] === chunk[at] || (chunk[at - 1] === NEWLINE && chunk[at] === RETURN);
    if (ends) return chunk.byteLength - 1 - at;
  }
  return before + chunk.byteLength;
}
