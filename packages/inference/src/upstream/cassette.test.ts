import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import OpenAI from "openai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { realClock } from "../../test/clock.ts";
import { closeAfterEach, closeAll } from "../../test/model-transports.ts";
import {
  callOf,
  chat,
  chunk,
  configFor,
  GOOD,
  GOOD_CALL,
  json,
  openPeer,
  RecordedEvents,
  stream,
} from "../../test/peer.ts";
import { createInference, type Inference } from "../inference.ts";
import { serveInference } from "../server/server.ts";
import { requestKey } from "./cassette.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-cassettes-"));
});
afterEach(async () => {
  await closeAll();
  await rm(folder, { recursive: true });
});

async function inference(
  url: string,
  config: object,
): Promise<{ inference: Inference; kept: RecordedEvents }> {
  const kept = new RecordedEvents();
  const opened = await createInference({
    config: configFor(url, config),
    clock: realClock,
    recorder: kept,
    baseDir: folder,
  });
  return { inference: opened, kept };
}

test("a run's answers are given again without its provider, over both ways, and cost nothing", async () => {
  const peer = await openPeer((response, _received, turn) => {
    if (turn === 1) stream(response, GOOD);
    else if (turn === 2) stream(response, [chunk({ content: "again" }), chunk({}, "stop")]);
    else json(response, 400, { error: { message: "no" } });
  });
  const price = { input: 1, output: 1 };
  const recording = await inference(peer.url, { record: "tapes", price });
  for (let n = 0; n < 2; n += 1) await recording.inference.transport.complete(callOf(chat()));
  await recording.inference.transport.complete(callOf(chat({ seed: 8 })));
  await recording.inference.close();
  await peer.close();
  const [name, ...others] = await readdir(join(folder, "tapes"));
  expect(others).toEqual([]);
  const tape = await readFile(join(folder, "tapes", name ?? ""), "utf8");
  expect(tape.trimEnd().split("\n").length).toBe(2);
  expect(tape).not.toContain("sk-very-secret");

  const { inference: replaying, kept } = await inference(peer.url, {
    replay: "tapes",
    price,
    apiKey: undefined,
  });
  const { transport } = replaying;
  expect((await transport.complete(callOf(chat()))).toolCalls).toEqual([GOOD_CALL]);
  expect((await transport.complete(callOf(chat({ stream: false })))).content).toBe("again");
  const missed = await transport.complete(callOf(chat({ seed: 8 })));
  expect(missed.error).toMatchObject({
    code: "refused",
    message: expect.stringContaining("no answer to this very request"),
  });
  expect(kept.events.map(({ provider, costUsd, status }) => [provider, costUsd, status])).toEqual([
    ["custom (replayed)", 0, 200],
    ["custom (replayed)", 0, 200],
    ["custom (replayed)", 0, 0],
  ]);
  const server = await serveInference({ inference: replaying, port: 0 });
  closeAfterEach(replaying, server);
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "any", maxRetries: 0 });
  const asked = chat() as unknown as Parameters<typeof client.chat.completions.stream>[0];
  const answer = await client.chat.completions.stream(asked).finalChatCompletion();
  expect(answer.choices[0]?.message.content).toBe("again");
});

test.each([
  ["no folder", undefined, /cannot be read/],
  ["an empty folder", "", /holds no recorded answer/],
  ["half a line", '{"request":"ab', /tape\.jsonl:1 is no recorded answer/],
  ["another file's line", '{"type":"inference"}', /tape\.jsonl:1 is no recorded answer/],
])("%s is refused before the start", async (_what, text, message) => {
  if (text !== undefined) await writeFile(join(folder, "tape.jsonl"), text);
  const replay = text === undefined ? "nowhere" : ".";
  await expect(inference("http://127.0.0.1:1/v1", { replay })).rejects.toMatchObject({
    code: "FILE_MISSING",
    message: expect.stringMatching(message),
  });
});

test("record and replay contradict one another", async () => {
  await expect(inference("http://127.0.0.1:1/v1", { replay: "a", record: "b" })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
  });
});

test("a request's key does not depend on the order of its keys nor on how the answer comes, but on all else", () => {
  const json = fc.jsonValue();
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), (fields) => {
      const reversed = Object.fromEntries(Object.entries(fields).reverse());
      const key = requestKey(JSON.stringify(fields));
      expect(requestKey(JSON.stringify(reversed))).toBe(key);
      expect(requestKey(JSON.stringify({ ...fields, stream: true }))).toBe(
        requestKey(JSON.stringify({ ...fields, stream: false })),
      );
      expect(requestKey(JSON.stringify({ ...fields, more: [key] }))).not.toBe(key);
    }),
  );
  expect(requestKey('{"messages":[1,2]}')).not.toBe(requestKey('{"messages":[2,1]}'));
});

test("prompts and answers are in the events only where asked for, without secrets and bounded", async () => {
  const peer = await openPeer((response) =>
    stream(response, [chunk({ content: "the password is hunter22" }), chunk({}, "stop")]),
  );
  closeAfterEach(peer);
  const kept = new RecordedEvents();
  for (const logPrompts of [false, true]) {
    const opened = await createInference({
      config: configFor(peer.url, { logPrompts }),
      clock: realClock,
      recorder: kept,
      secrets: ["hunter22"],
    });
    closeAfterEach(opened);
    const messages = [{ role: "user" as const, content: `I am hunter22 ${"x".repeat(50_000)}` }];
    await opened.transport.complete(callOf(chat({ messages })));
  }
  const [silent, open] = kept.events;
  expect(silent).not.toHaveProperty("prompt");
  expect(silent).not.toHaveProperty("answer");
  expect(open?.prompt).toContain("I am ***");
  expect(open?.prompt?.length).toBeLessThan(33_000);
  expect(open?.answer).toBe('{"content":"the password is ***","toolCalls":[]}');
});

test("a recording is for every day: only the date that agents are told is left out of a request's key", () => {
  const key = (content: string): string =>
    requestKey(JSON.stringify({ messages: [{ role: "user", content }] }));
  const on = (day: string): string => `# Goal\nBuy\n\n# Now\nToday is ${day}.\nSteps left: 3`;
  expect(key(on("Friday, 2026-11-27"))).toBe(key(on("Saturday, 2026-11-28")));
  expect(key(on("Friday, 2026-11-27"))).not.toBe(key(on("Friday, 2026-11-27").replace("3", "4")));
  expect(key("x Today is Friday, 2026-11-27.")).not.toBe(key("x Today is Saturday, 2026-11-28."));
});
