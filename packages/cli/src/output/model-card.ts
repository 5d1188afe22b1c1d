import type { ModelCard, Successes } from "../evaluation/model-card.ts";
import { count, figure, table } from "./figure.ts";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";

const KINDS: Record<string, string> = { rest: "REST", graphql: "GraphQL", web: "web pages", mcp: "MCP" };
/** Below this percentage of valid decisions, reaching a goal depends on luck. */
const GOOD_VALID_PCT = 95;
const SHOWN_REASON = 160;

/** The card of a model as text: how often it reached the goals, how it answered, what a session used. */
export function modelCardText(card: ModelCard, style: Style): string {
  const parts = [
    headline(card, style),
    goals(card, style),
    figures(card),
    list("answers that were no valid decision", card.decisions.invalid),
    list("answers that were repaired", card.decisions.repaired),
    list("calls without an answer", card.failedCalls),
    card.decisions.answers === 0
      ? "the model gave no answer: `ape-test doctor --model`, with the same options, says what it can do"
      : "",
    card.notices.map((notice) => `${style.warn("note")}: ${printable(notice)}`).join("\n"),
    card.untried === null
      ? ""
      : `${style.warn("not tried")}: ${card.untried.goals.join(", ")} (${printable(card.untried.because)})`,
  ];
  return `\n${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function headline({ model, sessions }: ModelCard, style: Style): string {
  return style.bold(
    `${printable(model.name)} (${model.provider}): ${sessions.succeeded} of ${sessions.sessions} sessions reached their goal`,
  );
}

function goals({ byKind }: ModelCard, style: Style): string {
  const mark = ({ sessions, succeeded }: Successes): string =>
    sessions > 0 && succeeded === sessions ? style.tick : succeeded === 0 ? style.cross : style.warn("~");
  return Object.entries(byKind)
    .map(([kind, ofKind]) =>
      [
        `  ${mark(ofKind)} ${KINDS[kind] ?? kind}: ${ofKind.succeeded} of ${ofKind.sessions}`,
        ...Object.entries(ofKind.goals).map(
          ([goal, counts]) => `      ${mark(counts)} ${goal}: ${counts.succeeded} of ${counts.sessions}`,
        ),
      ].join("\n"),
    )
    .join("\n");
}

function figures({ model, decisions, perSession, timeToFirstToken, answerTime }: ModelCard): string {
  const span = (times: ModelCard["answerTime"]): string =>
    times === null ? "-" : `${figure(times.medianMs, "ms")} median, ${figure(times.p95Ms, "ms")} p(95)`;
  const valid = decisions.validPct;
  return table([
    [
      "valid decisions",
      valid === null ? "-" : `${valid}% of ${count(decisions.answers)}`,
      valid !== null && valid < GOOD_VALID_PCT ? "too few: see `ape-test doctor --model`" : "",
    ],
    ...(perSession === null
      ? []
      : [
          [
            "tokens per session",
            `${count(perSession.inputTokens)} in (${count(perSession.cachedTokens)} cached), ${count(perSession.outputTokens)} out`,
          ],
          ["cost per session", costText(perSession.costUsd, model.simulated)],
        ]),
    ["time to first token", span(timeToFirstToken)],
    ["time to whole answer", span(answerTime)],
  ]);
}

/** An unknown price counts as 0 in every figure. */
function costText(costUsd: number, simulated: boolean): string {
  if (costUsd > 0) return figure(costUsd, "usd");
  return simulated ? "nothing (simulated)" : "no price known";
}

function list(title: string, counts: Record<string, number>): string {
  const entries = Object.entries(counts);
  if (entries.length === 0) return "";
  return [
    `${title}:`,
    ...entries.map(([reason, times]) => `  ${count(times)} x ${printable(reason).slice(0, SHOWN_REASON)}`),
  ].join("\n");
}
