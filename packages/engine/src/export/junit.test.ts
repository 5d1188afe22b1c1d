import { execFileSync } from "node:child_process";
import { EXIT } from "@ape/core/lib/errors";
import { expect, test } from "vitest";
import { sampleManifest, sampleSummary } from "../../test/sample-run.ts";
import { junitXml } from "./junit.ts";

const manifest = sampleManifest({
  thresholds: { session_success: ["rate>0.1"], action_duration: ["p(95)<1ms"] },
  goals: [
    { name: "buy", checks: [] },
    { name: 'never & "run" <now>', checks: [] },
  ],
});

test("one case represents the run, each threshold and each goal", () => {
  const xml = junitXml(sampleSummary(manifest), manifest);
  expect(xml.match(/<testcase /g)).toHaveLength(5);
  expect(xml).toContain('<testcase classname="ape.run" name="the run ended with a verdict"/>');
  expect(xml).toContain('<testcase classname="ape.thresholds" name="session_success: rate&gt;0.1"/>');
  expect(xml).toContain('<failure message="action_duration: p(95)&lt;1ms was crossed">avg=');
  expect(xml).toContain('<testcase classname="ape.goals" name="buy"/>');
  expect(xml).toContain('name="never &amp; &quot;run&quot; &lt;now&gt;">');
  expect(xml).toContain('<skipped message="no session of this goal ended"/>');
  expect(xml).toMatch(/<testsuites name="ape" tests="5" failures="1" errors="0" skipped="1"/);
});

test.each(["crashed", "interrupted", "aborted", "unusable", "inconclusive"] as const)(
  "a run that ended as %s is an error, although every threshold holds",
  (exit) => {
    const held = sampleManifest({ thresholds: { session_success: ["rate>0"] }, goals: [] });
    const summary = sampleSummary(held);
    const xml = junitXml(
      { ...summary, run: { ...summary.run, reason: "a < b", exitCode: EXIT[exit] } },
      held,
    );
    expect(xml).toMatch(/<testsuites name="ape" tests="2" failures="0" errors="1" skipped="0"/);
    expect(xml).toContain(`a &lt; b (exit code ${EXIT[exit]})"/>`);
  },
);

test.each([
  [{ session_success: ["rate>0.5"] }, 9, 20, "9 of 20 ended sessions succeeded; expected rate&gt;0.5"],
  [{ session_success: ["rate>0.5"] }, 11, 20, undefined],
  [{}, 19, 20, "19 of 20 ended sessions succeeded; expected rate&gt;0.95"],
  [{ 'session_success{goal:"buy"}': ["rate>0.1"] }, 9, 20, undefined],
  [{ session_success: ["rate>0.1"], 'session_success{goal:"buy"}': ["rate>0.5"] }, 9, 20, "rate&gt;0.5"],
  [{ session_success: [] }, 1, 20, undefined],
])(
  "with the thresholds %j, a goal with %i of %i is judged by its own share",
  (thresholds, succeeded, ended, failure) => {
    const own = sampleManifest({ thresholds, goals: [{ name: "buy", checks: [] }] });
    const summary = sampleSummary(own);
    summary.sessions.byGoal.buy = { started: ended, ended, succeeded };
    const goal = /<testcase classname="ape.goals" name="buy"[\s\S]*?(?:\/>|<\/testcase>)/.exec(
      junitXml(summary, own),
    )?.[0];
    if (failure === undefined) expect(goal).not.toContain("failure");
    else expect(goal).toContain(failure);
  },
);

test("a goal that nobody reached fails, with the commonest reasons, and stays well-formed whatever they hold", () => {
  const summary = sampleSummary(manifest);
  summary.sessions.byGoal.buy = { started: 3, ended: 3, succeeded: 0 };
  summary.failures = [
    {
      attribution: "target",
      reason: "\u0000\u001b[31m<b>]]>&\ud800\ufffe\nend",
      count: 3,
      trace: "t",
      session: "s",
    },
  ];
  const xml = junitXml(summary, manifest);
  expect(xml).toContain('<failure message="none of 3 ended sessions succeeded">');
  expect(xml).toContain("\ufffd\ufffd[31m&lt;b&gt;]]&gt;&amp;\ufffd\ufffd&#10;end (trace t)");
  // Asked of a conforming parser where there is one: Node itself has none.
  expect(wellFormed(xml)).not.toBe(false);
});

/** Undefined where there is no parser to ask. */
function wellFormed(xml: string): boolean | undefined {
  const program = "import sys, xml.dom.minidom as m; m.parseString(sys.stdin.buffer.read())";
  try {
    execFileSync("python3", ["-c", program], { input: xml, stdio: ["pipe", "ignore", "ignore"] });
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "ENOENT" ? undefined : false;
  }
}
