import { type Config, configSchema } from "@ape/core/config/schema";
import { workerFlags } from "@ape/engine/launch/worker-flags";
import { Child } from "./child.ts";
import { type BenchResult, machine, median, spread, stealMeter } from "./result.ts";

const ROUNDS = 7;
const AGENTS = 500;
const STEPS = 10;
/** As many connections as agents: the benchmark measures the work of an action, not the wait for a connection. */
const CONNECTIONS = AGENTS;
/** Warm-up rounds: a process that has just started still compiles its code. */
const WARM_UP = 4;
const MANY_AGENTS = 5_000;
const RSS_ROUNDS = 3;
const BARE_LIMIT_US = 300;

interface Round {
  cpuUs: number;
  seconds: number;
  actions: number;
  maxRssKb: number;
}
interface Stub {
  model: string;
  target: string;
  recorded: { model: unknown[]; target: unknown[] };
}

/**
 * 500 agents of 10 steps against a model and a target that answer at once, interleaved with a bare undici loop that
 * makes the same calls with the same bodies and nothing else; then once more with the inference proxy in between.
 */
export async function agents(log: (line: string) => void): Promise<BenchResult> {
  const stolen = stealMeter();
  const stub = await Child.start("./stub.ts");
  const flags = workerFlags(AGENTS);
  const ape = await Child.start("./ape.ts", flags);
  const hop = await Child.start("./ape.ts", flags);
  const bare = await Child.start("./bare.ts", flags);
  const proxy = await Child.start("./proxy.ts", flags);
  try {
    const { model, target } = await stub.ask<Stub>({ record: true });
    const embedded = configOf(model, target);
    await ape.ask<Round>({ config: embedded, agents: 1 });
    const { recorded } = await stub.ask<Stub>({ record: false });
    if (recorded.model.length !== STEPS || recorded.target.length !== STEPS)
      throw new Error(
        `the recorded session has ${recorded.model.length} model and ${recorded.target.length} target calls`,
      );
    const { url } = await proxy.ask<{ url: string }>({ model, connections: CONNECTIONS });
    const rounds: { bare: number[]; ape: number[]; hop: number[]; perSecond: number[] } = {
      bare: [],
      ape: [],
      hop: [],
      perSecond: [],
    };
    const loops = { agents: AGENTS, steps: STEPS, model, target, connections: CONNECTIONS, calls: recorded };
    const proxied = configOf(`${url}/v1`, target);
    for (let round = -WARM_UP; round < ROUNDS; round += 1) {
      const bareRound = await bare.ask<Round>(loops);
      const apeRound = await ape.ask<Round>({ config: embedded, agents: AGENTS });
      await proxy.ask({});
      const hopRound = await hop.ask<Round>({ config: proxied, agents: AGENTS });
      const { cpuUs } = await proxy.ask<{ cpuUs: number }>({});
      for (const { actions } of [apeRound, hopRound])
        if (actions !== AGENTS * STEPS) throw new Error(`${actions} actions instead of ${AGENTS * STEPS}`);
      if (round < 0) continue;
      rounds.bare.push(bareRound.cpuUs / bareRound.actions);
      rounds.ape.push(apeRound.cpuUs / apeRound.actions);
      rounds.hop.push((hopRound.cpuUs + cpuUs) / hopRound.actions);
      rounds.perSecond.push(apeRound.actions / apeRound.seconds);
      log(
        `round ${round + 1}: bare ${Math.round(rounds.bare.at(-1) ?? 0)} us, embedded ${Math.round(rounds.ape.at(-1) ?? 0)} us, through the proxy ${Math.round(rounds.hop.at(-1) ?? 0)} us an action`,
      );
    }
    const slopes: number[] = [];
    for (let round = 0; round < RSS_ROUNDS; round += 1) {
      const few = await peak(embedded, AGENTS);
      const many = await peak(embedded, MANY_AGENTS);
      slopes.push((many - few) / (MANY_AGENTS - AGENTS));
      log(`memory ${round + 1}: ${slopes.at(-1)?.toFixed(1)} KB an agent`);
    }
    const stealPct = stolen();
    const ratio = (list: readonly number[]): number[] =>
      list.map((value, index) => value / (rounds.bare[index] ?? Number.NaN));
    const notes = [
      `bare loop ${spread(rounds.bare)} us, embedded ${spread(rounds.ape)} us, through the proxy ${spread(rounds.hop)} us an action; ${ROUNDS} rounds, median (min..max)`,
      `ratios: embedded ${spread(ratio(rounds.ape))} (at most 1.5), proxy ${spread(ratio(rounds.hop))} (at most 3); stolen CPU ${stealPct ?? "unknown"} %`,
    ];
    const inconclusive = median(rounds.bare) > BARE_LIMIT_US || (stealPct ?? 0) > 10;
    if (inconclusive)
      notes.push(
        "inconclusive: the bare loop is above 300 us an action, or more than 10% of the CPU was stolen",
      );
    const two = (value: number): number => Math.round(value * 100) / 100;
    return {
      name: "agents",
      machine: machine(),
      figures: {
        actionsPerSecond: Math.round(median(rounds.perSecond)),
        cpuUsPerAction: Math.round(median(rounds.ape)),
        bareLoopUsPerAction: Math.round(median(rounds.bare)),
        rssKbPerAgent: two(median(slopes)),
        stealPct,
      },
      ratios: {
        cpuToBareLoop: inconclusive ? null : two(median(ratio(rounds.ape))),
        proxyHopToBareLoop: inconclusive ? null : two(median(ratio(rounds.hop))),
      },
      notes,
    };
  } finally {
    for (const child of [stub, ape, hop, bare, proxy]) child.end();
  }
}

/** Sessions of ten steps against the stub's model, or through a proxy before it. */
function configOf(model: string, target: string): Config {
  return configSchema.parse({
    version: 1,
    targets: { stub: { baseUrl: target, connections: CONNECTIONS } },
    inference: {
      provider: "custom",
      baseUrl: model,
      apiKey: "none",
      model: "stub",
      connections: CONNECTIONS,
    },
    goals: [
      {
        name: "browse",
        prompt: "Look through all the things.",
        success: [{ action: { operation: "GET /things" } }],
        budget: { steps: STEPS },
      },
    ],
  });
}

/** Peak memory of a fresh worker process with this many agents, in KiB. */
async function peak(config: Config, agents: number): Promise<number> {
  const child = await Child.start("./ape.ts", workerFlags(agents));
  try {
    return (await child.ask<Round>({ config, agents })).maxRssKb;
  } finally {
    child.end();
  }
}
