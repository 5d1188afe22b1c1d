import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "@ape/core/protocol/events";
import { ControlServer } from "@ape/engine/run/control";
import type { Manifest } from "@ape/engine/store/manifest";
import { sampleManifest } from "@ape/engine/test/sample-run";
import { runProgram } from "../src/program.ts";
import { sampleProgress, type TestIo, testIo } from "./test-io.ts";

/** For tests: a folder with runs on disk, in which commands are given. */
export class TestFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<TestFolder> {
    return new TestFolder(await mkdtemp(join(tmpdir(), "ape-cli-")));
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.path, name), text);
  }

  /** Gives a command line, split at spaces. */
  async run(line: string, options: Parameters<typeof testIo>[0] = {}): Promise<{ exit: number; io: TestIo }> {
    const io = testIo({ cwd: this.path, ...options });
    return { exit: await runProgram(line.split(" "), io), io };
  }

  /** A run on disk, with the events it recorded; returns its directory. */
  async addRun(id: string, events: readonly Event[] = [], more: Partial<Manifest> = {}): Promise<string> {
    const directory = join(this.path, ".ape", "runs", id);
    await mkdir(join(directory, "events"), { recursive: true });
    await writeFile(
      join(directory, "run.json"),
      JSON.stringify(
        sampleManifest({
          id,
          model: { provider: "simulated", name: "simulated", simulated: true },
          goals: [{ name: "buy", checks: [] }],
          written: {},
          ...more,
        }),
      ),
    );
    await writeFile(
      join(directory, "events", "engine.0000.jsonl"),
      events.map((event) => `${JSON.stringify(event)}\n`).join(""),
    );
    return directory;
  }
}

/** For tests: a run that is still running as far as other processes can tell; it writes down what it is told. */
export async function openTestRun(directory: string): Promise<{ told: string[]; close(): Promise<void> }> {
  const told: string[] = [];
  const control = await ControlServer.open({
    directory,
    progress: () => ({ ...sampleProgress, run: directory.split("/").at(-1) ?? "" }),
    stop: () => void told.push("stop"),
    kill: () => void told.push("kill"),
    scale: (agents) => void told.push(`scale ${agents}`),
  });
  return { told, close: () => control.close() };
}

/** For tests: what one session of a shopper leaves behind, the target answering with `response` in its last step. */
export function shopperEvents(
  session: string,
  options: { at?: number; trace?: string; agent?: string; response?: string } = {},
): Event[] {
  const { at = 1_800_000_000_000, trace = "0af7651916cd43dd8448eb211c80319c", agent = "a0-1" } = options;
  const step = { session, source: "model", decisionMs: 40, thinkMs: 300, queueMs: 0 } as const;
  const action = {
    target: "shop",
    timing: { total: 5, queue: 0, dns: 0, connect: 1, tls: 0, firstByte: 3, body: 1 },
    attempts: [],
    durationMs: 5,
  };
  return [
    { type: "session_started", at, session, trace, agent, goal: "buy", row: 3 },
    {
      type: "inference",
      at: at + 40,
      inference: `${session}-1`,
      session,
      step: 1,
      provider: "simulated",
      model: "simulated",
      streamed: true,
      status: 200,
      attempts: 2,
      queueMs: 0,
      durationMs: 40,
      inputTokens: 900,
      outputTokens: 20,
      costUsd: 0,
    },
    { type: "action_sent", at: at + 340, session, step: 1, target: "shop", method: "POST", path: "/login" },
    {
      ...step,
      type: "step",
      at: at + 345,
      step: 1,
      tool: "http_post",
      args: { path: "/login", data: { password: "{{password}}" } },
      action: {
        ...action,
        operation: "POST /login",
        method: "POST",
        path: "/login",
        status: 200,
        failed: false,
      },
      gained: ["accessToken"],
    },
    { type: "check", at: at + 346, session, check: 0, step: 1, evidence: "step 1: POST /login -> 200" },
    {
      type: "probe",
      at: at + 350,
      session,
      check: 1,
      operation: "GET /orders/{order}",
      status: 404,
      durationMs: 3,
      held: false,
      evidence: "GET /orders/o-1 -> 404",
    },
    { type: "decision_invalid", at: at + 360, session, step: 2, reason: "no tool was called" },
    {
      ...step,
      type: "step",
      at: at + 400,
      step: 2,
      tool: "http_post",
      args: { path: "/orders" },
      action: {
        ...action,
        operation: "POST /orders",
        method: "POST",
        path: "/orders",
        status: 500,
        failed: true,
        attribution: "target",
        response: options.response ?? "out of order",
      },
    },
    { ...step, type: "step", at: at + 450, step: 3, tool: "finish", args: { reason: "no way" } },
    {
      type: "session_ended",
      at: at + 451,
      session,
      goal: "buy",
      outcome: "failed",
      reason: "POST /orders answered 500 in step 2",
      attribution: "target",
      decidedBy: 2,
      steps: 3,
      durationMs: 451,
      checks: [
        { label: "action POST /login", held: true, evidence: "step 1: POST /login -> 200" },
        { label: "action POST /orders", held: false, evidence: "step 2: POST /orders -> 500" },
      ],
    },
  ];
}
