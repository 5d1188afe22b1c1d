import { createRequire } from "node:module";
import { join } from "node:path";
import { Exposition } from "@ape/core/metrics/exposition";
import { Histogram } from "@ape/core/metrics/histogram";
import { TrendSink } from "@ape/core/metrics/sink";
import { systemClock } from "@ape/engine/host/clock";
import { openSender } from "@ape/http/sender";
import { type Dispatcher, Pool } from "undici";
import { Child } from "./child.ts";
import { bringPackages } from "./peers.ts";
import { type BenchResult, machine, median, spread } from "./result.ts";

const ROUNDS = 7;
const WARM_UP = 2;
const LOOPS = 500;
const CALLS = 20;
const VALUES = 200_000;
const SERIES = 50;

/**
 * APE's own code compared with the library for the same purpose: connections with undici's, histograms and `/metrics`
 * with their peers.
 */
export async function libraries(log: (line: string) => void): Promise<BenchResult> {
  const notes: string[] = [];
  const ratios: BenchResult["ratios"] = {};
  const compare = (name: string, own: readonly number[], peer: readonly number[], unit: string): void => {
    const each = peer.map((value, index) => value / (own[index] ?? Number.NaN));
    ratios[name] = Math.round(median(each) * 100) / 100;
    notes.push(`${name}: own ${spread(own)} ${unit}, library ${spread(peer)} ${unit}, ratio ${spread(each)}`);
    log(notes.at(-1) ?? "");
  };
  const connections = await compareConnections();
  compare("undiciPoolToOwnConnections", connections.own, connections.peer, "us of CPU per request");

  const folder = await bringPackages("libraries", ["hdr-histogram-js@3", "prom-client@15"]);
  if ("missing" in folder) {
    ratios.hdrToOwnHistogram = null;
    ratios.promClientToOwnExposition = null;
    notes.push(folder.missing);
  } else {
    const load = createRequire(join(folder.path, "package.json"));
    const histograms = compareHistograms(load("hdr-histogram-js") as HdrModule);
    compare("hdrToOwnHistogram", histograms.own, histograms.peer, "ns per value");
    const pages = await compareExpositions(load("prom-client") as PromModule);
    compare("promClientToOwnExposition", pages.own, pages.peer, "us per page");
  }
  return { name: "libraries", machine: machine(), figures: {}, ratios, notes };
}

interface Pair {
  own: number[];
  peer: number[];
}

async function compareConnections(): Promise<Pair> {
  const stub = await Child.start("./stub.ts");
  const pair: Pair = { own: [], peer: [] };
  try {
    const { target } = await stub.ask<{ target: string }>({ record: false });
    const { origin } = new URL(target);
    const own = openSender({
      origin,
      proxy: undefined,
      connections: LOOPS,
      idleMs: 60_000,
      connectTimeout: 5_000,
      clock: systemClock,
    });
    const peer = new Pool(origin, { connections: LOOPS });
    const ways: [number[], (handler: Dispatcher.DispatchHandler) => void][] = [
      [pair.own, (handler) => own.dispatch({ origin, ...REQUEST, headers: HEADERS, body: null }, handler)],
      [pair.peer, (handler) => peer.dispatch({ ...REQUEST, headers: HEADERS }, handler)],
    ];
    for (let round = -WARM_UP; round < ROUNDS; round += 1)
      for (const [figures, send] of ways) {
        const cpu = process.cpuUsage();
        await Promise.all(Array.from({ length: LOOPS }, () => repeat(send)));
        const { user, system } = process.cpuUsage(cpu);
        if (round >= 0) figures.push((user + system) / (LOOPS * CALLS));
      }
    await Promise.all([own.destroy(), peer.destroy()]);
    return pair;
  } finally {
    stub.end();
  }
}

const REQUEST = { method: "GET", path: "/things" } as const;
const HEADERS = ["accept", "application/json", "user-agent", "ape-bench"];

async function repeat(send: (handler: Dispatcher.DispatchHandler) => void): Promise<void> {
  for (let call = 0; call < CALLS; call += 1)
    await new Promise<void>((resolve, reject) => {
      send({
        onRequestStart: () => undefined,
        onResponseStart: () => undefined,
        onResponseData: () => undefined,
        onResponseEnd: () => resolve(),
        onResponseError: (_controller, error) => reject(error),
      });
    });
}

interface HdrModule {
  build(options: object): { recordValue(value: number): void; add(other: unknown): void };
}

/** Recording of durations in microseconds, and one merge. */
function compareHistograms({ build }: HdrModule): Pair {
  const pair: Pair = { own: [], peer: [] };
  const values = Float64Array.from({ length: VALUES }, (_, i) => 500 + ((i * 7919) % 400_000));
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    let began = performance.now();
    const own = new Histogram();
    for (const value of values) own.add(value);
    const ownMs = performance.now() - began;
    began = performance.now();
    const peer = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: 2 ** 47,
      numberOfSignificantValueDigits: 2,
    });
    for (const value of values) peer.recordValue(value);
    const peerMs = performance.now() - began;
    if (round < 0) continue;
    pair.own.push((ownMs * 1e6) / VALUES);
    pair.peer.push((peerMs * 1e6) / VALUES);
  }
  return pair;
}

interface PromModule {
  Registry: new () => { metrics(): Promise<string> };
  Histogram: new (options: object) => { observe(labels: object, value: number): void };
}

/** A page of 50 series of one histogram. */
async function compareExpositions({ Registry, Histogram: PromHistogram }: PromModule): Promise<Pair> {
  const pair: Pair = { own: [], peer: [] };
  const registry = new Registry();
  const peer = new PromHistogram({
    name: "action_duration",
    help: "x",
    labelNames: ["operation"],
    registers: [registry],
  });
  const series = Array.from({ length: SERIES }, (_, n) => {
    const labels = { operation: `GET /things/${n}` };
    const sink = new TrendSink(1_000);
    for (let i = 0; i < 100; i += 1) {
      sink.add(i * 7);
      peer.observe(labels, i * 0.007);
    }
    return { labels, sink };
  });
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    let began = performance.now();
    for (let i = 0; i < 20; i += 1) {
      const page = new Exposition("prometheus");
      page.metric("action_duration", series);
      page.text();
    }
    const ownMs = performance.now() - began;
    began = performance.now();
    for (let i = 0; i < 20; i += 1) await registry.metrics();
    const peerMs = performance.now() - began;
    if (round < 0) continue;
    pair.own.push((ownMs * 1000) / 20);
    pair.peer.push((peerMs * 1000) / 20);
  }
  return pair;
}
