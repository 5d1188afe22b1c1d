import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunProgress } from "@ape/core/report/progress";
import { sendMalformedRequests } from "@ape/http/test/malformed-requests";
import { afterEach, expect, test } from "vitest";
import { ControlServer, controlOf, isActive } from "./control.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(phase?: RunProgress["phase"]) {
  const directory = await mkdtemp(join(tmpdir(), "ape-control-"));
  closing.push(() => rm(directory, { recursive: true }));
  const did: string[] = [];
  const server = await ControlServer.open({
    directory,
    progress: () => ({ run: "r", ...(phase && { phase }) }) as RunProgress,
    stop: () => void did.push("stop"),
    kill: () => void did.push("kill"),
    scale: (agents) => void did.push(`scale ${agents}`),
  });
  closing.push(() => server.close());
  const file = join(directory, "control.json");
  const change = async (change: object): Promise<void> => {
    const content = JSON.parse(await readFile(file, "utf8")) as object;
    await writeFile(file, JSON.stringify({ ...content, ...change }));
  };
  const { port, token } = JSON.parse(await readFile(file, "utf8")) as { port: number; token: string };
  return { directory, did, change, port, token };
}

test("a run is watched, scaled and stopped by who has its token, and by nobody else", async () => {
  const { directory, did, change } = await open();
  const control = controlOf(directory);
  expect(await control.status()).toEqual({ run: "r" });
  await control.scale(7);
  await control.stop(false);
  await control.stop(true);
  expect(did).toEqual(["scale 7", "stop", "kill"]);
  await change({ token: "wrong" });
  await expect(control.stop(true)).rejects.toMatchObject({ code: "RUN_NOT_ACTIVE" });
  expect(did).toHaveLength(3);
});

test("a run that is ending is not scaled, and says so", async () => {
  const { directory, did } = await open("draining");
  const control = controlOf(directory);
  await expect(control.scale(7)).rejects.toMatchObject({
    code: "RUN_NOT_ACTIVE",
    message: "the run is ending: no more agents start",
  });
  await control.stop(false);
  expect(did).toEqual(["stop"]);
});

test("a run is active while its engine lives; a pid that was used again is no engine", async () => {
  const { directory, change } = await open();
  expect(await isActive(directory)).toBe(true);
  if (process.platform === "linux") {
    await change({ born: "1" });
    expect(await isActive(directory)).toBe(false);
  }
  await change({ born: undefined });
  expect(await isActive(directory)).toBe(true);
  await change({ pid: 2 ** 22 + 1 });
  expect(await isActive(directory)).toBe(false);
  expect(await isActive(tmpdir())).toBe(false);
});

test("10,000 malformed requests leave a run that is watched and stopped", { timeout: 180_000 }, async () => {
  const { directory, port, token } = await open();
  const { uncaught, sent, statuses } = await sendMalformedRequests(
    { port, paths: ["/status", "/stop", "/scale"], token, seed: 2 },
    10_000,
  );
  expect(uncaught).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(10_000);
  for (const status of ["200", "400", "401", "403", "404", "405"])
    expect(statuses[status], status).toBeGreaterThan(10);
  expect(statuses["500"]).toBeUndefined();
  expect(await controlOf(directory).status()).toEqual({ run: "r" });
});

test.each([
  "//",
  "/%",
  "http://[",
  "*",
  "//evil.example/stop",
  "/scale?agents=-1",
  "/scale?agents=1e3",
  "/scale",
  "/Stop",
])("POST %s changes nothing and does no harm", async (target) => {
  const { did, directory, port, token } = await open();
  for (const credential of [token, "wrong", ""]) {
    const socket = connect(port, "127.0.0.1");
    socket.end(`POST ${target} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${credential}\r\n\r\n`);
    let said = "";
    for await (const part of socket.setEncoding("latin1")) said += String(part);
    expect(said).toMatch(/^HTTP\/1\.1 4\d\d /);
  }
  expect(did).toEqual([]);
  expect(await controlOf(directory).status()).toEqual({ run: "r" });
});
