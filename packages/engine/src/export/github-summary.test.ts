import { expect, test } from "vitest";
import { sampleManifest, sampleSummary } from "../../test/sample-run.ts";
import { githubAnnotations } from "./github.ts";
import { githubSummary } from "./github-summary.ts";
import { junitXml } from "./junit.ts";

const operation = { target: "shop", latency: [], statuses: {}, spark: [] };

test("verdict, thresholds, operations and reasons are in the summary", () => {
  const summary = sampleSummary(sampleManifest({ thresholds: { session_success: ["rate>0.99"] } }));
  const markdown = githubSummary(summary, {
    operations: [{ ...operation, name: "POST /orders", count: 7, failed: { target: 2 } }],
  });
  expect(markdown).toMatch(/^### (✅|❌) APE: [\d.]+% successful sessions/);
  expect(markdown).toContain("rate&#62;0.99");
  expect(markdown).toMatch(/\| POST &#47;orders \| 7 \| 2 \|/);
});

test("a share of successes that proves nothing is no tick", () => {
  const summary = sampleSummary(sampleManifest());
  summary.run.exitCode = 0;
  summary.proof = { rent: { parts: ["rent it"], unproven: ["rent it"] } };
  const [first] = githubSummary(summary, { operations: [] }).split("\n");
  expect(first).toMatch(/^### ⚠️ APE: .*; checks prove 0 of 1 part$/);
});

test("a reason is shown with its beginning and its end; controls of the writing direction are visible", () => {
  const summary = sampleSummary(sampleManifest());
  const reason = `POST /${"x".repeat(900)} failed: ${String.fromCharCode(0x202e)}refused`;
  summary.failures = [{ attribution: "target", reason, count: 1, trace: "abc", session: "s" }];
  summary.attribution.target = 1;
  const texts = [
    githubSummary(summary, { operations: [] }),
    githubAnnotations(summary).join("\n"),
    junitXml(summary, sampleManifest()),
  ];
  for (const text of texts) {
    expect(text).not.toContain(String.fromCharCode(0x202e));
    expect(text.replaceAll("&#92;", "\\")).toContain("u202erefused");
  }
});

test("what a target answered is text, in one cell of one line", () => {
  const summary = sampleSummary(sampleManifest());
  const planted = "a | b\n# c <img src=x> [d](http://e) @f `g`";
  summary.failures = [{ attribution: "target", reason: planted, count: 1, trace: "abc", session: "s" }];
  summary.attribution.target = 1;
  const markdown = githubSummary(summary, { operations: [] });
  const line = markdown.split("\n").find((one) => one.startsWith("| 1 | target")) ?? "";
  expect(line.split(" | ")).toHaveLength(4);
  expect(line).not.toMatch(/[<>[\]@]|[^&]#/);
});

test("what successful sessions did not follow of a goal is said below the verdict", () => {
  const summary = sampleSummary(sampleManifest());
  const remark = { goal: "rent", text: 'not understood: "30"', count: 2, trace: "abc", session: "s" };
  const [, , , , line] = githubSummary({ ...summary, remarks: [remark] }, { operations: [] }).split("\n");
  expect(line).toBe('rent&#58; 2 successful sessions ended with&#58; not understood&#58; "30"');
});
