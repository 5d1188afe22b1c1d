import { Pool } from "undici";
import { Child } from "./child.ts";
import { promptEconomy } from "./economy.ts";
import { openLiteLlm, openPortkey, type PeerServer } from "./peers.ts";
import { queuedKbPerCall } from "./queue.ts";
import { type BenchResult, machine, median, spread, stealMeter } from "./result.ts";

const ROUNDS = 7;
const CONCURRENT = 32;
const CALLS = 3_200;
/** A slow peer answers fewer calls per round: the figure is calls per second. */
const PEER_CALLS = 192;
const PACED_CALLS = 600;
const PACED_PER_SECOND = 100;
const NEWLINE = 10;
const BODY = JSON.stringify({
  model: "stub",
  stream: true,
  stream_options: { include_usage: true },
  temperature: 0,
  max_completion_tokens: 256,
  messages: [
    { role: "system", content: "You test an application. ".repeat(120) },
    { role: "user", content: "What now? ".repeat(60) },
  ],
});

interface Side {
  name: string;
  pool: Pool;
  headers: Record<string, string>;
  calls: number;
  perSecond: number[];
}

/** What a session's prompts cost, and the proxy by its throughput of 40-chunk streams against a bare pass-through and other proxies, and by what it adds. */
export async function inference(log: (line: string) => void): Promise<BenchResult> {
  const economy = await promptEconomy();
  const stolen = stealMeter();
  const stub = await Child.start("./stream-stub.ts");
  const bare = await Child.start("./pass-through.ts");
  const proxy = await Child.start("./proxy.ts");
  const peers: PeerServer[] = [];
  const sides: Side[] = [];
  const side = (name: string, url: string, calls: number, headers = {}): Side => {
    const made: Side = {
      name,
      pool: new Pool(url, { connections: CONCURRENT, pipelining: 1 }),
      headers: { "content-type": "application/json", ...headers },
      calls,
      perSecond: [],
    };
    sides.push(made);
    return made;
  };
  try {
    const { url: model, chunks } = await stub.ask<{ url: string; chunks: number }>({});
    const queued = await queuedKbPerCall(`${model}/v1`);
    const { url: bareUrl } = await bare.ask<{ url: string }>({ model });
    const { url: proxyUrl } = await proxy.ask<{ url: string }>({ model: `${model}/v1`, connections: 256 });
    const direct = side("direct", model, CALLS);
    const passThrough = side("pass-through", bareUrl, CALLS);
    const ape = side("ape", proxyUrl, CALLS);
    const absent: string[] = [];
    for (const [name, open] of [
      ["Portkey", openPortkey],
      ["LiteLLM", openLiteLlm],
    ] as const) {
      const peer = await open(model);
      if (typeof peer === "string") absent.push(`${name} is absent: ${peer}`);
      else {
        peers.push(peer);
        side(name, peer.url, PEER_CALLS, peer.headers);
      }
    }
    const cpuMs: number[] = [];
    const added: { p50: number; p99: number }[] = [];
    const directs: { p50: number; p99: number }[] = [];
    for (let round = -1; round < ROUNDS; round += 1) {
      for (const one of sides) {
        if (one === direct) continue;
        await proxy.ask({});
        const began = performance.now();
        await saturate(one, chunks);
        const perSecond = (one.calls * 1_000) / (performance.now() - began);
        const { cpuUs } = await proxy.ask<{ cpuUs: number }>({});
        if (round < 0) continue;
        one.perSecond.push(perSecond);
        if (one === ape) cpuMs.push(cpuUs / 1_000 / one.calls);
      }
      const without = await paced(direct);
      const through = await paced(ape);
      if (round < 0) continue;
      directs.push(without);
      added.push({ p50: through.p50 - without.p50, p99: through.p99 - without.p99 });
      log(
        `round ${round + 1}: ${sides
          .filter((one) => one !== direct)
          .map((one) => `${one.name} ${Math.round(one.perSecond.at(-1) ?? 0)}/s`)
          .join(", ")}; first byte +${added.at(-1)?.p50.toFixed(2)} ms, CPU ${cpuMs.at(-1)?.toFixed(2)} ms`,
      );
    }
    const stealPct = stolen();
    const two = (value: number): number => Math.round(value * 100) / 100;
    const over = (other: Side | undefined): number[] =>
      other === undefined ? [] : ape.perSecond.map((value, i) => value / (other.perSecond[i] ?? Number.NaN));
    const ratio = (other: Side | undefined): number | null =>
      other === undefined || inconclusive ? null : two(median(over(other)));
    const named = (name: string): Side | undefined => sides.find((one) => one.name === name);
    const inconclusive = (stealPct ?? 0) > 10;
    const notes = sides
      .filter((one) => one.perSecond.length > 0)
      .map(
        (one) =>
          `${one.name} ${spread(one.perSecond)} streams a second${one === ape ? "" : `, ape to it ${spread(over(one))}`}`,
      );
    notes.push(
      `first byte at ${PACED_PER_SECOND} calls per second: direct p50 ${spread(directs.map(({ p50 }) => p50))} ms, added p50 ${spread(added.map(({ p50 }) => p50))} ms, p99 ${spread(added.map(({ p99 }) => p99))} ms`,
      `${ROUNDS} rounds, median (min..max); targets: 0.75 of the pass-through, 5 times Portkey and LiteLLM, added p50 1 ms and p99 5 ms, CPU 0.45 ms, 6,000 input tokens per session of ten steps; stolen CPU ${stealPct ?? "unknown"} %`,
      ...absent,
    );
    if (inconclusive) notes.push("inconclusive: more than 10% of the CPU was stolen");
    return {
      name: "inference",
      machine: machine(),
      figures: {
        streamsPerSecond: Math.round(median(ape.perSecond)),
        addedTtftP50Ms: two(median(added.map(({ p50 }) => p50))),
        addedTtftP99Ms: two(median(added.map(({ p99 }) => p99))),
        cpuMsPerRequest: two(median(cpuMs)),
        ...economy,
        queuedKbPerCall: queued,
        stealPct,
      },
      ratios: {
        throughputToPassThrough: ratio(passThrough),
        throughputToPortkey: ratio(named("Portkey")),
        throughputToLiteLLM: ratio(named("LiteLLM")),
      },
      notes,
    };
  } finally {
    await Promise.all(sides.map(({ pool }) => pool.destroy()));
    for (const peer of peers) peer.end();
    for (const child of [stub, bare, proxy]) child.end();
  }
}

