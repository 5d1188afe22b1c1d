import { openNatsBus } from "@ape/engine/bus/nats";
import { EVENT_BYTES_PER_SECOND } from "@ape/engine/launch/messages";
import { Child } from "./child.ts";
import { NatsProcess } from "./nats-process.ts";
import { recordWorker } from "./recorded-messages.ts";
import { type BenchResult, machine, stealMeter } from "./result.ts";
import { sampleProject } from "./sample-project.ts";

/** Bytes of a message: a word to a worker, a second of figures, a batch of events. */
const SIZES = { small: 256, figures: 8_192, events: 262_144 };
const SENDERS = 32;
const SECONDS = 5;
const FOLLOWERS = 200;
const IDLE_SECONDS = 10;
const AGENTS = 250;

/**
 * What the message bus carries on this machine: messages through NATS JetStream with its store on the disk, each
 * acknowledged, from several senders with one message in flight each, to one follower; what workers cost that only
 * listen; and what an agent sends. It needs `nats-server` in PATH.
 */
export async function bus(log: (line: string) => void): Promise<BenchResult> {
  const stolen = stealMeter();
  const nats = await NatsProcess.start();
  const sender = await Child.start("./bus-child.ts");
  const figures: BenchResult["figures"] = {};
  const notes: string[] = [];
  try {
    for (const [name, bytes] of Object.entries(SIZES)) {
      const run = `size-${bytes}`;
      const follower = await openNatsBus({ url: nats.url, run });
      let received = 0;
      await follower.follow("n", "first", () => {
        received += 1;
      });
      const before = nats.usage();
      const began = performance.now();
      const { sent } = await sender.ask<{ sent: number }>({
        type: "send",
        url: nats.url,
        run,
        bytes,
        senders: SENDERS,
        seconds: SECONDS,
      });
      while (received < sent) await new Promise((resolve) => setTimeout(resolve, 5));
      const seconds = (performance.now() - began) / 1_000;
      const cpu = nats.usage().cpuSeconds - before.cpuSeconds;
      Object.assign(figures, {
        [`${name}_messagesPerSecond`]: Math.round(sent / seconds),
        [`${name}_megabytesPerSecond`]: round((sent * bytes) / seconds / 1e6),
        [`${name}_natsCpuUsPerMessage`]: Math.round((cpu / sent) * 1e6),
      });
      log(
        `${bytes} bytes: ${Math.round(sent / seconds)} messages/s, ${((sent * bytes) / seconds / 1e6).toFixed(1)} MB/s, NATS ${Math.round((cpu / sent) * 1e6)} us CPU per message`,
      );
      await follower.forget();
      await follower.close();
    }
    const idle = nats.usage();
    await sender.ask({ type: "listen", url: nats.url, run: "idle", workers: FOLLOWERS });
    const listening = nats.usage();
    await new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1_000));
    const after = nats.usage();
    figures.listener_natsKib = Math.round((listening.rssBytes - idle.rssBytes) / 1_024 / FOLLOWERS);
    figures.listener_natsCpuUsPerSecond = Math.round(
      ((after.cpuSeconds - listening.cpuSeconds) / IDLE_SECONDS / FOLLOWERS) * 1e6,
    );
    const recorded = await recordWorker(10, 200, EVENT_BYTES_PER_SECOND / 1_000);
    const average = (of: "figures" | "all"): number =>
      recorded.seconds.reduce((sum, second) => sum + second[of].length, 0) / recorded.seconds.length;
    const actions =
      recorded.seconds.reduce((sum, second) => sum + second.actions, 0) / recorded.seconds.length;
    figures.agent_eventBytesPerAction = Math.round(average("all") / actions);
    figures.agent_figuresBytesPerSecond = Math.round(average("figures") / AGENTS);
    figures.worker_figuresBytesPerSecond = Math.round(average("figures"));
    figures.worker_digestBytes = recorded.digest.reduce((sum, text) => sum + text.length, 0);
    figures.boot_bytes = JSON.stringify(sampleProject()).length;
    figures.stealPct = stolen();
    notes.push(
      `${SENDERS} senders with one message in flight each; ${FOLLOWERS} listening workers; a worker of ${AGENTS} agents that make ${Math.round(actions)} actions per second together`,
    );
    return { name: "bus", machine: machine(), figures, ratios: {}, notes };
  } finally {
    sender.end();
    await nats.end();
  }
}

const round = (value: number): number => Math.round(value * 10) / 10;
