import type { Event } from "@ape/core/protocol/events";

/** Fields of events that are texts wherever they occur. */
const TEXTS = [
  "session",
  "trace",
  "agent",
  "goal",
  "persona",
  "outcome",
  "reason",
  "attribution",
  "tool",
  "target",
  "operation",
  "method",
  "path",
  "evidence",
  "inference",
  "provider",
  "model",
  "part",
  "message",
  "because",
  "request",
  "response",
] as const;

/**
 * Whether a value that was read from a disk has the types of an event: a damaged line may still be JSON, and every
 * reader relies on texts and lists.
 */
export function hasEventValues(event: Event): boolean {
  if (!hasTexts(event)) return false;
  if (event.type === "session_ended")
    return (
      Array.isArray(event.checks) &&
      event.checks.every(({ label, evidence }) => isText(label) && isText(evidence))
    );
  if (event.type !== "step") return true;
  const { action, gained = [], repairs = [] } = event;
  if (!Array.isArray(gained) || !gained.every(isText) || !Array.isArray(repairs)) return false;
  if (action === undefined) return true;
  const { timing, attempts, error } = action;
  return (
    isText(action.target) &&
    isText(action.operation) &&
    hasTexts(action) &&
    typeof timing === "object" &&
    timing !== null &&
    Array.isArray(attempts) &&
    attempts.every((attempt) => typeof attempt?.duration === "number") &&
    (error === undefined || (isText(error?.code) && isText(error.message)))
  );
}

function hasTexts(values: object): boolean {
  for (const name of TEXTS) {
    const value = (values as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && typeof value !== "string") return false;
  }
  return true;
}

const isText = (value: unknown): boolean => typeof value === "string";
