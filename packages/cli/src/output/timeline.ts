import { formatDuration } from "@ape/core/lib/duration";
import type { Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import type { Event } from "@ape/core/protocol/events";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";

const ANSWER_CHARS = 300;

const argumentsOf = (args: Json): string => printable(writeJson(args));

/** One session as a readable timeline: decision, call, result, gained state, checks, verdict. */
export function timelineText(events: readonly Event[], style: Style): string {
  const start = events[0]?.at ?? 0;
  const end = events.find((event) => event.type === "session_ended");
  const isWithoutSteps = (end?.steps ?? 0) > 0 && events.every(({ type }) => type !== "step");
  const note = isWithoutSteps
    ? `${style.dim("           the steps of this session are not kept (events.keep); all figures count them")}\n`
    : "";
  return events.map((event) => timelineEntry(event, start, style)).join("") + note;
}

/** One event of a timeline that began at `start` (epoch milliseconds); empty for what a timeline does not show. */
export function timelineEntry(event: Event, start: number, style: Style): string {
  const time = `+${((event.at - start) / 1000).toFixed(3)}s`.padStart(10);
  return describe(event, style)
    .map((line, index) => `${index === 0 ? time : " ".repeat(10)}  ${line}\n`)
    .join("");
}

function describe(event: Event, style: Style): string[] {
  switch (event.type) {
    case "session_started":
      return [
        style.bold(
          `${event.session} of ${event.agent}: goal ${printable(event.goal)}${event.row === undefined ? "" : `, row ${event.row}`}`,
        ),
        style.dim(`trace ${event.trace}`),
      ];
    case "inference":
      return [
        style.dim(
          `model ${printable(event.model)}: ${event.error === undefined ? `${event.inputTokens} tokens in, ${event.outputTokens} out` : printable(event.error)}, ${formatDuration(event.durationMs)}${event.attempts > 1 ? `, ${event.attempts} attempts` : ""}`,
        ),
      ];
    case "decision_invalid":
      return [style.warn(`step ${event.step}: invalid decision: ${printable(event.reason)}`)];
    case "step":
      return step(event, style);
    case "probe":
      return [
        `${event.held ? style.tick : style.dim("-")} probe ${printable(event.evidence)}, ${formatDuration(event.durationMs)}`,
      ];
    case "verification":
      return [
        `${style.dim("-")} verification of step ${event.step}: ${printable(event.evidence)}, ${formatDuration(event.durationMs)} (${event.attribution})`,
      ];
    case "check":
      return [`${style.tick} check ${event.check + 1} holds: ${printable(event.evidence)}`];
    case "session_ended":
      return [
        style.bold(
          `${event.outcome} after ${event.steps} steps, ${formatDuration(event.durationMs)}: ${printable(event.reason)}${event.attribution === undefined ? "" : ` (${event.attribution})`}`,
        ),
        ...(event.remark === undefined ? [] : [style.warn(`  it said: ${printable(event.remark)}`)]),
        ...event.checks.map(
          ({ held, label, evidence }) =>
            `  ${held ? style.tick : style.cross} ${printable(label)}: ${printable(evidence)}`,
        ),
      ];
    case "session_interrupted":
      return [style.warn(`cut off by the end of the run after ${event.steps} steps`)];
    default:
      return [];
  }
}

function step(event: Extract<Event, { type: "step" }>, style: Style): string[] {
  const times = `decided in ${formatDuration(event.decisionMs)}, thought ${formatDuration(event.thinkMs)}`;
  const { action } = event;
  if (action === undefined)
    return [`step ${event.step}: ${printable(event.tool)} ${argumentsOf(event.args)} ${style.dim(times)}`];
  const answer = `${action.error === undefined ? action.status : action.error.code} in ${formatDuration(action.durationMs)}`;
  const lines = [
    `step ${event.step}: ${printable(action.operation)}  ${action.failed ? style.bad(answer) : style.good(answer)}  ${style.dim(times)}`,
    style.dim(`  ${printable(event.tool)} ${argumentsOf(event.args)}`),
  ];
  if (action.error !== undefined) lines.push(style.bad(`  ${printable(action.error.message)}`));
  if (action.response !== undefined && action.response !== "")
    lines.push(`  answered ${printable(action.response.slice(0, ANSWER_CHARS))}`);
  if (action.attribution !== undefined)
    lines.push(
      `  ${action.attribution === "unclear" ? "cause unclear" : `fault of: ${action.attribution}`}${action.because === undefined ? "" : `, ${printable(action.because)}`}`,
    );
  if (event.gained !== undefined) lines.push(style.dim(`  learned ${printable(event.gained.join(", "))}`));
  return lines;
}
