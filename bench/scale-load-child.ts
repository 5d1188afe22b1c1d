import { setTimeout as sleep } from "node:timers/promises";
import type { MessageBus } from "@ape/engine/bus/message-bus";
import { openNatsBus } from "@ape/engine/bus/nats";
import { answer } from "./answer.ts";
import { asWorker, type RecordedWorker, recordWorker } from "./recorded-messages.ts";

interface Order {
  type: "join" | "run";
  url: string;
  workers: number;
  seconds: number;
  /** Per worker and second. */
  actions: number;
  keptBytes: number;
  send: "all" | "kept";
}

const CONNECTIONS = 16;
/** Every worker sends a digest so often. */
const DIGEST_SECONDS = 120;

const buses: MessageBus[] = [];
const busOf = (worker: number): MessageBus => buses[worker % buses.length] as MessageBus;
const recordings = new Map<number, RecordedWorker>();

async function join({ url, workers }: Order): Promise<void> {
  for (let i = 0; i < CONNECTIONS; i += 1) buses.push(await openNatsBus({ url, run: "bench" }));
  const ready = JSON.stringify({
    type: "ready",
    model: { provider: "simulated", name: "m", simulated: true },
  });
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      await busOf(worker).append("join", `w${worker}`);
      await busOf(worker).append(`from.w${worker}`, ready);
    }),
  );
}

/** Sends what all workers send, each once per second at a moment of its own. @returns bytes and messages sent */
async function run({ workers, seconds, actions, keptBytes, send }: Order): Promise<object> {
  const recorded = recordings.get(actions) ?? (await recordWorker(10, actions, keptBytes));
  recordings.set(actions, recorded);
  let [bytes, messages, lateMs, sentActions] = [0, 0, 0, 0];
  const sending = new Set<Promise<void>>();
  const append = (worker: number, subject: string, text: string): void => {
    bytes += text.length;
    messages += 1;
    const sent = busOf(worker).append(subject, text);
    sending.add(sent);
    void sent.then(() => sending.delete(sent));
  };
  const start = performance.now();
  for (let second = 0; second < seconds; second += 1) {
    for (let worker = 0; worker < workers; worker += 1) {
      const due = start + (second + worker / workers) * 1_000;
      const early = due - performance.now();
      if (early > 2) await sleep(early);
      lateMs = Math.max(lateMs, -early);
      const {
        figures,
        all,
        kept,
        actions: count,
      } = recorded.seconds[(second + worker) % recorded.seconds.length] as RecordedWorker["seconds"][number];
      sentActions += count;
      append(worker, `events.agents-${worker}`, asWorker(send === "all" ? all : kept, worker));
      const stamped = `${asWorker(figures, worker).slice(0, -1)},"sentAt":${Date.now()}}`;
      append(worker, `from.w${worker}`, stamped);
      if (send === "kept" && (second + worker) % DIGEST_SECONDS === 0)
        for (const message of recorded.digest) append(worker, `digest.agents-${worker}`, message);
    }
  }
  const loadSeconds = (performance.now() - start) / 1_000;
  await Promise.all(sending);
  return { bytes, messages, lateMs: Math.round(lateMs), actions: sentActions, loadSeconds };
}

answer(
  (order: Order): Promise<unknown> => (order.type === "join" ? join(order).then(() => ({})) : run(order)),
);
