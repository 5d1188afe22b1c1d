import { expect, test } from "vitest";
import { DigestAssembler } from "./digest-message.ts";
import { DigestSender } from "./digest-sender.ts";
import type { MessageBus } from "./message-bus.ts";

/** A bus that keeps messages with their subjects, and fails from a number of them on. */
function busOf(most = Number.POSITIVE_INFINITY) {
  const sent: [subject: string, text: string][] = [];
  const append = async (subject: string, text: string): Promise<void> => {
    if (sent.length >= most) throw new Error("the bus is closed");
    sent.push([subject, text]);
  };
  return { bus: { append } as unknown as MessageBus, sent };
}
const headOf = (text: string) => new DigestAssembler().add("p", text)?.head;

test("digests are sent one after the other, each with the figures of its moment", async () => {
  const { bus, sent } = busOf();
  let figures = 3;
  const sender = new DigestSender(bus, "inference-1", () => figures);
  sender.send({ a: 1 }, false);
  figures = 5;
  sender.send({ a: 2 }, true);
  figures = 9;
  expect(sent).toEqual([]);
  await sender.settled();
  expect(sent.map(([subject]) => subject)).toEqual(["digest.inference-1", "digest.inference-1"]);
  expect(sent.map(([, text]) => headOf(text))).toEqual([
    { figures: 3, isFinal: false },
    { figures: 5, isFinal: true },
  ]);
});

test("where there is no digest nothing is sent", async () => {
  const { bus, sent } = busOf();
  const sender = new DigestSender(bus, "p", () => 1);
  sender.send(undefined, true);
  await sender.settled();
  expect(sent).toEqual([]);
});

test("a bus that is lost ends the wait for it", async () => {
  const { bus, sent } = busOf(1);
  const sender = new DigestSender(bus, "p", () => 1);
  for (let at = 0; at < 3; at += 1) sender.send({ at }, false);
  await expect(sender.settled()).resolves.toBeUndefined();
  expect(sent).toHaveLength(1);
});