/** One call, read to its end. @returns milliseconds until the first byte of the answer's body */
async function call({ pool, headers }: Side, chunks: number): Promise<number> {
  const sent = performance.now();
  const { statusCode, body } = await pool.request({
    path: "/v1/chat/completions",
    method: "POST",
    headers,
    body: BODY,
  });
  let first: number | undefined;
  let events = 0;
  let newline = false;
  for await (const piece of body as AsyncIterable<Buffer>) {
    first ??= performance.now() - sent;
    if (newline && piece[0] === NEWLINE) events += 1;
    for (let at = piece.indexOf("\n\n"); at !== -1; at = piece.indexOf("\n\n", at + 2)) events += 1;
    newline = piece.at(-1) === NEWLINE && piece.at(-2) !== NEWLINE;
  }
  if (statusCode !== 200 || events < chunks)
    throw new Error(`a stream of ${events} events with status ${statusCode}`);
  return first ?? Number.NaN;
}

async function saturate(one: Side, chunks: number): Promise<void> {
  await Promise.all(
    Array.from({ length: CONCURRENT }, async () => {
      for (let i = 0; i < one.calls / CONCURRENT; i += 1) await call(one, chunks);
    }),
  );
}

/** Calls at a steady rate that leaves both cores idle most of the time. */
async function paced(one: Side): Promise<{ p50: number; p99: number }> {
  const took: number[] = [];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: PACED_CALLS }, async (_, i) => {
      const wait = began + (i * 1_000) / PACED_PER_SECOND - performance.now();
      await new Promise((resolve) => setTimeout(resolve, wait));
      const first = await call(one, 0);
      if (i >= PACED_CALLS / 6) took.push(first);
    }),
  );
  took.sort((a, b) => a - b);
  const at = (share: number): number => took[Math.floor((took.length - 1) * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
