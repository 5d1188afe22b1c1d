import { Pool } from "undici";
import { Child } from "./child.ts";
import type { GatewayOrder } from "./gateway-child.ts";
import { type Nginx, openNginx } from "./nginx.ts";
import type { Latency, PacedOrder } from "./paced.ts";
import { type BenchResult, machine, median, spread, stealMeter } from "./result.ts";

const ROUNDS = 7;
const CALLS = 4_000;
/** Warm-up rounds: a server compiles its code at its first requests. */
const WARM_UP = 3;
const CALLERS = 50;
const PACED_PER_SECOND = 2_000;
const PACED_CALLS = 4_000;
const PACED_ROUNDS = 7;
const PACED_WARM_UP = 3;
const NAME = "http_get";
const HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": "2026-07-28",
  "mcp-method": "tools/call",
  "mcp-name": NAME,
};
const callBody = (meta: Record<string, string>): string =>
  JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: {
      name: NAME,
      arguments: { path: "/things" },
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
        ...meta,
      },
    },
  });
/** As APE's own agents call: without the body as text. */
const BODY = callBody({ "io.ape/text": "short" });
/** As other clients call. */
const FULL_BODY = callBody({});

/** A well-formed tool call, which takes the fast path. */
export const GATEWAY_CALL = { headers: HEADERS, body: BODY };

type Asked = { url: string; cpuUs: number };
type Shoot = () => Promise<void>;

