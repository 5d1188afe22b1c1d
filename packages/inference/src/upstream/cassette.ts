import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeText } from "@ape/core/lib/charset";
import type { Clock } from "@ape/core/lib/clock";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import { maskSecrets } from "@ape/core/lib/mask";
import { clientAbortSignal } from "../server/client-abort-signal.ts";
import { chunksOf, completionOf } from "../simulated/simulated-wire.ts";
import { failedResponse } from "./failed-attempt.ts";
import type { Upstream, UpstreamRequest, UpstreamResponse } from "./upstream.ts";

/** A recorded answer: one line of JSON in a cassette. */
interface Recorded {
  /** Of the canonical request. */
  request: string;
  model: string;
  content: string;
  toolCalls: { name: string; arguments: string }[];
  inputTokens?: number;
  outputTokens?: number;
  firstTokenMs?: number;
  durationMs: number;
}

const ENDING = ".jsonl";

/**
 * The fingerprint of a request: of its JSON with sorted keys, without `stream` and `stream_options`, which affect only
 * the form of the answer, and without the date that agents are given. Everything else counts, `seed` too.
 */
export function requestKey(body: string): string {
  const json = JSON.parse(body) as Json;
  if (isJsonObject(json)) {
    delete json.stream;
    delete json.stream_options;
    if (Array.isArray(json.messages)) json.messages = json.messages.map(withoutDate);
  }
  return createHash("sha256")
    .update(JSON.stringify(sorted(json)))
    .digest("hex")
    .slice(0, 32);
}

/** A message without the line with the date, so that a recording is valid on any day. */
function withoutDate(message: Json): Json {
  if (!isJsonObject(message) || typeof message.content !== "string") return message;
  return { ...message, content: message.content.replace(/^Today is [A-Z][a-z]+, \d{4}-\d\d-\d\d\.$/m, "") };
}

function sorted(json: Json): Json {
  if (Array.isArray(json)) return json.map(sorted);
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    Object.keys(json)
      .sort()
      .map((key) => [key, sorted(json[key] as Json)]),
  );
}

const textOf = (body: string | Uint8Array): string =>
  typeof body === "string" ? body : Buffer.from(body).toString("utf8");

/** Writes every complete answer to a file of this process; a new file per start. */
export class RecordingUpstream implements Upstream {
  readonly #inner: Upstream;
  readonly #file: WriteStream;
  readonly #secrets: readonly string[];

