import type { Event } from "@ape/core/protocol/events";
import type { ReportMark } from "@ape/core/report/report";
import { cut } from "./bounded-text.ts";

/** Most marks of a run; the first ones and the last one stay. */
const MAX_MARKS = 200;
const TEXT_CHARS = 300;

/** What happened to the run itself: scaling, stops, limits, faults of its parts. */
export class Marks {
  readonly #marks: ReportMark[] = [];

  /** `at` of a mark is in epoch milliseconds. */
  add(event: Event): void {
    const mark = markOf(event);
    if (mark === undefined) return;
    if (this.#marks.length >= MAX_MARKS) this.#marks.pop();
    this.#marks.push(mark);
  }

  /** @param origin epoch milliseconds that marks are counted from */
  read(origin: number): ReportMark[] {
    return this.#marks.map(({ at, kind, text }) => ({
      at: Math.max(0, Math.round(at - origin)),
      kind,
      text,
    }));
  }
}

function markOf(event: Event): ReportMark | undefined {
  if (event.type === "log" && event.notice !== true) {
    const kind = event.mark ?? (event.level === "info" ? undefined : "fault");
    return kind === undefined ? undefined : { at: event.at, kind, text: cut(event.message, TEXT_CHARS) };
  }
  if (event.type !== "run_ended") return undefined;
  return {
    at: event.at,
    kind: event.status === "crashed" ? "fault" : "end",
    text: cut(`${event.status}: ${event.reason}`, TEXT_CHARS),
  };
}
