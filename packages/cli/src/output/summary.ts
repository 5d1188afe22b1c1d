import { join } from "node:path";
import { percentage } from "@ape/core/lib/percentage";
import { METRICS, type MetricName } from "@ape/core/metrics/metrics";
import { ATTRIBUTIONS, type Attribution, OUTCOMES } from "@ape/core/protocol/outcome";
import { keptStepsText } from "@ape/core/report/kept-steps-text";
import { acceptedTexts, proofBeside, unprovenTexts } from "@ape/core/report/proof-text";
import { remarkText } from "@ape/core/report/remark-text";
import { shortened } from "@ape/core/report/shortened";
import type { Summary, SummaryMetric } from "@ape/core/report/summary";
import { throttlingText } from "@ape/core/report/throttling-text";
import { repairsIn } from "../evaluation/repairs-in.ts";
import { count, figure, table } from "./figure.ts";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";

const REASONS = 3;
/** Characters of a reason; summary.json has more. */
const REASON_CHARS = 300;
/** A share of successful sessions at or below this gets no tick, even without a threshold for it. */
const GOOD_SHARE = 0.95;
/** A share of dropped arrivals above this is shown in the first line. */
const NOTABLE_DROPS = 0.01;
const MAX_IN_FLIGHT = 10;
const MAX_GOALS = 20;
const MAX_OPERATIONS = 40;
const OPERATION_CHARS = 80;
/** The selector that a summary has for each operation; of a name with double quotes it has single ones. */
const OPERATION_SELECTOR = /^action_duration\{operation:(?:"([^"]*)"|'(.*".*)')\}$/s;
/** Fields of a goal whose values are shown; summary.json has more. */
const MAX_FIELDS = 2;
/** Fewer sessions say little about the variety of paths. */
const TELLING_SESSIONS = 20;
/** A share of sessions on one path from which on they all do the same. */
const SAME_PATH = 0.95;
const TRENDS: readonly MetricName[] = [
  "action_duration",
  "target_duration",
  "gateway_overhead",
  "session_duration",
  "session_steps",
  "session_start_delay",
  "session_row_wait",
  "time_to_first_token",
  "inference_duration",
];

/**
 * The text at the end of a run: the verdict first, then the figures that k6 users look for.
 * @param trace the command that shows a session of this run
 */
