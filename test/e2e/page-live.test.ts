import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { syntheticEvents } from "@ape/engine/test/synthetic-events";
import { type Shop, startShop } from "@ape/shop/shop";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Command, ProjectFolder } from "./ape.ts";
import { axeFindings, CHROMIUM, launchBrowser, openWatched } from "./browser.ts";
import { CuttableProxy } from "./cuttable-proxy.ts";
import { writeRun } from "./page-runs.ts";
import { shopping } from "./shopping.ts";

const LOAD = "{ agents: 4, duration: 120s, gracefulStop: 10s, thinkTime: { constant: 100ms } }";

describe.skipIf(CHROMIUM === undefined)("the served page in Chromium", () => {
  let browser: Browser;
  let shop: Shop;
  const folders: ProjectFolder[] = [];
  beforeAll(async () => {
    shop = await startShop({});
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await shop.close();
    await Promise.all(folders.map((folder) => folder.remove()));
  });
  async function folderWith(files: Record<string, string>): Promise<ProjectFolder> {
    const folder = await ProjectFolder.create(files);
    folders.push(folder);
    return folder;
  }

  test("a run is watched, scaled and stopped on its page, and its results replace what was live", {
    timeout: 90_000,
  }, async () => {
    const folder = await folderWith(shopping(shop.url, { load: LOAD }));
    const command = folder.start(["start", "--page"]);
    const served = new URL(await printed(command, /page (http:\S+)/));
    const proxy = await CuttableProxy.open(Number(served.port));
    const origin = `http://127.0.0.1:${proxy.port}`;
    const url = `${origin}/${served.hash}`;
    const { page, problems, close } = await openWatched(browser, url, origin);
    await page.locator(".state.live").waitFor();
    await expect
      .poll(() => page.locator(".verdict h2").textContent(), { timeout: 20_000 })
      .toMatch(/\d of \d/);
    await page.getByLabel("Agents", { exact: true }).fill("7");
    await page.getByRole("button", { name: "Scale", exact: true }).click();
    await page.getByText("scaled to 7 agents").waitFor();
    await expect
      .poll(() => page.locator(".chart").first().locator(".legend b").first().textContent(), {
        timeout: 20_000,
      })
      .toBe("7");
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel("Agents as a table").click();
    const table = page.getByRole("region", { name: "Agents, table" });
    await table.waitFor();
    const rows = (): Promise<number> => table.getByRole("row").count();
    const before = await rows();
    proxy.cut();
    await page.locator(".state", { hasText: "connection lost" }).waitFor();
    proxy.restore();
    await page.locator(".state.live").waitFor();
    await expect.poll(rows, { timeout: 10_000 }).toBeGreaterThan(before);
    // The refused connections of that time.
    expect(problems.filter((problem) => !problem.includes("Failed to load resource"))).toEqual([]);
    problems.length = 0;
    await page.getByRole("link", { name: "sessions", exact: true }).click();
    await expect.poll(() => page.locator(".list li").count(), { timeout: 20_000 }).toBeGreaterThan(0);
    await page.getByRole("link", { name: "overview", exact: true }).click();
    // A view that is drawn anew under the mouse takes no click.
    const stop = page.getByRole("button", { name: "Stop", exact: true });
    const stopped = async (): Promise<boolean> => {
      if ((await stop.isVisible()) && (await stop.isEnabled())) await stop.click();
      return page.locator(".state", { hasText: "interrupted" }).isVisible();
    };
    await expect.poll(stopped, { timeout: 50_000, interval: 3_000 }).toBe(true);
    await command.finished;
    const { sessions } = await folder.summary();
    await expect
      .poll(() => page.locator(".verdict h2").textContent(), { timeout: 20_000 })
      .toContain(`(${sessions.succeeded} of ${sessions.ended})`);
    expect(problems).toEqual([]);
    expect(existsSync(join(await folder.lastRun(), "report.html"))).toBe(true);
    await close();
    await proxy.close();
  });

  test("without the token the page shows nothing of the run", { timeout: 60_000 }, async () => {
    const folder = await folderWith(shopping(shop.url, { load: LOAD }));
    const command = folder.start(["start", "--page"]);
    const url = await printed(command, /page (http:\S+)/);
    const { origin } = new URL(url);
    const html = await (await fetch(origin)).text();
    expect(html).not.toContain("buy");
    for (const path of ["/api/folder", "/api/events", "/api/stop"])
      expect(
        (await fetch(`${origin}${path}`, { method: path.endsWith("stop") ? "POST" : "GET" })).status,
      ).toBe(401);
    const foreign = await fetch(`${origin}/api/folder`, { headers: { origin: "https://evil.example" } });
    expect(foreign.status).toBe(403);
    expect(await foreign.text()).toMatch(/ape-test status/);
    for (const address of [`${origin}/`, `${origin}/#token=wrong`]) {
      const { page, close } = await openWatched(browser, address, origin);
      await page.getByRole("heading", { name: "The token of this page is missing or wrong" }).waitFor();
      await page.getByRole("alert").filter({ hasText: "ape-test status" }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await close();
    }
    command.process.kill("SIGINT");
    command.process.kill("SIGINT");
    expect((await command.finished).exit).toBe(105);
  });

  test("a page whose engine was killed says what to do, and its commands are off", {
    timeout: 60_000,
  }, async () => {
    const folder = await folderWith(shopping(shop.url, { load: LOAD }));
    const command = folder.start(["start", "--quiet", "--page"]);
    const url = await printed(command, /page (http:\S+)/);
    const { page, close } = await openWatched(browser, url, new URL(url).origin);
    await page.locator(".state.live").waitFor();
    await page.locator(".tile").first().waitFor();
    const run = basename(await folder.lastRun());
    command.process.kill("SIGKILL");
    await page.getByRole("heading", { name: "The run does not answer" }).waitFor();
    await page
      .getByRole("alert")
      .filter({ hasText: `ape-test report ${run}` })
      .waitFor();
    for (const name of ["Scale", "Stop", "Stop at once"])
      expect(await page.getByRole("button", { name, exact: true }).isDisabled()).toBe(true);
    expect(await page.locator(".verdict .mark").textContent()).toBe("no answer");
    expect(await axeFindings(page)).toEqual([]);
    await close();
    await folder.run(["report", run, "--html"]);
    const html = `file://${join(await folder.lastRun(), "report.html")}`;
    const report = await openWatched(browser, html, html, { offline: true });
    const marks = report.page.getByRole("region", { name: "What happened to the run" });
    expect(await marks.textContent()).toContain("the engine ended without a word");
    await report.close();
  });

  test("a detached run prints the address of its page, if it was asked for one", {
    timeout: 60_000,
  }, async () => {
    const folder = await folderWith(shopping(shop.url, { load: LOAD }));
    const { stdout, stderr, exit } = await folder.run(["start", "--detach", "--page", "--quiet"]);
    expect(exit).toBe(0);
    const [, url = ""] = /^page (http:\S+)$/m.exec(stderr) ?? [];
    const { page, close } = await openWatched(browser, url, new URL(url).origin);
    await page.locator(".state.live").waitFor();
    await close();
    expect((await folder.run(["stop", "--force"])).exit).toBe(0);
    expect(stdout).toMatch(/^\d{8}-\d{6}-[0-9a-f]{4}\n$/);
  });

  test("the runs of a folder are listed, shown and compared; one that crashed is rebuilt from its events", {
    timeout: 60_000,
  }, async () => {
    const folder = await folderWith({});
    const run = {
      sessions: 200,
      steps: 4,
      operations: 4,
      goals: 1,
      personas: 1,
      reasons: 2,
      durationMs: 30_000,
      textChars: 9,
    };
    await writeRun(folder.directory, "20261128-110000-aaaa", syntheticEvents(run));
    const { directory } = await writeRun(folder.directory, "20261128-120000-bbbb", withoutEnd(run));
    for (const file of ["summary.json", "report.json", "report.html"]) await rm(join(directory, file));
    const command = folder.start(["page"]);
    const url = await printed(command, /(http:\S+)/);
    const { page, problems, close } = await openWatched(browser, url, new URL(url).origin);
    await page.locator(".state", { hasText: "crashed" }).waitFor();
    await page.getByRole("link", { name: "runs", exact: true }).click();
    await page.getByRole("link", { name: "20261128-110000-aaaa", exact: true }).click();
    await page.locator(".run-id", { hasText: "aaaa" }).waitFor();
    await page.getByRole("link", { name: "compare", exact: true }).click();
    await page.getByText("No figure is certainly worse.").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
    command.process.kill("SIGINT");
    expect((await command.finished).exit).toBe(0);
    const rebuilt = await folder.run(["report", "--html", "20261128-120000-bbbb"]);
    expect(rebuilt.stdout).toBe(`${join(directory, "report.html")}\n`);
    expect(existsSync(join(directory, "report.html"))).toBe(true);
  });
});

/** The first match in what a command has written. */
async function printed(command: Command, pattern: RegExp): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      text += chunk.toString("utf8");
      const [, found] = pattern.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    };
    command.process.stdout?.on("data", look);
    command.process.stderr?.on("data", look);
    command.finished.then((end) => reject(new Error(`${end.stderr}${end.stdout}`)), reject);
  });
}

/** Events of a run whose engine died: its last third is missing. */
function* withoutEnd(run: Parameters<typeof syntheticEvents>[0]): ReturnType<typeof syntheticEvents> {
  const events = [...syntheticEvents(run)];
  yield* events.slice(0, Math.floor((events.length * 2) / 3));
}
