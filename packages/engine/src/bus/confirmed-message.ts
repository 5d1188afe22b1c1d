import type { JetStreamManager } from "@nats-io/jetstream";

/** Header with the id of a message, by which the server recognises one that is sent again. */
export const MESSAGE_ID = "Nats-Msg-Id";

/** A message that the server of a stream said to have stored. */
export interface ConfirmedMessage {
  /** Its place in the stream. */
  seq: number;
  /** Read only when it is needed: messages are many. Empty if it has none. */
  id: () => string;
}

export function newer(known: ConfirmedMessage | undefined, other: ConfirmedMessage): ConfirmedMessage {
  return known !== undefined && known.seq >= other.seq ? known : other;
}

/**
 * Whether a stream still has a confirmed message. It does not after a server was killed with its machine, after its
 * storage was set back, or if two servers used one folder at once. A message that is too old to be kept counts as stored.
 * @throws Error if the server does not answer, or has no such stream
 */
export async function isStillStored(
  manager: JetStreamManager,
  stream: string,
  { seq, id }: ConfirmedMessage,
): Promise<boolean> {
  const { state } = await manager.streams.info(stream);
  if (seq > state.last_seq) return false;
  if (seq < state.first_seq) return true;
  const message = await manager.streams.getMessage(stream, { seq });
  return message !== null && (id() === "" || message.header.get(MESSAGE_ID) === id());
}