export function summaryText(
  summary: Summary,
  style: Style,
  directory: string,
  trace = "ape-test trace",
): string {
  const parts = [
    headline(summary, style),
    unproven(summary, style),
    remarks(summary, style, trace),
    failures(summary, style, trace),
    sessions(summary, style),
    thresholds(summary, style),
    between(summary, style),
    latencies(summary, style),
    operations(summary, style),
    ways(summary, style),
    things(summary, style),
    spending(summary),
    notices(summary, style),
    inFlight(summary, style),
    keptStepsText(summary),
    example(summary, trace),
    `results: ${directory}\nreport:  ${join(directory, "report.html")}`,
  ];
  return `\n${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function headline(
  { run, sessions: { started, ended, succeeded, dropped }, realism, health, proof }: Summary,
  style: Style,
): string {
  const beside = proofBeside(proof);
  const lines: string[] = [];
  if (health.saturated)
    lines.push(
      style.warn("The load generator was saturated: latencies of that time are APE's, not the target's."),
    );
  if (health.throttledMs !== undefined) lines.push(style.warn(throttlingText(health.throttledMs)));
  if (health.busAwayMs !== undefined)
    lines.push(
      style.warn(
        `The message bus did not answer for ${(health.busAwayMs / 1000).toFixed(1)} s: agents waited, and their actions are not counted as slow for that.`,
      ),
    );
  const share =
    ended === 0
      ? "no session ended"
      : `${percentage(succeeded / ended)} successful stateful sessions (${count(succeeded)} of ${count(ended)})`;
  const good = run.exitCode === 0;
  const arrivals = dropped + started;
  const manyLost = dropped > arrivals * NOTABLE_DROPS;
  const fine = succeeded > ended * GOOD_SHARE && !manyLost && beside?.isNothing !== true;
  const mark = !good ? style.cross : fine ? style.tick : style.warn("-");
  const lost = manyLost
    ? style.bad(`; ${count(dropped)} of ${count(arrivals)} arrivals dropped: no agent was free`)
    : "";
  const proven = beside === undefined ? "" : style.warn(`; ${beside.text}`);
  lines.push(`${mark} ${style.bold(share)}${proven}${lost}`);
  lines.push(`  ${run.status}: ${printable(run.reason)}${good ? "" : ` (exit ${run.exitCode})`}`);
  const model = run.model.simulated
    ? "the simulated model (no real model decided)"
    : printable(`${run.model.name} at ${run.model.provider}`);
  lines.push(
    `  ${count(run.agents)} agents, ${(run.durationMs / 1000).toFixed(1)} s, decided by ${model}, seed ${run.seed}`,
  );
  lines.push(`  think time: ${realism.thinkTime}`);
  for (const { name, thinkTime, patience } of realism.personas)
    lines.push(`    ${printable(name)}: ${thinkTime}; ${patience}`);
  return lines.join("\n");
}

/** What a successful session does not show, because no check proves it. */
function unproven({ proof }: Summary, style: Style): string {
  const line = ([goal, text]: readonly [string, string]): string => `${printable(goal)}: ${printable(text)}`;
  return [
    ...unprovenTexts(proof).map((one) => style.warn(line(one))),
    ...acceptedTexts(proof).map((one) => style.dim(line(one))),
  ]
    .slice(0, MAX_GOALS)
    .join("\n");
}

/** What successful sessions said of words of their goals that they did not follow: the checks held all the same. */
function remarks({ remarks: said = [] }: Summary, style: Style, trace: string): string {
  return said
    .map(
      (remark) =>
        `${style.warn(printable(`${remark.goal}: ${remarkText(remark)}`))}\n  ${style.dim(`${trace} ${remark.trace.slice(0, 16)}`)}`,
    )
    .join("\n");
}

function sessions(
  { sessions: { started, ended, interrupted, dropped, byOutcome, byGoal, byPersona } }: Summary,
  style: Style,
): string {
  const rows = OUTCOMES.filter((outcome) => (byOutcome[outcome] ?? 0) > 0).map((outcome) => [
    outcome,
    count(byOutcome[outcome]),
    percentage(byOutcome[outcome] / Math.max(1, ended)),
  ]);
  if (interrupted > 0) rows.push(["interrupted", count(interrupted), ""]);
  if (dropped > 0) rows.push(["dropped", count(dropped), ""]);
  const goals = Object.entries(byGoal).map(([goal, of]) => [
    printable(goal),
    `${count(of.succeeded)} of ${count(of.ended)} succeeded`,
    of.ended === 0 ? "" : percentage(of.succeeded / of.ended),
  ]);
  const rest = goals.length - MAX_GOALS;
  const further = rest > 0 ? `\n  ${count(rest)} more goals are in the report and in summary.json` : "";
  const more =
    goals.length > 1 ? `\n${style.bold("goals")}\n${table(goals.slice(0, MAX_GOALS))}${further}` : "";
  const kinds = Object.entries(byPersona).map(([persona, of]) => [
    printable(persona),
    `${count(of.succeeded)} of ${count(of.ended)} succeeded`,
    `${count(of.gaveUp)} gave up`,
  ]);
  const who = kinds.length > 0 ? `\n${style.bold("personas")}\n${table(kinds)}` : "";
  return `${style.bold("sessions")} ${count(started)} started\n${table(rows)}${more}${who}`;
}

function thresholds({ metrics }: Summary, style: Style): string {
  const lines: string[] = [];
  for (const [name, metric] of Object.entries(metrics))
    for (const [expression, { ok, default: isDefault }] of Object.entries(metric.thresholds ?? {}))
      lines.push(
        `  ${ok ? style.tick : style.cross} ${printable(name)} ${expression}${actual(expression, metric)}${isDefault ? style.dim(" default") : ""}`,
      );
  return lines.length === 0 ? "" : `${style.bold("thresholds")}\n${lines.join("\n")}`;
}

function actual(expression: string, metric: SummaryMetric): string {
  const statistic = /^[a-z]+(?:\([\d.]+\))?/.exec(expression.replaceAll(" ", ""))?.[0] ?? "";
  const value = metric.values[statistic as keyof SummaryMetric["values"]];
  if (value === undefined) return " (no data)";
  return ` (${statistic} ${metric.type === "rate" ? percentage(value) : figure(value, statistic === "count" ? "1" : metric.unit)})`;
}

function failures({ attribution, failures: reasons, run }: Summary, style: Style, trace: string): string {
  // A summary of an earlier version has no unclear ones.
  const of = (one: Attribution): number => attribution[one] ?? 0;
  const total = ATTRIBUTIONS.reduce((sum, one) => sum + of(one), 0);
  if (total === 0) return "";
  const shares = ATTRIBUTIONS.filter((one) => one !== "unclear" && of(one) > 0).map(
    (one) => `${one} ${count(of(one))}`,
  );
  const clear = shares.length === 0 ? "" : `, by whose fault: ${shares.join(", ")}`;
  const open =
    of("unclear") === 0
      ? ""
      : `\n  ${count(of("unclear"))} unclear: the target's fault in one reading, not in the other; counted against nobody`;
  const lines = reasons
    .slice(0, REASONS)
    .map(
      ({ attribution: whose, reason, count: times, trace: id }) =>
        `  ${count(times)}x ${style.bad(whose)} ${printable(shortened(reason, REASON_CHARS))}\n     ${style.dim(`${trace} ${id.slice(0, 16)}`)}`,
    );
  const next =
    of("inference") > 0 && !run.model.simulated
      ? "\n  `ape-test doctor --model` makes one call of the model and says what to change"
      : "";
  return `${style.bold("sessions that did not succeed")}${clear}${open}\n${lines.join("\n")}${next}`;
}

