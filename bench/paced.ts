import { Pool } from "undici";
import { answer } from "./answer.ts";

/** Calls at a steady rate, from a separate process: earlier work of the benchmark does not disturb its timing. */
export interface PacedOrder {
  url: string;
  method: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
  callers: number;
  perSecond: number;
  calls: number;
}

/** In milliseconds, of all calls but the first quarter. */
export interface Latency {
  p50: number;
  p99: number;
}

/** Kept between orders: connections are made before the measurement. */
const pools = new Map<string, Pool>();

answer(async ({ url, method, headers, body, callers, perSecond, calls }: PacedOrder): Promise<Latency> => {
  const { origin, pathname } = new URL(url);
  const pool = pools.get(origin) ?? new Pool(origin, { connections: callers });
  pools.set(origin, pool);
  const request = {
    path: pathname,
    method,
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
  };
  const took: number[] = [];
  const began = performance.now();
  const call = async (caller: number): Promise<void> => {
    for (let i = caller; i < calls; i += callers) {
      const wait = began + (i * 1000) / perSecond - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const sent = performance.now();
      const answered = await pool.request(request);
      await answered.body.dump();
      if (answered.statusCode !== 200) throw new Error(`${url} answered ${answered.statusCode}`);
      if (i > calls / 4) took.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  took.sort((a, b) => a - b);
  const at = (share: number): number => took[Math.floor(took.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
});
