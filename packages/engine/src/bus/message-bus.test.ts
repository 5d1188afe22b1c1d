import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { InProcessBus } from "../../test/in-process-bus.ts";
import { hasNatsServer } from "../../test/nats-server.ts";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { freePort } from "../host/free-port.ts";
import { encodeEvent } from "../store/event-encoding.ts";
import { BusEventLog } from "./bus-event-log.ts";
import type { BusMessage, MessageBus } from "./message-bus.ts";
import { openNatsBus } from "./nats.ts";
import type { NatsBusOptions } from "./nats-connection.ts";

let folder = "";
let port = 0;
let server: ChildProcess | undefined;

function startNats(): void {
  server = spawn("nats-server", ["--config", join(folder, "nats.conf")], { stdio: "ignore" });
}

async function stopNats(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  const ended = new Promise((resolve) => server?.once("exit", resolve));
  server?.kill(signal);
  await ended;
}

beforeAll(async () => {
  if (!hasNatsServer) return;
  folder = await mkdtemp(join(tmpdir(), "ape-nats-"));
  port = await freePort();
  await writeFile(
    join(folder, "nats.conf"),
    `listen: "127.0.0.1:${port}"\nauthorization { token: run }\njetstream { store_dir: "${join(folder, "store")}" }\n`,
  );
  startNats();
});
afterAll(async () => {
  if (!hasNatsServer) return;
  await stopNats();
  await rm(folder, { recursive: true, force: true });
});

let runs = 0;
const open: MessageBus[] = [];
afterEach(async () => {
  for (const bus of open.splice(0)) await bus.close();
});
async function natsBus(run: string, more: Partial<NatsBusOptions> = {}): Promise<MessageBus> {
  const bus = await openNatsBus({ url: `nats://127.0.0.1:${port}`, token: "run", run, ...more });
  open.push(bus);
  return bus;
}

/** Two ends of one run's message bus, whose server can be away, and lose its store. */
interface Rig {
  ends: [MessageBus, MessageBus];
  interrupt: () => Promise<void>;
  resume: () => Promise<void>;
  lose: () => Promise<void>;
}

const kinds: [string, boolean, () => Promise<Rig>][] = [
  [
    "in process",
    true,
    async () => {
      const bus = new InProcessBus();
      return {
        ends: [bus, bus],
        interrupt: async () => bus.interrupt(),
        resume: async () => bus.resume(),
        lose: async () => bus.lose(),
      };
    },
  ],
  [
    "NATS JetStream",
    hasNatsServer,
    async () => {
      runs += 1;
      return {
        ends: [await natsBus(`r${runs}`), await natsBus(`r${runs}`)],
        interrupt: stopNats,
        resume: async () => startNats(),
        lose: async () => {
          await stopNats();
          await rm(join(folder, "store"), { recursive: true, force: true });
          startNats();
        },
      };
    },
  ],
];