function between({ metrics, cognition }: Summary, style: Style): string {
  const whole = metrics.time_between_actions?.values;
  if (whole?.avg === undefined) return "";
  const parts = (["decision_duration", "think_duration", "queue_duration"] as const).map(
    (name) => `${name.replace("_duration", "")} ${figure(metrics[name]?.values.avg, "ms")}`,
  );
  const { thresholdMs, slowDecisionShare } = cognition;
  const slow =
    slowDecisionShare === null
      ? ""
      : `\n  ${percentage(slowDecisionShare)} of the decisions took longer than ${figure(thresholdMs, "ms")}`;
  return `${style.bold("time between actions")} avg ${figure(whole.avg, "ms")}, med ${figure(whole.med, "ms")}, p(95) ${figure(whole["p(95)"], "ms")}\n  of a step, on average: ${parts.join(", ")}${slow}`;
}

/** An example session if no failure names one. */
function example({ example: session, failures: reasons }: Summary, trace: string): string {
  return session === undefined || reasons.length > 0
    ? ""
    : `a session step by step: ${trace} ${session.trace.slice(0, 16)}`;
}

/** How diverse the sessions' paths were, by goal; the transition matrix is in summary.json. */
function ways({ realism }: Summary, style: Style): string {
  const goals = Object.entries(realism.byGoal);
  if (goals.length === 0) return "";
  const rows = goals
    .slice(0, MAX_GOALS)
    .map(([goal, { distinctPathsPer100, pathEntropyBits, modalShare, lengths }]) => [
      printable(goal),
      count(distinctPathsPer100),
      `${count(pathEntropyBits)} bits`,
      percentage(modalShare),
      lengthsText(lengths),
    ]);
  const head = ["", "paths in 100 sessions", "entropy", "on the commonest", "actions (min, med, max)"];
  return `${style.bold("ways")}\n${table([head, ...rows])}${samePathHint(realism)}`;
}

/** What makes sessions differ, where all of them took one path and nothing is configured that would change that. */
function samePathHint({ byGoal, personas }: Summary["realism"]): string {
  const goals = Object.values(byGoal).filter(({ sessions }) => sessions >= TELLING_SESSIONS);
  if (personas.length > 0 || goals.length === 0) return "";
  return goals.every(({ modalShare }) => modalShare >= SAME_PATH)
    ? "\n  all sessions take the same path: `personas: [careful, novice, impatient]` in ape.config.yaml makes users differ"
    : "";
}

/** How different the things are that sessions named, by goal. */
function things({ realism }: Summary, style: Style): string {
  const rows = Object.entries(realism.byGoal)
    .slice(0, MAX_GOALS)
    .flatMap(([goal, { values = {} }]) =>
      Object.entries(values)
        .slice(0, MAX_FIELDS)
        .map(([field, { distinctPer100, mostUsedShare }]) => [
          printable(`${goal}: ${field}`),
          count(distinctPer100),
          percentage(mostUsedShare),
        ]),
    );
  if (rows.length === 0) return "";
  return `${style.bold("values")}\n${table([["", "in 100 sessions", "used most by"], ...rows])}`;
}

