import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inferenceSchema as schema } from "@ape/core/config/inference";
import { afterEach, expect, test } from "vitest";
import { closeAfterEach, closeAll, MODEL_TRANSPORTS } from "../../test/model-transports.ts";
import { callOf, chat, configFor, GOOD, json, openPeer, stream } from "../../test/peer.ts";
import { KeyRing, loadKeys, sharedQuota } from "./key-ring.ts";

afterEach(closeAll);

test("keys come from the configuration and from a file, each once", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ape-keys-"));
  try {
    await writeFile(join(folder, "keys"), "# ours\nsk-c  beta\n\nsk-d # spare\r\nsk-a\n");
    const config = schema.parse({
      provider: "cerebras",
      apiKey: "sk-a",
      apiKeys: ["sk-b", { key: "sk-e", organisation: "gamma" }],
      keyFile: "keys",
      organisation: "alpha",
    });
    const keys = await loadKeys(config, folder);
    expect(keys).toEqual([
      { key: "sk-a", organisation: "alpha" },
      { key: "sk-b", organisation: "alpha" },
      { key: "sk-e", organisation: "gamma" },
      { key: "sk-c", organisation: "beta" },
      { key: "sk-d", organisation: "alpha" },
    ]);
    expect(sharedQuota(keys)).toBe(
      "5 keys of 3 organisations: providers limit an organisation, so keys of the same one add no quota",
    );
    expect(sharedQuota(keys.slice(1, 4))).toBeUndefined();
    expect(sharedQuota([])).toBeUndefined();
    await expect(loadKeys({ ...config, keyFile: "none" }, folder)).rejects.toMatchObject({
      code: "FILE_MISSING",
      message: "inference.keyFile: none cannot be read",
      hint: "Write one key a line into it, readable for you alone (chmod 600).",
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each<[string, number, object]>([
  ["403", 403, { message: "key suspended" }],
  ["Gemini's 400", 400, { message: "API key not valid" }],
  ["an error within 200", 200, { code: 402, message: "Insufficient credits" }],
])(
  "a key that is refused with %s is paused, and nothing is learned of the request's form",
  async (_name, status, error) => {
    const peer = await openPeer((response, { headers }) => {
      if (headers.authorization === "Bearer sk-second-key") stream(response, GOOD);
      else response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error }));
    });
    closeAfterEach(peer);
    const [, open] = MODEL_TRANSPORTS[0] as (typeof MODEL_TRANSPORTS)[number];
    const { transport, kept } = await open(configFor(peer.url, { apiKeys: ["sk-second-key"] }));
    for (let call = 0; call < 4; call += 1)
      expect((await transport.complete(callOf(chat()))).error).toBeUndefined();
    expect(peer.received.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer sk-very-secret",
      ...Array.from({ length: 4 }, () => "Bearer sk-second-key"),
    ]);
    expect(kept.logs).toHaveLength(1);
  },
);

test.each(MODEL_TRANSPORTS)(
  "a second key answers where the first is refused, and neither is told, %s",
  async (_name, open) => {
    const peer = await openPeer((response, { headers }) => {
      if (headers.authorization === "Bearer sk-second-key") stream(response, GOOD);
      else json(response, 401, { message: `wrong key ${headers.authorization}` });
    });
    closeAfterEach(peer);
    const { transport, kept } = await open(configFor(peer.url, { apiKeys: ["sk-second-key"] }));
    const answers = [await transport.complete(callOf(chat())), await transport.complete(callOf(chat()))];
    expect(answers.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(peer.received.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer sk-very-secret",
      "Bearer sk-second-key",
      "Bearer sk-second-key",
    ]);
    expect(kept.logs).toEqual([
      "custom refused key 1 of 2 with 401: wrong key Bearer ***; it is tried again after a pause",
    ]);
    expect(JSON.stringify(kept)).not.toMatch(/sk-(very|second)/);
  },
);

const ringOf = (count: number) =>
  KeyRing.of(
    Array.from({ length: count }, (_, index) => ({ key: `sk-${index}`, organisation: "x" })),
    () => undefined,
  );

