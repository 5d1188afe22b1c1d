import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askOf } from "../../test/limited.ts";
import { loadCassettes, RecordingUpstream, ReplayingUpstream, requestKey } from "./cassette.ts";
import { emptyResponse } from "./failed-attempt.ts";
import type { Upstream, UpstreamResponse } from "./upstream.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ape-tape-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const BODY = '{"messages":[],"model":"m"}';
const answering = (more: Partial<UpstreamResponse>): Upstream => ({
  ask: async () => ({ ...emptyResponse(), status: 200, content: "hi sk-1", durationMs: 12.6, ...more }),
  close: async () => undefined,
});
const ask = () => ({ ...askOf("s"), model: "m", body: () => BODY });

/** What is recorded of one answer. */
async function recorded(more: Partial<UpstreamResponse> = {}): Promise<object[]> {
  const recording = new RecordingUpstream(
    answering(more),
    join(folder, "tapes"),
    "a",
    ["sk-1"],
    () => undefined,
  );
  await recording.ask(ask());
  await recording.close();
  const text = readFileSync(join(folder, "tapes", "a.jsonl"), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as object);
}

test("a key is thirty-two digits, whatever order the request has", () => {
  expect(requestKey(BODY)).toMatch(/^[0-9a-f]{32}$/);
  expect(requestKey('{"model":"m","messages":[],"stream":true,"stream_options":{}}')).toBe(requestKey(BODY));
  expect(requestKey('[{"b":1,"a":[{"d":1,"c":2}]}]')).toBe(requestKey('[{"a":[{"c":2,"d":1}],"b":1}]'));
  const said = (content: unknown) => requestKey(JSON.stringify({ messages: [{ role: "user", content }] }));
  expect(said("Today is Monday, 2026-11-30.\nGo")).toBe(said("Today is Friday, 2026-12-04.\nGo"));
  expect(said("Today is Monday, 2026-11-30. Go")).not.toBe(said("Today is Friday, 2026-12-04. Go"));
  expect(said("\nGo")).toBe(said("Today is Monday, 2026-11-30.\nGo"));
  const parts = [{ type: "text", text: "Today is Monday, 2026-11-30." }];
  expect(said(parts)).not.toBe(said([{ type: "text", text: "" }]));
  expect(requestKey('{"messages":["Today is Monday, 2026-11-30."]}')).not.toBe(
    requestKey('{"messages":[""]}'),
  );
  expect(requestKey('{"messages":7}')).not.toBe(requestKey(BODY));
});

test("a recorded answer has what is told of it, without secrets, in a file of its owner's", async () => {
  const calls = [{ name: "f", arguments: '{"k":"sk-1"}' }];
  expect(
    await recorded({ toolCalls: calls as never, inputTokens: 3, outputTokens: 4, firstTokenMs: 5.4 }),
  ).toEqual([
    {
      request: requestKey(BODY),
      model: "m",
      content: "hi ***",
      toolCalls: [{ name: "f", arguments: '{"k":"***"}' }],
      durationMs: 13,
      inputTokens: 3,
      outputTokens: 4,
      firstTokenMs: 5,
    },
  ]);
  const [file, tapes] = [join(folder, "tapes", "a.jsonl"), join(folder, "tapes")];
  expect([statSync(file).mode & 0o077, statSync(tapes).mode & 0o077]).toEqual([0, 0]);
  expect(await recorded({ source: { model: "other" } as never })).toEqual([
    { request: requestKey(BODY), model: "other", content: "hi ***", toolCalls: [], durationMs: 13 },
  ]);
  expect(await recorded({ error: { code: "limit", status: 429, message: "x" } })).toEqual([]);
});

test("a folder that cannot be made, and a file that cannot be written, are told", async () => {
  writeFileSync(join(folder, "taken"), "");
  const nothing = (): void => undefined;
  expect(() => new RecordingUpstream(answering({}), join(folder, "taken"), "a", [], nothing)).toThrow(
    `inference.record: ${join(folder, "taken")} cannot be made`,
  );
  const told: string[] = [];
  const recording = new RecordingUpstream(answering({}), folder, "none/a", [], (message) =>
    told.push(message),
  );
  await recording.ask(ask());
  await vi.waitFor(() => expect(told).toHaveLength(1));
  expect(told[0]).toMatch(/^inference\.record: answers can no longer be kept: ENOENT/);
  await recording.close();
});

