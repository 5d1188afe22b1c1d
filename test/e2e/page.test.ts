import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Event } from "@ape/core/protocol/events";
import { Aggregator } from "@ape/engine/aggregate/aggregator";
import { PathDiversity } from "@ape/engine/aggregate/path-diversity";
import { selectorText } from "@ape/engine/aggregate/series-table";
import { summarize } from "@ape/engine/aggregate/summarize";
import { pageHtml, readPageAssets } from "@ape/engine/report/page-html";
import { ReportBuilder } from "@ape/engine/report/report-builder";
import { pageRunOf } from "@ape/engine/report/report-files";
import type { Results } from "@ape/engine/run/report";
import { sampleManifest } from "@ape/engine/test/sample-run";
import { syntheticEvents } from "@ape/engine/test/synthetic-events";
import { selectorOf } from "@ape/page/data/metrics";
import { msText } from "@ape/page/format";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axeFindings, CHROMIUM, launchBrowser, openWatched, type WatchedPage } from "./browser.ts";
import { PAGE_FOLDER, writeRun } from "./page-runs.ts";

const VIEWS = ["overview", "operations", "failures", "sessions", "paths"] as const;
/** Markup, and text that is written backwards, in every text that a target, a model or a configuration may hold. */
const PLANTED = `</script><img src=x onerror="alert(1)"><script>alert(2)</script>"'<b>${String.fromCharCode(0x202e)}live`;
/** As it is shown: controls of the writing direction are visible. */
const MARKUP = PLANTED.replace(String.fromCharCode(0x202e), "\\u202e");
/** A reason longer than what is shown at once, with its cause at the end. */
const LONG_REASON = `POST /${"x".repeat(500)} failed 5 times in a row: ${PLANTED}`;
const ID = "20261128-120000-abcd";

/** A made-up run, in which every text of the first failed session is markup. */
function* plantedEvents(): Generator<Event> {
  const run = {
    sessions: 400,
    steps: 5,
    operations: 8,
    goals: 2,
    personas: 2,
    reasons: 4,
    durationMs: 60_000,
    textChars: 60,
  };
  for (const event of syntheticEvents(run)) {
    if (!("session" in event) || event.session !== "s0-0") {
      yield event;
      continue;
    }
    if (event.type === "session_started") yield { ...event, goal: PLANTED, persona: PLANTED };
    else if (event.type === "session_ended")
      yield {
        ...event,
        goal: PLANTED,
        persona: PLANTED,
        reason: LONG_REASON,
        checks: [{ label: PLANTED, held: false, evidence: PLANTED }],
      };
    else if (event.type === "step" && event.action !== undefined)
      yield {
        ...event,
        tool: PLANTED,
        args: { [PLANTED]: PLANTED },
        gained: [PLANTED],
        action: {
          ...event.action,
          operation: `GET /${PLANTED}`,
          path: `/${PLANTED}`,
          failed: true,
          status: 500,
          attribution: "target",
          because: PLANTED,
          error: { code: "failure", message: PLANTED },
          request: PLANTED,
          response: `<html><title>${PLANTED}</title></html>`,
        },
      };
    else yield event;
  }
}