test("a refused key is spared for the model that it was refused for, ever longer, until it is taken", () => {
  const ring = ringOf(1);
  const other = ring.forModel();
  const key = ring.next("x", 0);
  if (key === undefined) throw new Error("there is no key");
  expect(ring.refuse(key, 401, "p", "You have insufficient permissions: model.request", 0)).toBe(false);
  expect([ring.usable(4_999), ring.usable(5_000), other.usable(0)]).toEqual([false, true, true]);
  expect(ring.lastRefusal).toBe(
    "p refused the key with 401: You have insufficient permissions: model.request",
  );
  // Another answer to a call that left before does not lengthen the pause.
  ring.refuse(key, 401, "p", "no", 10);
  expect(ring.usable(5_000)).toBe(true);
  ring.refuse(key, 401, "p", "no", 5_000);
  expect([ring.usable(14_999), ring.usable(15_000)]).toEqual([false, true]);
  ring.accept(key);
  ring.refuse(key, 402, "p", "no", 20_000);
  expect(ring.usable(25_000)).toBe(true);
});

test("a refusal of one request alone spares no last key, and lets another key try", () => {
  const words = "This request requires more credits, or fewer max_tokens.";
  const [one, two] = [ringOf(1), ringOf(2)];
  const key = one.next("x", 0);
  const first = two.next("x", 0);
  if (key === undefined || first === undefined) throw new Error("there is no key");
  expect(one.refuse(key, 402, "p", words, 0)).toBe(false);
  expect(one.usable(0)).toBe(true);
  expect(two.refuse(first, 402, "p", words, 0)).toBe(true);
  expect(two.next("x", 0)).not.toBe(first);
});

test("an account without money is not asked again and again, and another key is", async () => {
  const quota = {
    error: {
      code: "insufficient_quota",
      type: "insufficient_quota",
      message: "You exceeded your current quota",
    },
  };
  const peer = await openPeer((response, { headers }) => {
    if (headers.authorization === "Bearer sk-second-key") stream(response, GOOD);
    else json(response, 429, quota);
  });
  closeAfterEach(peer);
  const [[, open]] = MODEL_TRANSPORTS as [(typeof MODEL_TRANSPORTS)[number]];
  const alone = await open(configFor(peer.url));
  expect((await alone.transport.complete(callOf(chat()))).error).toMatchObject({
    code: "refused",
    status: 429,
  });
  expect(peer.received.length).toBe(1);
  const both = await open(configFor(peer.url, { apiKeys: ["sk-second-key"] }));
  expect((await both.transport.complete(callOf(chat()))).error).toBeUndefined();
  expect(peer.received.length).toBe(3);
});

test("each of many models has limits of its own", async () => {
  const peer = await openPeer((response, { body }) => {
    const { model } = JSON.parse(body) as { model: string };
    if (model === "m7") json(response, 429, { message: "slow" }, { "retry-after": "3000" });
    else stream(response, GOOD);
  });
  closeAfterEach(peer);
  const [[, open]] = MODEL_TRANSPORTS as [(typeof MODEL_TRANSPORTS)[number]];
  const { transport } = await open(configFor(peer.url, { retries: { attempts: 1 } }));
  for (let at = 0; at < 100; at += 1) {
    const { error } = await transport.complete(callOf(chat({ model: `m${at}` })));
    expect(error?.code).toBe(at === 7 ? "limit" : undefined);
  }
});

test("a source without a key stays usable whatever it answers, and reports nothing of a key", () => {
  const messages: string[] = [];
  const ring = KeyRing.of([], (message) => messages.push(message));
  expect(ring.organisations).toEqual(["default"]);
  const key = ring.next("default", 0);
  expect(key).toEqual({ place: 0, organisation: "default", headers: [] });
  if (key === undefined) return;
  expect(ring.refuse(key, 401, "p", "log in", 0)).toBe(false);
  expect([ring.usable(0), ring.has("default", 0), ring.next("default", 0)]).toEqual([true, true, key]);
  expect([ring.lastRefusal, messages]).toEqual(["", []]);
});