test("files are read by their names, and what is no recorded answer is told with its line", async () => {
  const line = (content: string, more = {}) =>
    JSON.stringify({ request: "r", content, toolCalls: [], durationMs: 1, ...more });
  writeFileSync(join(folder, "b.jsonl"), `${line("two")}\n`);
  writeFileSync(join(folder, "a.jsonl"), `\ufeff${line("one")}\r\n\n${line("other", { request: "q" })}\n`);
  writeFileSync(join(folder, "c.txt"), "no");
  const tapes = await loadCassettes(folder);
  expect([...tapes].map(([key, answers]) => [key, answers.map(({ content }) => content)])).toEqual([
    ["r", ["one", "two"]],
    ["q", ["other"]],
  ]);
  for (const [name, value] of Object.entries({ request: 1, content: null, toolCalls: {}, durationMs: "1" })) {
    writeFileSync(join(folder, "b.jsonl"), `${line("one")}\n${line("x", { [name]: value })}\n`);
    await expect(loadCassettes(folder)).rejects.toMatchObject({
      message: "inference.replay: b.jsonl:2 is no recorded answer",
      hint: "A recording that was cut short can end in half a line: delete that line.",
    });
  }
  writeFileSync(join(folder, "b.jsonl"), "");
  writeFileSync(join(folder, "a.jsonl"), "\n");
  await expect(loadCassettes(folder)).rejects.toMatchObject({
    message: `inference.replay: ${folder} holds no recorded answer`,
    hint: "Record some: run once with `record` in place of `replay`.",
  });
});

/** Replays answers on a clock whose sleeps pass at once. */
function replaying(contents: string[], more: object = {}) {
  let time = 0;
  const slept: number[] = [];
  const clock = {
    now: () => time,
    epoch: () => time,
    sleep: async (ms: number) => {
      slept.push(ms);
      time += ms;
    },
  };
  const answers = contents.map((content) => ({ content, toolCalls: [], durationMs: 100, ...more }));
  const upstream = new ReplayingUpstream(new Map([[requestKey(BODY), answers as never]]), clock);
  return { upstream, slept };
}

test("recorded answers come in turn, the last one again, with the time that they took", async () => {
  const { upstream, slept } = replaying(["one", "two"], {
    firstTokenMs: 30,
    inputTokens: 3,
    outputTokens: 4,
  });
  const said: string[] = [];
  for (let turn = 0; turn < 3; turn += 1) said.push((await upstream.ask(ask())).content);
  expect(said).toEqual(["one", "two", "two"]);
  expect(slept.slice(0, 2)).toEqual([30, 70]);
  const whole = await upstream.ask({ ...ask(), streamed: false });
  expect(whole).toMatchObject({
    status: 200,
    whole: true,
    error: undefined,
    durationMs: 100,
    inputTokens: 3,
    outputTokens: 4,
  });
  expect(whole.firstTokenMs).toBeUndefined();
  expect((await upstream.ask({ ...ask(), streamed: true })).firstTokenMs).toBe(30);
  expect((await replaying(["one"]).upstream.ask({ ...ask(), streamed: true })).firstTokenMs).toBeUndefined();
});

test("a call that is given up is cancelled, and an unknown request refused", async () => {
  const { upstream } = replaying(["one"]);
  const controller = new AbortController();
  controller.abort();
  expect((await upstream.ask({ ...ask(), signal: controller.signal as never })).error).toEqual({
    code: "cancelled",
    status: 200,
    message: "the call was cancelled",
  });
  const unknown = '{"model":"x"}';
  expect((await upstream.ask({ ...ask(), body: () => unknown })).error).toEqual({
    code: "refused",
    status: 404,
    message: `no answer to this very request was recorded (${requestKey(unknown)})`,
  });
});
