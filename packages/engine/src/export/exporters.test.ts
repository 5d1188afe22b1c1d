import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Aggregator } from "../aggregate/aggregator.ts";
import type { Manifest } from "../store/manifest.ts";
import { Exporters } from "./exporters.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

test("one destination that fails keeps none of the others from being written, and is told", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ape-exporters-"));
  closing.push(() => rm(folder, { recursive: true }));
  const exporters = new Exporters();
  const manifest = { id: "r", goals: [] } as unknown as Manifest;
  await exporters.open(["otlp=http://127.0.0.1:1", "json=samples.ndjson"], { manifest, cwd: folder });
  const failure = await exporters.close(join(folder, "no-run"), new Aggregator([]), Date.now());
  expect(failure?.code).toBe("EXPORT_FAILED");
  expect(await readFile(join(folder, "samples.ndjson"), "utf8")).toBe("");
});

test("a text that names no destination is a usage error", async () => {
  const manifest = {} as Manifest;
  await expect(new Exporters().open(["csv"], { manifest, cwd: "/" })).rejects.toMatchObject({
    code: "USAGE",
  });
});
