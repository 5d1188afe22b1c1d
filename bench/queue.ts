import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { inferenceSchema } from "@ape/core/config/inference";
import { systemClock } from "@ape/engine/host/clock";
import { createInference } from "@ape/inference/inference";

const AGENTS = 2_000;

/**
 * Memory of a waiting model call: 2,000 agents before a provider that takes one request per minute. Kilobytes of live
 * heap per call; the prompt's own text is shared.
 */
export async function queuedKbPerCall(model: string): Promise<number> {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const inference = await createInference({
    config: inferenceSchema.parse({
      provider: "custom",
      baseUrl: model,
      apiKey: "none",
      model: "stub",
      limits: { requestsPerMinute: 1 },
      queueTimeout: "10m",
    }),
    clock: systemClock,
    recorder: { record: () => undefined, commit: () => undefined },
  });
  const messages = [{ role: "user" as const, content: "What now? ".repeat(600) }];
  const gone = new AbortController();
  const live = (): number => {
    gc();
    gc();
    return process.memoryUsage().heapUsed;
  };
  const before = live();
  const calls = Array.from({ length: AGENTS }, (_, index) =>
    inference.transport.complete({
      request: { model: "stub", messages, stream: true, max_completion_tokens: 100, seed: index },
      session: `s-${index}`,
      step: 1,
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      signal: gone.signal,
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  const held = live() - before;
  gone.abort();
  await Promise.all(calls);
  await inference.close();
  return Math.round((held / AGENTS / 1_024) * 10) / 10;
}