test("the script of the page is smaller than 150 kB compressed, and evaluates no text", () => {
  const script = readFileSync(join(PAGE_FOLDER, "page.js"), "utf8");
  expect(gzipSync(script).length).toBeLessThan(150_000);
  expect(script).not.toMatch(/\beval\(|new Function\(|https?:\/\/(?!www\.w3\.org\/)/);
});

test.each(["POST /orders", 'tool "quoted"', "it's", `both " and '`])(
  "the page finds the figures of %s under the summary's key",
  (operation) => {
    expect(selectorOf("action_duration", operation)).toBe(selectorText("action_duration", { operation }));
  },
);

describe.skipIf(CHROMIUM === undefined)("report.html in Chromium", { timeout: 60_000 }, () => {
  let home: string;
  let browser: Browser;
  let results: Results;
  let url: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "ape-page-"));
    const run = await writeRun(home, ID, plantedEvents());
    results = run.results;
    url = `file://${join(run.directory, "report.html")}`;
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await rm(home, { recursive: true, force: true });
  });

  const open = (view: string, options = {}): Promise<WatchedPage> =>
    openWatched(browser, `${url}#${view}`, url, { offline: true, ...options });

  test.each(VIEWS)(
    "%s has no finding of axe-core in both themes, asks for nothing, and shows markup as text",
    async (view) => {
      for (const colorScheme of ["light", "dark"] as const) {
        const { page, problems, close } = await open(`view=${view}`, { colorScheme });
        await page.getByRole("heading", { level: 1 }).waitFor();
        expect(await axeFindings(page)).toEqual([]);
        expect(await page.locator("img, main script, main b > b").count()).toBe(0);
        expect(problems).toEqual([]);
        await close();
      }
    },
  );

  test.each([320, 768, 3840])(
    "no view is wider than a window of %d pixels, all views are in sight, and axe-core finds nothing",
    async (width) => {
      for (const view of VIEWS) {
        const { page, close } = await open(`view=${view}`, { viewport: { width, height: 800 } });
        await page.getByRole("heading", { level: 1 }).waitFor();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        const box = await page.locator(".tabs a").last().boundingBox();
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
        expect(await axeFindings(page)).toEqual([]);
        await close();
      }
    },
  );

  test("the figures of the page are those of summary.json", async () => {
    const { page, close } = await open("view=overview");
    const { sessions, metrics } = results.summary;
    await page.getByText(`(${sessions.succeeded} of ${sessions.ended})`).waitFor();
    const actions = metrics.actions?.values.count ?? 0;
    expect(await page.locator(".tile", { hasText: "Actions" }).first().textContent()).toContain(
      actions.toLocaleString("en-US"),
    );
    await page.getByRole("link", { name: "operations", exact: true }).click();
    const [operation] = results.report.operations;
    const row = page
      .getByRole("row")
      .filter({ has: page.getByRole("button", { name: operation?.name ?? "", exact: true }) });
    const values = metrics[`action_duration{operation:"${operation?.name}"}`]?.values;
    expect(await row.textContent()).toContain(String(values?.count));
    expect(await row.textContent()).toContain(msText(values?.med));
    expect(await row.textContent()).toContain(msText(values?.["p(95)"]));
    await close();
  });

  test("operations are sorted by a column, and open to their distribution by keyboard", async () => {
    const { page, problems, close } = await open("view=operations");
    await page.getByRole("button", { name: "p95", exact: true }).click();
    await page.locator('th[aria-sort="descending"]', { hasText: "p95" }).waitFor();
    await page.getByRole("row").nth(1).getByRole("button").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Answers by status" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });

  test("a failure leads to its example session, which opens at the failed step with markup as text", async () => {
    const { page, problems, close } = await open("view=failures");
    expect(await page.locator(".failures > li").count()).toBe(results.report.failures.length);
    await page.getByRole("link", { name: "s0-0", exact: true }).click();
    await page.getByRole("heading", { name: "Session s0-0" }).waitFor();
    expect(await page.locator(".session .reason").first().textContent()).toContain(MARKUP);
    expect(await page.locator(".step-detail").first().textContent()).toContain(`<title>${MARKUP}`);
    expect(await axeFindings(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });

  test("a long reason shows its beginning and its end, and all of it on demand", async () => {
    const { page, problems, close } = await open("view=failures");
    const reason = page.locator(".reason", { hasText: "failed 5 times in a row" });
    expect(await reason.locator("pre").isVisible()).toBe(false);
    await reason.getByText("The whole reason").click();
    expect(await reason.locator("pre").textContent()).toContain(
      `POST /${"x".repeat(500)} failed 5 times in a row: ${MARKUP}`,
    );
    expect(await axeFindings(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });

  test("the heat map has the axis of time of the charts beside it", async () => {
    const { page, close } = await open("view=overview");
    const plots = page.locator(".chart .u-over");
    await plots.nth(5).waitFor();
    const place = async (title: string): Promise<number[]> => {
      const chart = page.locator(".chart", { has: page.getByRole("heading", { name: title, exact: true }) });
      const frame = await chart.boundingBox();
      const over = await chart.locator(".u-over").boundingBox();
      return [(over?.x ?? 0) - (frame?.x ?? 0), over?.width ?? 0];
    };
    expect(await place("Action latency, all values")).toEqual(await place("Action latency"));
    const heat = page.locator(".chart", { hasText: "Action latency, all values" });
    // Moves over the plot until a cell is met.
    const over = heat.locator(".u-over");
    const box = await over.boundingBox();
    for (let y = 5; y < (box?.height ?? 0); y += 5) {
      await over.hover({ position: { x: (box?.width ?? 0) / 2, y }, force: true });
      if (/\d with up to/.test((await heat.locator(".hover").textContent()) ?? "")) break;
    }
    expect(await heat.locator(".hover").textContent()).toMatch(/^0:\d\d: \d+ with up to/);
    await close();
  });

  test("sessions are filtered by outcome and text, and keys lead to the next and the previous one", async () => {
    const { page, close } = await open("view=sessions");
    await page.getByLabel("outcome").selectOption("failed");
    const failed = results.report.sessions.filter(({ outcome }) => outcome === "failed");
    await expect.poll(() => page.locator(".list li").count()).toBe(failed.length);
    const shown = (): Promise<string | null> => page.locator("#session").textContent();
    await expect.poll(shown).toBe(`Session ${failed[0]?.session}`);
    await page.locator("#session").click();
    await page.keyboard.press("j");
    await expect.poll(shown).toBe(`Session ${failed[1]?.session}`);
    await page.keyboard.press("k");
    await expect.poll(shown).toBe(`Session ${failed[0]?.session}`);
    await page.getByRole("searchbox").fill(failed[2]?.trace ?? "");
    await expect.poll(() => page.locator(".list li").count()).toBe(1);
    await close();
  });

  test("a link by trace id leads to its session", async () => {
    const session = results.report.sessions.at(-1);
    const { page, close } = await open(`view=sessions&trace=${session?.trace}`);
    await page.getByRole("heading", { name: `Session ${session?.session}` }).waitFor();
    await close();
  });

  test("a link of the paths filters the sessions", async () => {
    const { page, close } = await open("view=paths&goal=goal+1");
    const band = page.locator(".bands a").first();
    const label = (await band.getAttribute("aria-label")) ?? "";
    const [, from, to] = /from (.*) to (.*)$/.exec(label) ?? [];
    await band.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: `Remove the filter: ${from} → ${to}` }).waitFor();
    const ids = await page.locator(".list b").allTextContents();
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) {
      const session = results.report.sessions.find(({ session }) => session === id);
      expect(session?.goal).toBe("goal 1");
      expect(session?.steps.map(({ action }) => action?.operation)).toContain(from);
    }
    await close();
  });

  test("charts have their values as tables, and the theme can be chosen", async () => {
    const { page, problems, close } = await open("view=overview");
    await page.getByLabel("Agents as a table").click();
    await page.getByRole("region", { name: "Agents, table" }).waitFor();
    await page.getByLabel("Theme").selectOption("dark");
    await expect.poll(() => page.evaluate(() => getComputedStyle(document.body).colorScheme)).toBe("dark");
    expect(problems).toEqual([]);
    await close();
  });

  test("paper is light, whatever the theme is, charts included", async () => {
    const { page, problems, close } = await open("view=overview", { colorScheme: "dark" });
    const canvas = page.locator(".chart canvas").first();
    await canvas.waitFor();
    const drawn = (): Promise<string> => canvas.evaluate((one) => (one as HTMLCanvasElement).toDataURL());
    const dark = await drawn();
    await page.emulateMedia({ media: "print" });
    await expect.poll(drawn).not.toBe(dark);
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("light");
    await page.emulateMedia({ media: "screen" });
    await expect.poll(drawn).toBe(dark);
    expect(problems).toEqual([]);
    await close();
  });

  test("the report of a million events is painted within two seconds and takes less than 200 MB", {
    timeout: 120_000,
  }, async () => {
    const events = syntheticEvents({
      sessions: 125_000,
      steps: 6,
      operations: 40,
      goals: 6,
      personas: 4,
      reasons: 30,
      durationMs: 3_600_000,
      textChars: 100,
    });
    const [aggregator, realism, builder] = [new Aggregator([]), new PathDiversity(), new ReportBuilder(1)];
    let count = 0;
    for (const event of events) {
      count += 1;
      for (const one of [aggregator, realism, builder]) one.add(event);
    }
    expect(count).toBeGreaterThan(1_000_000);
    const manifest = sampleManifest();
    const end = { status: "finished", reason: "the planned time has passed", durationMs: 3_600_000 } as const;
    const { summary } = summarize({ aggregator, realism }, manifest, end);
    const run = pageRunOf({ summary, report: builder.read("large"), manifest });
    const file = join(home, "large.html");
    writeFileSync(file, pageHtml(await readPageAssets(PAGE_FOLDER), { mode: "file", run }));
    const paints: number[] = [];
    // The best of three: this machine may be busy with other tests.
    for (let round = 0; round < 3; round += 1) {
      const { page, problems, close } = await openWatched(browser, `file://${file}`, `file://${file}`);
      await page.locator(".chart canvas").first().waitFor();
      const [paint, heap] = await page.evaluate(() => [
        performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.POSITIVE_INFINITY,
        (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
      ]);
      paints.push(paint ?? Number.POSITIVE_INFINITY);
      expect(heap).toBeLessThan(200_000_000);
      expect(problems).toEqual([]);
      await close();
    }
    expect(Math.min(...paints)).toBeLessThan(2_000);
  });
});
