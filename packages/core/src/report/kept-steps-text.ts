import { percentage } from "../lib/percentage.ts";
import type { Summary } from "./summary.ts";

/** How many successful sessions have their steps in the events, in one sentence; empty if all have. */
export function keptStepsText({ events }: Pick<Summary, "events">): string {
  if (events === undefined) return "";
  const { keep, successful, withSteps } = events;
  const [of, all] = [withSteps, successful].map((count) => count.toLocaleString("en-US"));
  return `The steps of ${percentage(withSteps / Math.max(1, successful))} of the successful sessions are kept (${of} of ${all}; events.keep: ${keep}), and those of all others; the figures count every step.`;
}
