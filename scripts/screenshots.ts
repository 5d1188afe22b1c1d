import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startShop } from "@ape/shop/shop";
import { ProjectFolder } from "../test/e2e/ape.ts";
import { CHROMIUM, launchBrowser, openWatched } from "../test/e2e/browser.ts";
import { shopping } from "../test/e2e/shopping.ts";

/**
 * Takes the pictures of the page for README and docs, from a run against the shop of the demo with faults: `npm run
 * screenshots`. Needs the built command and Chromium.
 */
const OUT = "docs/images";
const SIZE = { width: 1280, height: 800 };
const TALL = { width: 1280, height: 1_150 };
const LIVE_MS = 30_000;

if (CHROMIUM === undefined) throw new Error("screenshots need Chromium: apt-get install chromium");
mkdirSync(OUT, { recursive: true });
const shop = await startShop({
  accounts: 400,
  faults: {
    latency: { rate: 0.06, ms: 250 },
    error500: { rate: 0.05 },
    unavailable503: { rate: 0.02, retryAfter: 1 },
    deadLogin: { rate: 0.03 },
    schemaChange: { field: "state", to: "status", rate: 0.05 },
    forbidden403: { rate: 0.12, operation: "POST /orders" },
  },
});
const folder = await ProjectFolder.create(
  shopping(shop.url, {
    accounts: 400,
    load: "{ agents: 60, duration: 45s, rampUp: 8s, thinkTime: { lognormal: { median: 300ms, p95: 900ms } } }",
    thresholds: `
  session_success: ["rate>0.95"]
  action_duration: ["p(95)<500ms"]
  time_between_actions: ["avg<1s"]`,
    more: "personas: [impatient, careful, bargain-hunter]\nseed: 7\n",
  }),
);
const browser = await launchBrowser();
try {
  const command = folder.start(["start", "--page"]);
  const said = new Promise<string>((resolve) => {
    let text = "";
    command.process.stderr?.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      const url = /page (http:\S+)/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  const url = await said;
  const live = await openWatched(browser, url, new URL(url).origin, { viewport: TALL });
  await live.page.waitForTimeout(LIVE_MS / 2);
  await live.page.getByLabel("Agents", { exact: true }).fill("90");
  await live.page.getByRole("button", { name: "Scale" }).click();
  await live.page.waitForTimeout(LIVE_MS / 2);
  await live.page.screenshot({ path: join(OUT, "page-live.png") });
  await live.close();
  await command.finished;
  const report = `file://${await folder.lastRun()}/report.html`;
  const take = async (name: string, view: string, colorScheme: "light" | "dark" = "light"): Promise<void> => {
    const { page, close } = await openWatched(browser, `${report}#${view}`, report, {
      viewport: view === "view=overview" ? TALL : SIZE,
      colorScheme,
    });
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(OUT, `${name}.png`) });
    await close();
  };
  await take("report-overview", "view=overview");
  await take("report-dark", "view=overview", "dark");
  await take("report-operations", "view=operations&operation=POST+%2Forders");
  await take("report-failures", "view=failures");
  await take("report-session", "view=sessions&outcome=gave_up");
  await take("report-paths", "view=paths&persona=careful");
} finally {
  await browser.close();
  await folder.remove();
  await shop.close();
}
