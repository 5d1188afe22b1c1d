import { Pool } from "undici";
import { answer } from "./answer.ts";

interface Call {
  method: "GET" | "POST";
  url: string;
  headers: Record<string, string>;
  body: string;
}
interface Order {
  agents: number;
  steps: number;
  model: string;
  target: string;
  calls: { model: Call[]; target: Call[] };
  connections: number;
}

/** The bare loop: the same two calls per step with the same bodies; reads whole answers and discards them. */
answer(async ({ agents, steps, model, target, calls, connections }: Order) => {
  const pools = { model: new Pool(model, { connections }), target: new Pool(target, { connections }) };
  const send = async (pool: Pool, { method, url, headers, body }: Call): Promise<void> => {
    const answered = await pool.request({ method, path: url, headers, body: body === "" ? null : body });
    await answered.body.arrayBuffer();
  };
  const loop = async (): Promise<void> => {
    for (let step = 0; step < steps; step += 1) {
      await send(pools.model, calls.model[step % calls.model.length] as Call);
      await send(pools.target, calls.target[step % calls.target.length] as Call);
    }
  };
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: agents }, loop));
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - start) / 1000;
  await Promise.all([pools.model.close(), pools.target.close()]);
  return { cpuUs: used.user + used.system, seconds, actions: agents * steps };
});
