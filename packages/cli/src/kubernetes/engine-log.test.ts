import { expect, test } from "vitest";
import { sampleProgress } from "../../test/test-io.ts";
import { EngineLog, engineLine } from "./engine-log.ts";

test("lines of the engine's log are progress, the summary or words", () => {
  const progress = JSON.stringify({ type: "progress", ...sampleProgress, agentsActive: 3 });
  expect(engineLine(progress)).toMatchObject({ progress: { agentsActive: 3 } });
  expect(engineLine('{"type":"summary","run":{"id":"r"}}')).toMatchObject({ summary: { run: { id: "r" } } });
  for (const words of ["", "warning: odd", '{"type":"progress","cut', '{"other":1}', '{"type":"summary"}'])
    expect(engineLine(words)).toEqual({ words });
});

test("a line whose stamp is before that of the line above it is not left out: each output has stamps of its own", async () => {
  const lines = [
    "2026-11-29T10:00:01.2Z progress",
    "2026-11-29T10:00:01.1Z error",
    "2026-11-29T10:00:00.9Z hint",
  ];
  const log = new EngineLog({
    log: async function* () {
      yield* lines;
    },
  });
  const read: string[] = [];
  // The second time, all of them are known.
  for (let time = 0; time < 2; time += 1)
    for await (const line of log.follow("p", new AbortController().signal)) read.push(line);
  expect(read).toEqual(["progress", "error", "hint"]);
});

test("a log that is read again continues after the last line, also where nodes shorten fractions or have another zone", async () => {
  const asked: (string | undefined)[] = [];
  const answers = [
    ["2026-11-29T10:00:00.1Z a", "2026-11-29T10:00:00.10000001Z b", "2026-11-29T10:00:01Z c"],
    ["2026-11-29T11:00:01+01:00 c", "2026-11-29T11:00:01.5+01:00 d", "unable to retrieve container logs"],
    ["2026-11-29T10:00:02Z other pod"],
  ];
  const log = new EngineLog({
    log: async function* (_pod, options) {
      asked.push(options?.sinceTime);
      yield* answers.shift() ?? [];
    },
  });
  const read = async (pod: string): Promise<string[]> => {
    const lines: string[] = [];
    for await (const line of log.follow(pod, new AbortController().signal)) lines.push(line);
    return lines;
  };
  expect(await read("p")).toEqual(["a", "b", "c"]);
  expect(await read("p")).toEqual(["d"]);
  expect(await read("q")).toEqual(["other pod"]);
  expect(asked).toEqual([undefined, "2026-11-29T10:00:00.000Z", undefined]);
});
