import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { testIo } from "../test/test-io.ts";
import { openInBrowser } from "./open-in-browser.ts";

const URL_WITH_TOKEN = 'http://127.0.0.1:1/#token=secret&view="';
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function project(): string {
  const folder = mkdtempSync(join(tmpdir(), "ape-open-"));
  folders.push(folder);
  return folder;
}

test("the browser gets a file that only the user can read, and no token on its command line", async () => {
  const folder = project();
  const browser = join(folder, "browser.sh");
  writeFileSync(browser, `#!/bin/sh\necho "$@" > ${join(folder, "opened")}\n`);
  chmodSync(browser, 0o755);
  openInBrowser(URL_WITH_TOKEN, testIo({ cwd: folder, env: { BROWSER: browser } }));
  const read = (): string => {
    try {
      return readFileSync(join(folder, "opened"), "utf8");
    } catch {
      return "";
    }
  };
  await expect.poll(read).not.toBe("");
  const file = join(folder, ".ape/open-page.html");
  expect(read()).toBe(`${file}\n`);
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(readFileSync(file, "utf8")).toContain("url=http://127.0.0.1:1/#token=secret&amp;view=&quot;");
});

test("a browser that cannot be started is a warning", async () => {
  const io = testIo({ cwd: project(), env: { BROWSER: "/nothing/here" } });
  openInBrowser(URL_WITH_TOKEN, io);
  await expect.poll(() => io.stderr()).toContain("no browser could be opened");
  expect(io.stderr()).not.toContain("secret");
});
