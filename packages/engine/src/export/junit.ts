import { EXIT } from "@ape/core/lib/errors";
import { compare, parseSelector, parseThreshold, type Threshold } from "@ape/core/metrics/threshold";
import type { Summary } from "@ape/core/report/summary";
import { withVisibleDirection } from "@ape/core/report/writing-direction";
import type { Manifest } from "../store/manifest.ts";

const SUITES = ["run", "thresholds", "goals"] as const;

interface Case {
  suite: (typeof SUITES)[number];
  name: string;
  /** Why there is no result. */
  error?: string;
  failure?: { message: string; text: string };
  skipped?: string;
}

/**
 * A run as JUnit XML: one case for the run itself, each threshold and each goal. A run that was cut short, or without a
 * verdict, is an error. A goal fails where its own share of successful sessions
 * crosses a threshold of `session_success`, or where none succeeded.
 */
export function junitXml(summary: Summary, manifest: Pick<Manifest, "goals">): string {
  const casesOf = {
    run: runCases(summary),
    thresholds: thresholdCases(summary),
    goals: goalCases(summary, manifest),
  };
  const suites = SUITES.map((suite) => ({ suite, cases: casesOf[suite] }));
  const all = suites.flatMap(({ cases }) => cases);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ape" ${countsOf(all, summary)}>`,
  ];
  for (const { suite, cases } of suites) {
    lines.push(
      `  <testsuite name="${suite}" ${countsOf(cases, summary)} timestamp="${xml(summary.run.startedAt.replace(/(\.\d+)?Z$/, ""))}">`,
      "    <properties>",
      `      <property name="run" value="${xml(summary.run.id)}"/>`,
      `      <property name="status" value="${summary.run.status}"/>`,
      `      <property name="reason" value="${xml(summary.run.reason)}"/>`,
      "    </properties>",
    );
    for (const one of cases) lines.push(...caseLines(one));
    lines.push("  </testsuite>");
  }
  lines.push("</testsuites>", "");
  return lines.join("\n");
}

/** Crossed thresholds have cases of their own. */
function runCases({ run: { exitCode, status, reason } }: Summary): Case[] {
  const hasVerdict = exitCode === EXIT.ok || exitCode === EXIT.thresholds;
  const one: Case = { suite: "run", name: "the run ended with a verdict" };
  return [hasVerdict ? one : { ...one, error: `${status}: ${reason} (exit code ${exitCode})` }];
}

function thresholdCases(summary: Summary): Case[] {
  const cases: Case[] = [];
  for (const [metric, { values, thresholds, unit }] of Object.entries(summary.metrics))
    for (const [expression, { ok }] of Object.entries(thresholds ?? {})) {
      const name = `${metric}: ${expression}`;
      const shown = Object.entries(values)
        .map(([statistic, value]) => `${statistic}=${value}`)
        .join(" ");
      const text = shown === "" ? "no data" : `${shown} (unit: ${unit})`;
      cases.push(
        ok
          ? { suite: "thresholds", name }
          : { suite: "thresholds", name, failure: { message: `${name} was crossed`, text } },
      );
    }
  return cases;
}

function goalCases(summary: Summary, manifest: Pick<Manifest, "goals">): Case[] {
  return manifest.goals.map(({ name }): Case => {
    const counts = summary.sessions.byGoal[name];
    if (counts === undefined || counts.ended === 0)
      return { suite: "goals", name, skipped: "no session of this goal ended" };
    const share = counts.succeeded / counts.ended;
    const crossed = successThresholds(summary, name).filter(
      ({ operator, limit }) => !compare(share, operator, limit),
    );
    if (counts.succeeded > 0 && crossed.length === 0) return { suite: "goals", name };
    const reasons = summary.failures.map(
      ({ attribution, count, reason, trace }) => `${count} x ${attribution}: ${reason} (trace ${trace})`,
    );
    return {
      suite: "goals",
      name,
      failure: {
        message:
          counts.succeeded === 0
            ? `none of ${counts.ended} ended sessions succeeded`
            : `${counts.succeeded} of ${counts.ended} ended sessions succeeded; expected ${crossed.map(({ expression }) => expression).join(", ")}`,
        text: ["The commonest reasons in the run:", ...reasons].join("\n"),
      },
    };
  });
}

/** The thresholds of a goal's success: its own, else those of the whole run. */
function successThresholds({ metrics }: Summary, goal: string): Threshold[] {
  const whole: Threshold[] = [];
  const own: Threshold[] = [];
  for (const [text, { thresholds = {} }] of Object.entries(metrics)) {
    if (!text.startsWith("session_success")) continue;
    const { labels } = parseSelector(text);
    const list = labels.goal === goal ? own : Object.keys(labels).length === 0 ? whole : [];
    for (const expression of Object.keys(thresholds))
      list.push(parseThreshold("session_success", expression));
  }
  return own.length > 0 ? own : whole;
}

function countsOf(cases: readonly Case[], summary: Summary): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const errors = cases.filter(({ error }) => error !== undefined).length;
  const skipped = cases.filter((one) => one.skipped !== undefined).length;
  const seconds = (summary.run.durationMs / 1000).toFixed(3);
  return `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${seconds}"`;
}

function caseLines({ suite, name, error, failure, skipped }: Case): string[] {
  const head = `    <testcase classname="ape.${suite}" name="${xml(name)}"`;
  if (error !== undefined) return [`${head}>`, `      <error message="${xml(error)}"/>`, "    </testcase>"];
  if (failure !== undefined)
    return [
      `${head}>`,
      `      <failure message="${xml(failure.message)}">${xml(failure.text)}</failure>`,
      "    </testcase>",
    ];
  if (skipped !== undefined)
    return [`${head}>`, `      <skipped message="${xml(skipped)}"/>`, "    </testcase>"];
  return [`${head}/>`];
}

/**
 * Characters that no XML 1.0 document may contain, even escaped: most control characters, lone surrogates, U+FFFE and
 * U+FFFF.
 */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

/** Text for XML content and attributes; forbidden characters become U+FFFD. Source: XML 1.0, 2.2 and 3.3.3. */
function xml(text: string): string {
  return withVisibleDirection(text)
    .replace(FORBIDDEN, "\ufffd")
    .replace(/[&<>"\n\r\t]/g, (char) => ENTITIES[char] ?? char);
}
