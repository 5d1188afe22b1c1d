import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hasNatsServer } from "../../test/nats-server.ts";
import { freePort } from "../host/free-port.ts";
import { archiveRun, fetchRun } from "./run-archive.ts";

test.skipIf(!hasNatsServer)(
  "a run's folder comes back as it was, without what belongs to its engine",
  {
    timeout: 30_000,
  },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "ape-archive-"));
    const port = await freePort();
    const store = join(folder, "store");
    const server = spawn(
      "nats-server",
      ["--jetstream", "--store_dir", store, "--addr", "127.0.0.1", "--port", String(port)],
      { stdio: "ignore" },
    );
    try {
      const bus = { url: `nats://127.0.0.1:${port}`, run: "r1" };
      await expect(fetchRun(bus, join(folder, "none"))).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
      const run = join(folder, "run");
      await mkdir(join(run, "events"), { recursive: true });
      const segment = Buffer.from(Array.from({ length: 700_000 }, (_, index) => index % 251));
      await writeFile(join(run, "events", "agents-0.0000.seg"), segment);
      await writeFile(join(run, "summary.json"), "{}");
      await writeFile(join(run, "empty"), "");
      await writeFile(join(run, "control.json"), '{"token":"t"}');
      await archiveRun(bus, run);
      const back = join(folder, "back");
      expect(await fetchRun(bus, back)).toBe(3);
      expect(segment.equals(await readFile(join(back, "events", "agents-0.0000.seg")))).toBe(true);
      expect(await readFile(join(back, "summary.json"), "utf8")).toBe("{}");
      expect((await stat(join(back, "empty"))).size).toBe(0);
      await expect(stat(join(back, "control.json"))).rejects.toThrow(/ENOENT/);
      expect((await stat(join(back, "summary.json"))).mode & 0o077).toBe(0);
    } finally {
      server.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    }
  },
);
