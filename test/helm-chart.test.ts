import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CHART, publishedChart } from "../scripts/helm-chart.ts";

test("deploy/helm/ape-test is what `npx tsx scripts/helm-chart.ts` writes", async () => {
  const files = await publishedChart();
  const found = readdirSync(CHART, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(CHART.length + 1));
  expect(found.sort()).toEqual([...files.keys()].sort());
  for (const [path, text] of files) expect(readFileSync(join(CHART, path), "utf8"), path).toBe(text);
});