  /**
   * @param name of this process's file
   * @param secrets that no recorded answer may contain
   * @param failed called once, if answers can no longer be written
   * @throws ApeError RUN_DIRECTORY if the folder cannot be created
   */
  constructor(
    inner: Upstream,
    folder: string,
    name: string,
    secrets: readonly string[],
    failed: (message: string) => void,
  ) {
    this.#inner = inner;
    this.#secrets = secrets;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new ApeError("RUN_DIRECTORY", `inference.record: ${folder} cannot be made`, { cause });
    }
    this.#file = createWriteStream(join(folder, `${name}${ENDING}`), { flags: "w", mode: 0o600 });
    this.#file.once("error", (thrown) => {
      failed(`inference.record: answers can no longer be kept: ${messageOf(thrown)}`);
    });
  }

  async ask(ask: UpstreamRequest): Promise<UpstreamResponse> {
    // The body can be read only once, so the sent object is kept.
    const body = ask.body();
    const attempt = await this.#inner.ask({
      ...ask,
      body: (model, edits) => (model === undefined && edits === undefined ? body : ask.body(model, edits)),
    });
    if (attempt.error !== undefined) return attempt;
    const { content, toolCalls, inputTokens, outputTokens, firstTokenMs, durationMs } = attempt;
    const recorded: Recorded = {
      request: requestKey(textOf(body)),
      model: attempt.source?.model ?? ask.model,
      content: maskSecrets(content, this.#secrets),
      toolCalls: toolCalls.map((call) => ({
        name: call.name,
        arguments: maskSecrets(call.arguments, this.#secrets),
      })),
      durationMs: Math.round(durationMs),
      ...(inputTokens === undefined ? {} : { inputTokens }),
      ...(outputTokens === undefined ? {} : { outputTokens }),
      ...(firstTokenMs === undefined ? {} : { firstTokenMs: Math.round(firstTokenMs) }),
    };
    this.#file.write(`${JSON.stringify(recorded)}\n`);
    return attempt;
  }

  async close(): Promise<void> {
    await this.#inner.close();
    await new Promise<void>((resolve) => {
      if (this.#file.destroyed) resolve();
      else {
        this.#file.once("close", resolve);
        this.#file.end();
      }
    });
  }
}

/**
 * Reads every cassette of a folder.
 * @throws ApeError FILE_MISSING if there is none, or a line is no recorded answer
 */
export async function loadCassettes(folder: string): Promise<Map<string, Recorded[]>> {
  const answers = new Map<string, Recorded[]>();
  let files: string[] = [];
  try {
    files = (await readdir(folder)).filter((name) => name.endsWith(ENDING)).sort();
  } catch (cause) {
    throw new ApeError("FILE_MISSING", `inference.replay: ${folder} cannot be read`, { cause });
  }
  for (const name of files)
    for (const [index, line] of decodeText(await readFile(join(folder, name)))
      .text.split(/\r?\n/)
      .entries()) {
      if (line === "") continue;
      const recorded = read(line);
      if (recorded === undefined)
        throw new ApeError("FILE_MISSING", `inference.replay: ${name}:${index + 1} is no recorded answer`, {
          hint: "A recording that was cut short can end in half a line: delete that line.",
        });
      const same = answers.get(recorded.request);
      if (same === undefined) answers.set(recorded.request, [recorded]);
      else same.push(recorded);
    }
  if (answers.size === 0)
    throw new ApeError("FILE_MISSING", `inference.replay: ${folder} holds no recorded answer`, {
      hint: "Record some: run once with `record` in place of `replay`.",
    });
  return answers;
}

function read(line: string): Recorded | undefined {
  try {
    const json: unknown = JSON.parse(line);
    const whole =
      isJsonObject(json) &&
      typeof json.request === "string" &&
      typeof json.content === "string" &&
      Array.isArray(json.toolCalls) &&
      typeof json.durationMs === "number";
    return whole ? (json as unknown as Recorded) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Replays recorded answers, with their recorded time; a request that was answered several times gets its answers in
 * turn.
 */
export class ReplayingUpstream implements Upstream {
  readonly #answers: ReadonlyMap<string, Recorded[]>;
  readonly #asked = new Map<string, number>();
  readonly #clock: Clock;

  constructor(answers: ReadonlyMap<string, Recorded[]>, clock: Clock) {
    this.#answers = answers;
    this.#clock = clock;
  }

  async ask(ask: UpstreamRequest): Promise<UpstreamResponse> {
    const key = requestKey(textOf(ask.body()));
    const answers = this.#answers.get(key) ?? [];
    const turn = this.#asked.get(key) ?? 0;
    this.#asked.set(key, turn + 1);
    const recorded = answers[Math.min(turn, answers.length - 1)];
    if (recorded === undefined)
      return failedResponse(
        { code: "refused", status: 404, message: `no answer to this very request was recorded (${key})` },
        0,
      );
    const { content, toolCalls, firstTokenMs = 0, durationMs } = recorded;
    const sentAt = this.#clock.now();
    const signal = clientAbortSignal(ask.signal);
    const answer = {
      answer: { content, toolCalls },
      inputTokens: recorded.inputTokens ?? 0,
      outputTokens: recorded.outputTokens ?? 0,
    };
    const tap = ask.streamed ? ask.tap : undefined;
    await this.#clock.sleep(firstTokenMs, signal);
    if (signal?.aborted !== true) {
      tap?.head(200, STREAM, ask.queuedMs);
      await this.#clock.sleep(durationMs - (this.#clock.now() - sentAt), signal);
    }
    const attempt: UpstreamResponse = {
      ...failedResponse({ code: "cancelled", status: 200, message: "the call was cancelled" }, 0),
      status: 200,
      headers: ask.streamed ? STREAM : WHOLE,
      durationMs: this.#clock.now() - sentAt,
    };
    if (signal?.aborted === true) return attempt;
    attempt.error = undefined;
    attempt.whole = true;
    attempt.content = content;
    attempt.toolCalls = toolCalls;
    attempt.inputTokens = recorded.inputTokens;
    attempt.outputTokens = recorded.outputTokens;
    if (ask.streamed && recorded.firstTokenMs !== undefined) attempt.firstTokenMs = recorded.firstTokenMs;
    if (tap !== undefined) {
      for (const { text } of chunksOf(ask.request(), answer)) tap.data(text);
      tap.end();
    } else if (ask.tap !== undefined) attempt.body = JSON.stringify(completionOf(ask.request(), answer));
    return attempt;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const STREAM = { "content-type": "text/event-stream; charset=utf-8" } as const;
const WHOLE = { "content-type": "application/json" } as const;