function lengthsText(lengths: Record<string, number>): string {
  const sorted = Object.entries(lengths).map(([length, sessions]) => [Number(length), sessions] as const);
  const total = sorted.reduce((sum, [, sessions]) => sum + sessions, 0);
  let seen = 0;
  const [median] =
    sorted.find(([, sessions]) => {
      seen += sessions;
      return seen * 2 >= total;
    }) ?? [];
  return [sorted[0]?.[0], median, sorted.at(-1)?.[0]].map((length) => length ?? 0).join(", ");
}

function latencies({ metrics }: Summary, style: Style): string {
  const columns = ["avg", "min", "med", "max", "p(90)", "p(95)", "p(99)"] as const;
  const rows = TRENDS.filter((name) => metrics[name]?.values.avg !== undefined).map((name) => [
    name,
    ...columns.map((column) => figure(metrics[name]?.values[column], METRICS[name].unit)),
  ]);
  return rows.length === 0 ? "" : `${style.bold("latencies")}\n${table([["", ...columns], ...rows])}`;
}

function operations({ metrics }: Summary, style: Style): string {
  const rows: [number: number, cells: string[]][] = [];
  for (const [selector, metric] of Object.entries(metrics)) {
    const [, plain, quoted] = OPERATION_SELECTOR.exec(selector) ?? [];
    const operation = plain ?? quoted;
    if (operation === undefined) continue;
    const failed = metrics[selector.replace("action_duration", "action_failed")]?.values.passes ?? 0;
    const { count: times = 0, med, "p(95)": p95, max } = metric.values;
    const figures = [count(times), count(failed), figure(med, "ms"), figure(p95, "ms"), figure(max, "ms")];
    rows.push([times, [printable(shortened(operation, OPERATION_CHARS)), ...figures]]);
  }
  if (rows.length === 0) return "";
  const all = metrics.actions?.values;
  const more = rows.length - MAX_OPERATIONS;
  // Of many operations the most frequent ones are shown.
  if (more > 0) rows.sort(([a], [b]) => b - a);
  const shown = rows.slice(0, MAX_OPERATIONS).map(([, cells]) => cells);
  const rest = more > 0 ? `\n  ${count(more)} more operations are in the report and in summary.json` : "";
  return `${style.bold("actions")} ${count(all?.count ?? 0)}, ${count(Math.round((all?.rate ?? 0) * 10) / 10)}/s\n${table([["", "count", "failed", "med", "p(95)", "max"], ...shown])}${rest}`;
}

function spending({ metrics, run }: Summary): string {
  const input = metrics.tokens_input?.values.count ?? 0;
  const output = metrics.tokens_output?.values.count ?? 0;
  const cost = metrics.cost_usd?.values.count ?? 0;
  const price = run.model.simulated
    ? " (simulated, costs nothing)"
    : cost > 0
      ? ` (${figure(cost, "usd")})`
      : input + output > 0
        ? " (no price known)"
        : "";
  return [`tokens: ${count(input)} in, ${count(output)} out${price}`, ...decisions(metrics)].join("\n");
}

/** How often the model's answers were no decision, and what was repaired. */
function decisions(metrics: Summary["metrics"]): string[] {
  const invalid = metrics.decisions_invalid?.values.count ?? 0;
  const repaired = repairsIn(metrics).map(([kind, times]) => `${kind} ${count(times)}`);
  return [
    ...(invalid === 0 ? [] : [`invalid decisions: ${count(invalid)}`]),
    ...(repaired.length === 0 ? [] : [`repaired decisions: ${repaired.join(", ")}`]),
  ];
}

function notices({ notices: texts = [] }: Summary, style: Style): string {
  return texts.length === 0
    ? ""
    : `${style.warn("notices")}\n${texts.map((text) => `  ${printable(text)}`).join("\n")}`;
}

function inFlight({ inFlight: calls }: Summary, style: Style): string {
  if (calls.length === 0) return "";
  const lines = calls
    .slice(0, MAX_IN_FLIGHT)
    .map(
      ({ session, step, target, method, path }) =>
        `  ${session} step ${step}: ${target} ${printable(`${method} ${path}`)}`,
    );
  if (calls.length > MAX_IN_FLIGHT) lines.push(`  ... ${calls.length - MAX_IN_FLIGHT} more in summary.json`);
  return `${style.warn("sent and never answered")}: APE and the target may differ by these\n${lines.join("\n")}`;
}
