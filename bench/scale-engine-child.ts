import { loadSchema } from "@ape/core/config/load";
import { openNatsBus } from "@ape/engine/bus/nats";
import { systemClock as clock } from "@ape/engine/host/clock";
import { HealthMonitor } from "@ape/engine/host/health";
import type { RunContext } from "@ape/engine/launch/launcher";
import { RunCoordinator } from "@ape/engine/launch/run-coordinator";
import { WorkerRegistry } from "@ape/engine/launch/worker-registry";
import { LiveFigures } from "@ape/engine/run/live-figures";
import { LoadControl } from "@ape/engine/run/load-control";
import { planOf } from "@ape/engine/run/plan";
import type { FromWorker } from "@ape/engine/worker/protocol";
import { answer } from "./answer.ts";

interface Order {
  type: "open" | "read";
  url: string;
  directory: string;
  workers: number;
  boot: object;
  send: "all" | "kept";
}

/** What the engine has done since the last answer. */
export interface EngineFigures {
  seconds: number;
  cpuSeconds: number;
  actions: number;
  lagMs: number[];
  rssBytes: number;
  workers: number;
  delayP99Ms: number;
  faults: string[];
}

const AGENTS = 250;
const registry = new WorkerRegistry();
const figures = new LiveFigures(
  { session_success: ["rate>0.95"], action_duration: ["p(95)<5000"] },
  { simulated: true, arrivals: false },
);
const health = new HealthMonitor("engine", clock);
const faults: string[] = [];
let [lags, actions, cpu, at, workers] = [[] as number[], 0, process.cpuUsage(), clock.now(), 0];

/** The engine of a run without its load plan: receives, counts and stores what workers send. */
async function open({ url, directory, workers: wanted, boot, send }: Order): Promise<void> {
  const plan = planOf(loadSchema.parse({ agents: wanted * AGENTS, duration: "1h" }));
  const load = new LoadControl(plan, registry, clock, () => undefined);
  load.start();
  const bus = await openNatsBus({ url, run: "bench" });
  const context: RunContext = {
    run: "bench",
    directory,
    recording: { seed: 1, keep: "auto", send },
    boot: (worker) => ({ ...boot, worker }) as ReturnType<RunContext["boot"]>,
    failed: ({ message }) => void faults.push(message),
    joined: (handle) => {
      workers += 1;
      registry.join(handle);
    },
    returned: () => undefined,
    reachable: (isReachable) => void (isReachable || faults.push("the bus is away")),
    wasAway: () => undefined,
    leaving: () => undefined,
    recorded: (event) => figures.aggregator.add(event),
    figures: (snapshot) => figures.aggregator.merge(snapshot),
    say: () => undefined,
    gone: (index, _, how) => void faults.push(`agents-${index} is gone: ${how}`),
    message: (index, message: FromWorker & { sentAt?: number }) => {
      if (message.type === "ready") {
        registry.ready(index);
        load.shareOut();
      } else if (message.type === "figures") {
        figures.add(index, message.snapshot, message.active, message.waiting);
        lags.push(clock.epoch() - (message.sentAt ?? clock.epoch()));
      }
    },
  };
  await new RunCoordinator(bus, context, wanted).open();
  const since = clock.now();
  setInterval(() => load.tick(clock.now() - since), 50);
  setInterval(() => {
    figures.tick(clock.now() - since);
    figures.judge(clock.now() - since);
    figures.read(clock.now() - since);
  }, 1_000);
}

function read(): EngineFigures {
  const used = process.cpuUsage(cpu);
  const all = figures.aggregator.sink("actions")?.statistic("count", 1) ?? 0;
  const found: EngineFigures = {
    seconds: (clock.now() - at) / 1_000,
    cpuSeconds: (used.user + used.system) / 1e6,
    actions: all - actions,
    lagMs: lags,
    rssBytes: process.memoryUsage.rss(),
    workers,
    delayP99Ms: health.sample().eventLoopDelayP99Ms,
    faults: faults.splice(0),
  };
  [lags, actions, cpu, at] = [[], all, process.cpuUsage(), clock.now()];
  return found;
}

answer(async (order: Order) => {
  if (order.type === "open") await open(order);
  return read();
});
