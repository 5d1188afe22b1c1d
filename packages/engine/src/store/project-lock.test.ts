import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bornAt } from "../run/control.ts";
import { acquireProjectLock, LOCK_FILE, liveLockHolder } from "./project-lock.ts";

let home = "";
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "ape-lock-"));
});
afterEach(() => rm(home, { recursive: true }));

async function plant(holder: object | string): Promise<void> {
  await mkdir(join(home, ".ape"), { recursive: true });
  await writeFile(join(home, LOCK_FILE), typeof holder === "string" ? holder : JSON.stringify(holder));
}

test("a second run is refused with the first one's id until the first releases the lock", async () => {
  const release = await acquireProjectLock(home, "run-1");
  await expect(acquireProjectLock(home, "run-2")).rejects.toMatchObject({
    code: "RUN_ACTIVE",
    message: expect.stringContaining("run run-1 is live"),
    hint: expect.stringContaining("ape-test stop"),
  });
  expect(await liveLockHolder(home)).toMatchObject({ run: "run-1", pid: process.pid });
  await release();
  expect(await liveLockHolder(home)).toBeUndefined();
  await (await acquireProjectLock(home, "run-2"))();
});

test("of many processes' attempts at the same time exactly one succeeds", async () => {
  const attempts = await Promise.allSettled(
    Array.from({ length: 16 }, (_, index) => acquireProjectLock(home, `run-${index}`)),
  );
  expect(attempts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test.each([
  ["a process that has ended", async () => ({ pid: await endedPid(), host: hostname(), run: "old" })],
  [
    "a process id that was used again",
    async () => ({ pid: process.pid, born: "1", host: hostname(), run: "old" }),
  ],
  ["a file that a crash left empty", async () => ""],
])("the lock of %s is taken over", async (_what, holder) => {
  await plant(await holder());
  expect(await liveLockHolder(home)).toBeUndefined();
  await acquireProjectLock(home, "new");
  expect(JSON.parse(await readFile(join(home, LOCK_FILE), "utf8"))).toMatchObject({ run: "new" });
});

test("a lock of another host is kept, and the message names the file", async () => {
  await plant({ pid: 1, host: `not-${hostname()}`, run: "far" });
  await expect(acquireProjectLock(home, "new")).rejects.toMatchObject({
    hint: expect.stringContaining(LOCK_FILE),
  });
});

test("releasing twice does not remove another run's lock", async () => {
  const release = await acquireProjectLock(home, "run-1");
  await release();
  await acquireProjectLock(home, "run-2");
  await release();
  expect(await liveLockHolder(home)).toMatchObject({ run: "run-2", born: await bornAt(process.pid) });
});

test("the lock is the only file that stays, and its owner's alone", async () => {
  const release = await acquireProjectLock(home, "run-1");
  expect(await readdir(join(home, ".ape"))).toEqual(["containers.lock"]);
  expect((await stat(join(home, LOCK_FILE))).mode & 0o077).toBe(0);
  const holder = JSON.parse(await readFile(join(home, LOCK_FILE), "utf8")) as object;
  expect(holder).toEqual({
    pid: process.pid,
    born: await bornAt(process.pid),
    host: hostname(),
    run: "run-1",
  });
  await expect(acquireProjectLock(home, "run-2")).rejects.toMatchObject({
    message: `run run-1 is live in this folder (process ${process.pid})`,
    hint: "Watch it with `ape-test status --watch`, end it with `ape-test stop`, or start in a copy of the folder.",
  });
  expect(await readdir(join(home, ".ape"))).toEqual(["containers.lock"]);
  await release();
  expect(await readdir(join(home, ".ape"))).toEqual([]);
});

test("a lock of another host is told with that host", async () => {
  await plant({ pid: 7, host: "elsewhere", run: "far" });
  await expect(acquireProjectLock(home, "new")).rejects.toMatchObject({
    message: "run far is live in this folder (process 7 on elsewhere)",
    hint: `If that process has ended, delete ${LOCK_FILE}.`,
  });
  expect(await liveLockHolder(home)).toEqual({ pid: 7, host: "elsewhere", run: "far" });
});

test("a process that began at no known time counts as running", async () => {
  await plant({ pid: process.pid, host: hostname(), run: "old" });
  expect(await liveLockHolder(home)).toMatchObject({ run: "old" });
});

test("a folder that cannot be locked is an error of the file system", async () => {
  await writeFile(join(home, ".ape"), "a file where a folder should be");
  await expect(acquireProjectLock(home, "run-1")).rejects.toMatchObject({ code: "EEXIST" });
});

async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => child.once("exit", resolve));
  return child.pid ?? 0;
}