describe.each(kinds)("%s", (_name, there, open) => {
  test.skipIf(!there)(
    "messages arrive in order, those from before too, and only what is asked for",
    async () => {
      const [one, other] = (await open()).ends;
      const seen: BusMessage[] = [];
      for (let i = 0; i < 50; i += 1) await one.append("to.a", String(i));
      await one.append("to.b", "not this");
      const unfollow = await other.follow("to.a", "first", (message) => void seen.push(message));
      for (let i = 50; i < 100; i += 1) await one.append("to.a", String(i));
      await vi.waitFor(() => expect(seen).toHaveLength(100), { timeout: 5_000 });
      expect(seen.map(({ text }) => Number(text))).toEqual(Array.from({ length: 100 }, (_, i) => i));
      expect(new Set(seen.map(({ subject }) => subject))).toEqual(new Set(["to.a"]));
      await unfollow();
      // Whoever still follows sees the last message: so would the one that does not any more.
      const later: string[] = [];
      await other.follow("to.a", "now", ({ text }) => void later.push(text));
      await one.append("to.a", "after");
      await vi.waitFor(() => expect(later).toEqual(["after"]), { timeout: 5_000 });
      expect(seen).toHaveLength(100);
    },
  );

  test.skipIf(!there)(
    "who follows from now on sees nothing of before, and is asked one at a time",
    async () => {
      const [one, other] = (await open()).ends;
      await one.append("beat", "old");
      const seen: string[] = [];
      let under = 0;
      await other.follow("beat", "now", async ({ text }) => {
        under += 1;
        expect(under).toBe(1);
        // Others could be delivered meanwhile.
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(text);
        under -= 1;
      });
      for (const text of ["a", "b", "c"]) await one.append("beat", text);
      await vi.waitFor(() => expect(seen).toEqual(["a", "b", "c"]), { timeout: 5_000 });
    },
  );

  test.skipIf(!there)(
    "more messages than a server sends ahead are delivered to one who comes late",
    { timeout: 60_000 },
    async () => {
      const [one, other] = (await open()).ends;
      const text = "x".repeat(256 * 1024);
      // NATS closes a connection that is 64 MB behind.
      for (let i = 0; i < 280; i += 1) await one.append("events.a", text);
      let bytes = 0;
      await other.follow("events.", "first", (message) => {
        bytes += message.text.length;
      });
      await vi.waitFor(() => expect(bytes).toBe(280 * text.length), { timeout: 30_000, interval: 200 });
    },
  );

  test.skipIf(!there)("one subject is not another that begins with it", async () => {
    const [one, other] = (await open()).ends;
    const seen: string[] = [];
    await other.follow("to.a-1", "first", ({ text }) => void seen.push(text));
    await one.append("to.a-10", "another's");
    await one.append("to.a-1", "mine");
    await vi.waitFor(() => expect(seen).toEqual(["mine"]), { timeout: 5_000 });
  });

  test.skipIf(!there)("values are kept, replaced and absent", async () => {
    const [one, other] = (await open()).ends;
    expect(await other.get("run")).toBeUndefined();
    await one.put("run", { agents: 5 });
    await one.put("run", { agents: 6, list: [1, "ä"] });
    expect(await other.get("run")).toEqual({ agents: 6, list: [1, "ä"] });
  });

  test.skipIf(!there)("a log's events come whole, in order, and are kept when it says so", async () => {
    const [one, other] = (await open()).ends;
    const events = plausibleEvents(200);
    const log = new BusEventLog(one, "agents-7");
    for (const event of events) log.record(event);
    log.commit(events[0] as (typeof events)[0]);
    await log.settled();
    let text = "";
    await other.follow("events.", "first", (message) => {
      expect(message.subject).toBe("events.agents-7");
      text += message.text;
    });
    const wanted = [...events, events[0] as (typeof events)[0]]
      .map((event) => `${encodeEvent(event)}\n`)
      .join("");
    await vi.waitFor(() => expect(text.length).toBe(wanted.length), { timeout: 5_000 });
    expect(text).toBe(wanted);
  });

  test.skipIf(!there)(
    "a bus that is away says so until it answers, and delivers what waited, once",
    {
      timeout: 30_000,
    },
    async () => {
      const { ends, interrupt, resume } = await open();
      const [one, other] = ends;
      const seen: string[] = [];
      await other.follow("n", "first", ({ text }) => void seen.push(text));
      await one.append("n", "before");
      expect(one.awayMs).toBe(0);
      await interrupt();
      const waiting = one.append("n", "meanwhile");
      await vi.waitFor(() => expect(one.awayMs).toBeGreaterThan(2_000), { timeout: 10_000 });
      await resume();
      await waiting;
      expect(one.awayMs).toBe(0);
      await one.append("n", "after");
      await vi.waitFor(() => expect(seen).toEqual(["before", "meanwhile", "after"]), { timeout: 10_000 });
    },
  );

  test.skipIf(!there)(
    "a lost stream is reported to every end, and refuses further messages",
    {
      timeout: 30_000,
    },
    async () => {
      const { ends, lose } = await open();
      const [one, other] = ends;
      await other.follow("n", "first", () => undefined);
      await one.append("n", "before");
      await lose();
      await expect(one.append("n", "after")).rejects.toThrow(/has lost its stream/);
      expect((await one.lost).code).toBe("CONTAINERS_FAILED");
      expect((await other.lost).message).toMatch(/has lost its stream/);
    },
  );
});

test.skipIf(!hasNatsServer)(
  "a stream that another process recreated counts as lost",
  {
    timeout: 30_000,
  },
  async () => {
    const one = await natsBus("anew");
    await one.append("n", "before");
    await stopNats();
    await rm(join(folder, "store"), { recursive: true, force: true });
    startNats();
    // A role that starts at that moment creates what is missing.
    const late = await natsBus("anew");
    await late.append("n", "new");
    expect((await one.lost).message).toMatch(/has lost its stream/);
  },
);

