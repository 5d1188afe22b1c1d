import type { MessageBus } from "@ape/engine/bus/message-bus";
import { openNatsBus } from "@ape/engine/bus/nats";
import { SUBJECTS } from "@ape/engine/launch/messages";
import { answer } from "./answer.ts";

type Order =
  | { type: "send"; url: string; run: string; bytes: number; senders: number; seconds: number }
  | { type: "listen"; url: string; run: string; workers: number };

const open: MessageBus[] = [];

/** Senders with one message in flight each, which share eight connections. */
async function send({
  url,
  run,
  bytes,
  senders,
  seconds,
}: Extract<Order, { type: "send" }>): Promise<object> {
  const buses = await Promise.all(Array.from({ length: 8 }, () => openNatsBus({ url, run })));
  const text = "x".repeat(bytes);
  const until = performance.now() + seconds * 1_000;
  let sent = 0;
  await Promise.all(
    Array.from({ length: senders }, async (_, index) => {
      const bus = buses[index % buses.length] as MessageBus;
      while (performance.now() < until) {
        await bus.append("n", text);
        sent += 1;
      }
    }),
  );
  for (const bus of buses) await bus.close();
  return { sent };
}

/** Workers that wait for words of the engine, each with a connection of its own. */
async function listen({ url, run, workers }: Extract<Order, { type: "listen" }>): Promise<object> {
  for (let worker = 0; worker < workers; worker += 1) {
    const bus = await openNatsBus({ url, run });
    await bus.follow(SUBJECTS.to(`w${worker}`), "first", () => undefined);
    await bus.follow(SUBJECTS.beat, "now", () => undefined);
    open.push(bus);
  }
  return {};
}

answer((order: Order) => (order.type === "send" ? send(order) : listen(order)));
