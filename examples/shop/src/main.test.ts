import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { clientOf } from "../../../test/targets/client.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

function startMain(args: string[], stdio: "pipe" | "ipc", env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(process.execPath, ["--import", "tsx", MAIN, ...args], {
    env: { ...process.env, ...env },
    stdio: stdio === "ipc" ? ["ignore", "pipe", "pipe", "ipc"] : ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function firstLine(child: ChildProcess): Promise<{ url: string; controlUrl: string }> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  return JSON.parse(text);
}

function booksFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "shop-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "books.json");
}

test("it says where it is, takes faults by flag, and writes the books when it is told to go", async () => {
  const books = booksFile();
  const faults = JSON.stringify({ error500: { rate: 1 } });
  const child = startMain(["--faults", faults, "--books", books, "--products", "7"], "pipe");
  const { url, controlUrl } = await firstLine(child);
  expect((await clientOf(url)("GET /products")).status).toBe(500);
  await clientOf(controlUrl)("PUT /faults", {});
  expect((await clientOf(url)("GET /products")).at<number>("total")).toBe(7);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(JSON.parse(readFileSync(books, "utf8"))).toMatchObject({
    requests: { "GET /products": { 200: 1, 500: 1 } },
  });
});

test("forked, it reports to its parent and leaves with it", async () => {
  const books = booksFile();
  const child = startMain([], "ipc", { SHOP_BOOKS: books, SHOP_FAULTS: '{"crossAccount":true}' });
  const [ready] = await once(child, "message");
  expect((await clientOf(ready.controlUrl)("GET /faults")).json()).toEqual({ crossAccount: true });
  child.disconnect();
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(JSON.parse(readFileSync(books, "utf8"))).toMatchObject({ sharedCredentials: 0 });
});

test.each([
  [["--port", "many"], 'want a whole number, got "many"'],
  [["--faults", '{"latancy":{}}'], 'no fault is called "latancy"'],
  [["--faults", "{"], "JSON"],
  [["--nonsense"], "--nonsense"],
])("%j is refused with a reason", async (args, reason) => {
  const child = startMain(args, "pipe");
  let text = "";
  child.stderr?.on("data", (chunk) => {
    text += chunk;
  });
  expect(await once(child, "close")).toEqual([2, null]);
  expect(text).toContain(reason);
});

test("--print-accounts prints as many accounts as it will create", async () => {
  const child = startMain(["--print-accounts", "--accounts", "2"], "pipe");
  let text = "";
  child.stdout?.on("data", (chunk) => {
    text += chunk;
  });
  await once(child, "close");
  expect(text.trim().split("\n").length).toBe(3);
});
