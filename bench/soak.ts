import { createMcpTransport } from "@ape/agent/transports/mcp-http";
import { Child } from "./child.ts";
import type { GatewayOrder } from "./gateway-child.ts";
import { type BenchResult, machine } from "./result.ts";
import type { SoakOrder } from "./soak-child.ts";

const PAUSE_MS = 500;
/** Parts of the time: the first one warms up, then reloads and restarts alternate. */
const PARTS = 10;

/** Persistent callers through reloads and restarts of the gateway: its heap stays flat, and no call is lost. */
export async function soak(
  log: (line: string) => void,
  { seconds = 600, callers = 1_000 }: { seconds?: number; callers?: number } = {},
): Promise<BenchResult> {
  const children = [
    await Child.start("./gateway-child.ts"),
    await Child.start("./soak-child.ts", ["--expose-gc"]),
  ] as const;
  const [targetChild, gatewayChild] = children;
  const { url: target } = await targetChild.ask<{ url: string }>({ open: "target" } satisfies GatewayOrder);
  const ask = (what: SoakOrder["what"]): Promise<{ url: string; heapMb: number }> =>
    gatewayChild.ask({ target, what } satisfies SoakOrder);
  const { url } = await ask("open");
  const transport = createMcpTransport({ url });
  const losses = new Map<string, number>();
  let calls = 0;
  let going = true;
  const all = Array.from({ length: callers }, async (_, index) => {
    await pause((index * PAUSE_MS) / callers);
    while (going) {
      const { status, error } = await transport.call({ target: "api", method: "GET", path: "/things" });
      calls += 1;
      const loss = error === undefined ? `status ${status}` : `${error.code}: ${error.message}`;
      if (status !== 200) losses.set(loss, (losses.get(loss) ?? 0) + 1);
      await pause(PAUSE_MS);
    }
  });
  const heaps: number[] = [];
  try {
    for (let part = 0; part < PARTS; part += 1) {
      await pause((seconds * 1000) / PARTS);
      const { heapMb } = await ask("look");
      heaps.push(heapMb);
      log(`part ${part + 1} of ${PARTS}: ${calls} calls, heap ${heapMb.toFixed(1)} MB`);
      if (part < PARTS - 1) await ask(part % 2 === 0 ? "reload" : "restart");
    }
    going = false;
    await Promise.all(all);
  } finally {
    going = false;
    await transport.close();
    for (const child of children) child.end();
  }
  const [warm = Number.NaN] = heaps;
  const round = (value: number): number => Math.round(value * 100) / 100;
  return {
    name: "soak",
    machine: machine(),
    figures: {
      calls,
      lostCalls: [...losses.values()].reduce((sum, count) => sum + count, 0),
      heapWarmMb: round(warm),
      heapEndMb: round(heaps.at(-1) ?? Number.NaN),
    },
    ratios: { heapEndToWarm: round((heaps.at(-1) ?? Number.NaN) / warm) },
    notes: [
      `${callers} callers for ${seconds} s, ${PARTS - 1} reloads and restarts in turn`,
      ...[...losses].map(([loss, count]) => `lost ${count}: ${loss}`),
    ],
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
