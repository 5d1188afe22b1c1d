import { expect, test } from "vitest";
import { sampleManifest, sampleSummary } from "../../test/sample-run.ts";
import { githubAnnotations } from "./github.ts";

const manifest = sampleManifest({
  thresholds: { session_success: [], 'action_duration{operation:"POST /orders"}': ["p(95)<1ms"] },
});

test("crossed thresholds are errors, reasons of failed sessions warnings", () => {
  const summary = sampleSummary(manifest);
  summary.failures = [
    { attribution: "target", reason: "50%\r\n::error::planted", count: 2, trace: "abc", session: "s" },
  ];
  summary.health.saturated = true;
  const lines = githubAnnotations(summary);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(
    /^::error title=APE%3A action_duration\{operation%3A"POST \/orders"\} p\(95\)<1ms was crossed::avg=/,
  );
  expect(lines[1]).toBe(
    "::warning title=APE%3A 2 sessions failed (target)::50%25%0D%0A::error::planted (trace abc)",
  );
  expect(lines[2]).toContain("saturated");
  for (const line of lines) expect(line).not.toMatch(/[\r\n]/);
});

test("a run that did not finish is an error with its reason; a good one says nothing", () => {
  const summary = sampleSummary(sampleManifest({ thresholds: { session_success: [] } }));
  summary.failures = [];
  summary.health.saturated = false;
  expect(githubAnnotations(summary)).toEqual([]);
  summary.run.status = "crashed";
  summary.run.reason = "a worker died";
  expect(githubAnnotations(summary)).toEqual(["::error title=APE%3A run crashed::a worker died"]);
});