/** The MCP server by its CPU a call against a bare Fastify POST and an SDK server, and by what it adds to a call's latency. */
export async function gateway(log: (line: string) => void): Promise<BenchResult> {
  const stolen = stealMeter();
  const children: Child[] = [];
  const pools: Pool[] = [];
  let nginx: Nginx | string = "not reached";
  const start = async (order: GatewayOrder): Promise<{ child: Child; url: string }> => {
    const child = await Child.start("./gateway-child.ts");
    children.push(child);
    return { child, url: (await child.ask<Asked>(order)).url };
  };
  const shooter = (url: string, body = BODY): Shoot => {
    const { origin, pathname } = new URL(url);
    const pool = new Pool(origin, { connections: CALLERS });
    pools.push(pool);
    return async () => {
      const answer = await pool.request({ path: pathname, method: "POST", headers: HEADERS, body });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}`);
    };
  };
  try {
    const target = await start({ open: "target" });
    const sides = ["post", "fast", "sdk", "forward", "peer"] as const;
    const servers = new Map<string, { child: Child; url: string; shoot: Shoot; cpuUs: number[] }>();
    for (const open of sides) {
      const { child, url } = await start({ open, target: target.url });
      servers.set(open, { child, url, shoot: shooter(url), cpuUs: [] });
    }
    const forward = servers.get("forward");
    if (forward === undefined) throw new Error("no forwarding server");
    servers.set("full", { ...forward, shoot: shooter(forward.url, FULL_BODY), cpuUs: [] });
    const loops = { dispatch: [] as number[], contract: [] as number[], bare: [] as number[] };
    const looper = { dispatch: await start({}), contract: await start({}), bare: await start({}) };
    for (let round = -WARM_UP; round < ROUNDS; round += 1) {
      for (const { child, shoot, cpuUs } of servers.values()) {
        await child.ask<Asked>({});
        await saturate(shoot);
        const used = (await child.ask<Asked>({})).cpuUs / CALLS;
        if (round >= 0) cpuUs.push(used);
      }
      for (const loop of ["bare", "dispatch", "contract"] as const) {
        await looper[loop].child.ask<Asked>({});
        const { cpuUs } = await looper[loop].child.ask<Asked>({ loop, calls: CALLS, target: target.url });
        if (round >= 0) loops[loop].push(cpuUs / CALLS);
      }
      log(round < 0 ? "warming up" : `round ${round + 1} of ${ROUNDS}`);
    }
    const of = (name: string): number[] => servers.get(name)?.cpuUs ?? [];
    const pairs = (a: readonly number[], b: readonly number[]): number[] =>
      a.map((value, i) => value / (b[i] as number));
    nginx = await openNginx(target.url);
    const client = await Child.start("./paced.ts");
    children.push(client);
    const paced = (order: Pick<PacedOrder, "url" | "method" | "headers" | "body">): Promise<Latency> =>
      client.ask<Latency>({ ...order, callers: CALLERS, perSecond: PACED_PER_SECOND, calls: PACED_CALLS });
    const get = (origin: string): Promise<Latency> => paced({ url: `${origin}/things`, method: "GET" });
    const latencies = { direct: [] as Latency[], forward: [] as Latency[], reverse: [] as Latency[] };
    for (let round = -PACED_WARM_UP; round < PACED_ROUNDS; round += 1) {
      const taken = [
        await get(target.url),
        await paced({ url: forward.url, method: "POST", headers: HEADERS, body: BODY }),
        typeof nginx === "string" ? undefined : await get(nginx.origin),
      ] as const;
      if (round < 0) continue;
      latencies.direct.push(taken[0]);
      latencies.forward.push(taken[1]);
      if (taken[2] !== undefined) latencies.reverse.push(taken[2]);
    }
    const direct = middle(latencies.direct);
    const added = middle(latencies.forward);
    const byNginx = typeof nginx === "string" ? undefined : middle(latencies.reverse);
    const stealPct = stolen();
    const fair = direct.p99 <= 1 && (stealPct ?? 0) <= 2;
    const round = (value: number): number => Math.round(value * 100) / 100;
    const fastToPost = pairs(of("fast"), of("post"));
    const sdkToFast = pairs(of("sdk"), of("fast"));
    const fullToShort = pairs(of("full"), of("forward"));
    const peerToGateway = pairs(of("peer"), of("forward"));
    const overhead = (loop: "dispatch" | "contract"): number =>
      round(median(loops[loop].map((value, i) => value - (loops.bare[i] as number))));
    const addedByNginx = byNginx === undefined ? Number.NaN : byNginx.p50 - direct.p50;
    return {
      name: "gateway",
      machine: machine(),
      figures: {
        dispatchCpuUs: overhead("dispatch"),
        dispatchWithContractCpuUs: overhead("contract"),
        saturatedCpuUs: round(median(of("forward"))),
        addedP50Ms: fair ? round(added.p50 - direct.p50) : null,
        addedP99Ms: fair ? round(added.p99 - direct.p99) : null,
      },
      ratios: {
        fastLaneToPlainPost: round(median(fastToPost)),
        sdkToFastLane: round(median(sdkToFast)),
        fullTextToShort: round(median(fullToShort)),
        addedToNginx: fair && addedByNginx > 0 ? round((added.p50 - direct.p50) / addedByNginx) : null,
      },
      notes: [
        `fast path to plain POST ${spread(fastToPost)}, the server's SDK path to its fast path ${spread(sdkToFast)}, all with the same result; an SDK server to the gateway, both forwarding, ${spread(peerToGateway)}; ${ROUNDS} rounds of ${CALLS} calls`,
        `CPU a call in us: POST ${spread(of("post"))}, fast ${spread(of("fast"))}, its SDK path ${spread(of("sdk"))}; forwarding ${spread(of("forward"))}, an SDK server that forwards ${spread(of("peer"))}`,
        `dispatch in us: ${spread(loops.dispatch)} with the wire, of which a bare undici request and JSON.parse is ${spread(loops.bare)}`,
        `direct p99 ${round(direct.p99)} ms, by the gateway ${round(added.p99)} ms, stolen CPU ${stealPct ?? "unknown"}%${
          fair ? "" : ": added latency is inconclusive"
        }`,
        typeof nginx === "string"
          ? `addedToNginx: ${nginx}`
          : `by nginx p50 ${round(byNginx?.p50 ?? Number.NaN)} ms, p99 ${round(byNginx?.p99 ?? Number.NaN)} ms; direct p50 ${round(direct.p50)} ms, by the gateway ${round(added.p50)} ms`,
      ],
    };
  } finally {
    await Promise.all(pools.map((pool) => pool.destroy()));
    for (const child of children) child.end();
    if (typeof nginx !== "string") await nginx.end();
  }
}

function middle(all: readonly Latency[]): Latency {
  return { p50: median(all.map(({ p50 }) => p50)), p99: median(all.map(({ p99 }) => p99)) };
}

async function saturate(shoot: Shoot): Promise<void> {
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      for (let i = 0; i < CALLS / CALLERS; i += 1) await shoot();
    }),
  );
}