test.skipIf(!hasNatsServer)(
  "a stream without the newest messages that were confirmed counts as lost, for who sent them and who received them",
  { timeout: 30_000 },
  async () => {
    const [sender, receiver] = [await natsBus("set-back"), await natsBus("set-back")];
    const seen: string[] = [];
    await receiver.follow("n", "first", ({ text }) => void seen.push(text));
    await sender.append("n", "kept");
    await stopNats();
    await cp(join(folder, "store"), join(folder, "earlier"), { recursive: true });
    startNats();
    await sender.append("n", "confirmed");
    await vi.waitFor(() => expect(seen).toEqual(["kept", "confirmed"]), { timeout: 10_000 });
    await stopNats();
    await rm(join(folder, "store"), { recursive: true, force: true });
    await rename(join(folder, "earlier"), join(folder, "store"));
    startNats();
    // Another message takes the place of the one that is lost.
    const other = await natsBus("set-back");
    await other.append("n", "another");
    for (const end of [sender, receiver])
      expect((await end.lost).message).toMatch(/has lost messages that it had confirmed/);
    await expect(sender.append("n", "after")).rejects.toThrow(/has lost messages/);
  },
);

test.skipIf(!hasNatsServer)(
  "a stream that is full refuses messages, keeps the old ones and is lost for the run",
  async () => {
    const one = await natsBus("full", { maxBytes: 64 * 1024 });
    const fill = async (): Promise<void> => {
      for (let count = 0; count < 100; count += 1) await one.append("n", "x".repeat(8_192));
    };
    await expect(fill()).rejects.toThrow(/is full/);
    expect((await one.lost).hint).toMatch(/bus\.maxBytes/);
    const seen: string[] = [];
    const other = await natsBus("full", { maxBytes: 64 * 1024 });
    await other.follow("n", "first", ({ text }) => void seen.push(text));
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(5));
  },
);

test.skipIf(!hasNatsServer)("limits that the server cannot meet are refused with a hint", async () => {
  await expect(natsBus("replicated", { replicas: 3 })).rejects.toThrow(/refuses its stream/);
});

test.skipIf(!hasNatsServer)(
  "an address that nothing answers from is given up after the time for it",
  async () => {
    const opened = openNatsBus({ url: "nats://192.0.2.1:4222", run: "r", patienceMs: 500 });
    await expect(opened).rejects.toThrow(/does not answer at nats:\/\/192\.0\.2\.1:4222/);
  },
  10_000,
);

test("a log that never rests still tells when what was recorded before is kept", async () => {
  const bus = new InProcessBus();
  const slow: MessageBus = Object.assign(Object.create(bus) as MessageBus, {
    append: async (subject: string, text: string) => {
      await new Promise((resolve) => setImmediate(resolve));
      await bus.append(subject, text);
    },
  });
  const log = new BusEventLog(slow, "agents-0");
  const event = { type: "session_dropped", at: 1 } as const;
  const noise = setInterval(() => log.commit(event), 1);
  try {
    log.commit(event);
    // If it waited for a moment without new events, this would never end.
    await log.settled();
  } finally {
    clearInterval(noise);
  }
});

test.skipIf(!hasNatsServer)(
  "NATS is killed and comes again: nothing is lost, nothing comes twice",
  { timeout: 60_000 },
  async () => {
    const [one, other] = [await natsBus("killed"), await natsBus("killed")];
    const seen: number[] = [];
    await other.follow("n", "first", ({ text }) => void seen.push(Number(text)));
    let begun = 0;
    let sent = 0;
    const sending = (async () => {
      while (sent < 300) {
        begun += 1;
        await one.append("n", String(sent));
        sent += 1;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    await vi.waitFor(() => expect(sent).toBeGreaterThan(50), { timeout: 5_000 });
    await stopNats("SIGKILL");
    // A message is on its way while there is no server.
    await vi.waitFor(() => expect(begun).toBe(sent + 1), { timeout: 5_000 });
    startNats();
    await sending;
    await vi.waitFor(() => expect(seen).toHaveLength(300), { timeout: 20_000 });
    expect(seen).toEqual(Array.from({ length: 300 }, (_, i) => i));
  },
);

test.skipIf(!hasNatsServer)("a wrong token is told, and not tried for ever", async () => {
  await expect(openNatsBus({ url: `nats://127.0.0.1:${port}`, token: "wrong", run: "r" })).rejects.toThrow(
    /refuses the credentials/,
  );
});