test("pauses of a key double up to five minutes", () => {
  const ring = ringOf(1);
  const key = ring.next("x", 0);
  if (key === undefined) throw new Error("there is no key");
  const pauses: number[] = [];
  for (let n = 0, now = 0; n < 8; n += 1) {
    ring.refuse(key, 401, "p", "no", now);
    const began = now;
    while (!ring.usable(now)) now += 1_000;
    pauses.push((now - began) / 1_000);
  }
  expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
});

test("keys are used in turn within their organisation; a refused one is left out for its pause only", () => {
  const ring = KeyRing.of(
    ["a", "b", "c"].map((key) => ({ key, organisation: key === "c" ? "other" : "x" })),
    () => undefined,
  );
  const places = (now: number) => Array.from({ length: 3 }, () => ring.next("x", now)?.place);
  expect(places(0)).toEqual([1, 2, 1]);
  const second = ring.next("x", 0);
  if (second === undefined) throw new Error("there is no key");
  expect(second.place).toBe(2);
  expect(ring.refuse(second, 401, "p", "no", 0)).toBe(true);
  expect(places(0)).toEqual([1, 1, 1]);
  expect([ring.has("x", 0), ring.has("other", 0), ring.has("none", 0)]).toEqual([true, true, false]);
  const first = ring.next("x", 0);
  if (first === undefined) throw new Error("there is no key");
  ring.refuse(first, 401, "p", "no", 0);
  expect([ring.next("x", 4_999), ring.has("x", 4_999), ring.usable(4_999)]).toEqual([undefined, false, true]);
  expect(places(5_000).sort()).toEqual([1, 2, 2]);
  expect(ring.next("other", 0)?.headers).toEqual(["authorization", "Bearer c"]);
});

test("each refusal is reported once, and at most a hundred are", () => {
  const messages: string[] = [];
  const ring = KeyRing.of([{ key: "sk-secret", organisation: "x" }], (message) => messages.push(message));
  const key = ring.next("x", 0);
  if (key === undefined) throw new Error("there is no key");
  for (let n = 0; n < 300; n += 1) ring.refuse(key, 401, "p", `no ${n >> 1} for sk-secret`, n * 1_000_000);
  expect(messages).toHaveLength(100);
  expect(messages[0]).toBe("p refused the key with 401: no 0 for ***; it is tried again after a pause");
  expect(ring.lastRefusal).toBe("p refused the key with 401: no 149 for ***");
});

test("keys without an organisation, of a list alone, count as one", async () => {
  const config = schema.parse({ provider: "cerebras", apiKeys: ["sk-a", { key: "sk-b" }] });
  const keys = await loadKeys(config, ".");
  expect(keys).toEqual([
    { key: "sk-a", organisation: "default" },
    { key: "sk-b", organisation: "default" },
  ]);
  expect(sharedQuota(keys)).toContain("2 keys of one organisation");
});

test("a key that is paused is tried again after a pause that doubles up to five minutes, and trusted once accepted", () => {
  const ring = KeyRing.of([{ key: "sk-a", organisation: "x" }], () => undefined);
  const key = ring.next("x", 0);
  if (key === undefined) throw new Error("no key");
  let now = 0;
  for (const pauseMs of [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]) {
    expect(ring.refuse(key, 401, "p", "no", now)).toBe(false);
    // A second refusal of a request that left before does not lengthen the pause.
    ring.refuse(key, 401, "p", "no", now + 1);
    expect([ring.next("x", now + pauseMs - 1), ring.usable(now + pauseMs - 1), ring.has("x", now)]).toEqual([
      undefined,
      false,
      false,
    ]);
    now += pauseMs;
    expect([ring.next("x", now), ring.usable(now), ring.has("x", now)]).toEqual([key, true, true]);
  }
  ring.accept(key);
  ring.refuse(key, 401, "p", "no", now);
  expect([ring.usable(now + 4_999), ring.usable(now + 5_000)]).toEqual([false, true]);
});
