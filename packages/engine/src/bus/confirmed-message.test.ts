import type { JetStreamManager } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import { type ConfirmedMessage, isStillStored, MESSAGE_ID, newer } from "./confirmed-message.ts";

const message = (seq: number, id = ""): ConfirmedMessage => ({ seq, id: () => id });

/** A stream that holds messages 5 to 9; number 7 was deleted. The id of each is `m` and its number. */
function streamOf(headerless = false) {
  const read: unknown[] = [];
  const manager = {
    streams: {
      info: async (stream: string) => {
        read.push(stream);
        return { state: { first_seq: 5, last_seq: 9 } };
      },
      getMessage: async (stream: string, query: { seq: number }) => {
        read.push([stream, query]);
        if (query.seq === 7) return null;
        const get = (name: string): string => (name === MESSAGE_ID && !headerless ? `m${query.seq}` : "");
        return { header: { get } };
      },
    },
  } as unknown as JetStreamManager;
  return { manager, read };
}

test("of two messages the one further on in the stream is newer; of equal ones the known one", () => {
  const [four, five, otherFive] = [message(4), message(5), message(5)];
  expect(newer(undefined, four)).toBe(four);
  expect(newer(four, five)).toBe(five);
  expect(newer(five, four)).toBe(five);
  expect(newer(five, otherFive)).toBe(five);
});

test.each<[stored: boolean, why: string, ConfirmedMessage, reads: number]>([
  [false, "the stream ends before it", message(10, "m10"), 0],
  [true, "it is the last one", message(9, "m9"), 1],
  [true, "it is the first one", message(5, "m5"), 1],
  [true, "it is too old to be kept", message(4, "other"), 0],
  [false, "it was deleted", message(7, "m7"), 1],
  [false, "another message has its number", message(6, "other"), 1],
  [true, "it has no id", message(6), 1],
  [false, "it was deleted and has no id", message(7), 1],
])("a message is still stored: %s, where %s", async (stored, _why, one, reads) => {
  const { manager, read } = streamOf();
  expect(await isStillStored(manager, "run", one)).toBe(stored);
  expect(read).toEqual(["run", ...(reads === 0 ? [] : [["run", { seq: one.seq }]])]);
});

test("a message without an id is another one than that which was sent", async () => {
  expect(await isStillStored(streamOf(true).manager, "run", message(6, "m6"))).toBe(false);
});

test("the header is the one by which NATS recognises a message", () => {
  expect(MESSAGE_ID).toBe("Nats-Msg-Id");
});
