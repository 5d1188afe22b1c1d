import { readFile } from "node:fs/promises";
import { PathDiversity } from "@ape/engine/aggregate/path-diversity";
import { configOf } from "../test/in-process.ts";
import { simulate } from "../test/simulation.ts";
import { type BenchResult, machine } from "./result.ts";

const SESSIONS = 300;
const SEEDS = [11, 12, 13];
/** The price below which the goal wants a product, in US dollars. */
const PRICE = 50;
const CALM = { medianMs: 5, p95Ms: 20, lostRequests: 0, lostAnswers: 0, partialBodies: 0 };

/**
 * How much 300 sessions of the demo's goal differ, with the demo's personas: the share of the products that fit the goal
 * which were bought at least once, and the entropy of the paths. The mean of three seeds.
 */
export async function variety(log: (line: string) => void): Promise<BenchResult> {
  const text = await readFile(new URL("../examples/shop/ape.config.yaml", import.meta.url), "utf8");
  const { personas } = configOf(text.replace("${SHOP_URL}", "http://127.0.0.1:9"));
  const runs: { items: number; entropy: number; success: number; mostBought: number }[] = [];
  for (const seed of SEEDS) {
    const { events, world } = await simulate({
      seed,
      sessions: SESSIONS,
      agents: 20,
      weather: CALM,
      faults: {},
      personas: JSON.stringify(personas.map(({ name, weight }) => ({ name, weight }))),
      errors: "{}",
    });
    const fitting = world.catalogue.search("", true).filter(({ priceUsd }) => priceUsd < PRICE);
    const bought = new Map<string, number>();
    for (const { order } of world.orders.values())
      for (const { productId } of order.lines) bought.set(productId, (bought.get(productId) ?? 0) + 1);
    const paths = new PathDiversity();
    for (const event of events) paths.add(event);
    const ended = events.filter(({ type }) => type === "session_ended");
    const succeeded = ended.filter(
      (event) => event.type === "session_ended" && event.outcome === "succeeded",
    );
    const run = {
      items: (bought.size / fitting.length) * 100,
      entropy: paths.byGoal.buy?.pathEntropyBits ?? 0,
      success: (succeeded.length / SESSIONS) * 100,
      mostBought: (Math.max(...bought.values()) / SESSIONS) * 100,
    };
    runs.push(run);
    log(
      `seed ${seed}: ${bought.size} of ${fitting.length} products that fit, ${run.entropy.toFixed(2)} bits, ${run.success.toFixed(1)} % succeeded`,
    );
  }
  const mean = (of: (run: (typeof runs)[number]) => number): number =>
    Math.round((runs.reduce((sum, run) => sum + of(run), 0) / runs.length) * 100) / 100;
  return {
    name: "variety",
    machine: machine(),
    figures: {
      sessions: SESSIONS * SEEDS.length,
      distinctItemSharePct: mean(({ items }) => items),
      mostBoughtPct: mean(({ mostBought }) => mostBought),
      pathEntropyBits: mean(({ entropy }) => entropy),
      successPct: mean(({ success }) => success),
    },
    ratios: {},
    notes: ["at least 50% of the products that fit, 1.5 bits, and 98% success"],
  };
}
