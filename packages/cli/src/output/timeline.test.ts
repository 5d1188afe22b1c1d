import type { Event } from "@ape/core/protocol/events";
import { plausibleEvents } from "@ape/engine/test/plausible-events";
import { expect, test } from "vitest";
import { colours } from "./style.ts";
import { timelineText } from "./timeline.ts";

const plain = colours({ isTty: false }, {});
const events = plausibleEvents(30).filter((event) => "session" in event && event.session === "s0-1");
const NOTE = /steps of this session are not kept \(events\.keep\)/;

test("a session whose steps are not kept says so; one that has them, or that had none, does not", () => {
  const withoutSteps = events.filter(({ type }) => /^session_/.test(type));
  expect(timelineText(withoutSteps, plain)).toMatch(NOTE);
  expect(timelineText(events, plain)).not.toMatch(NOTE);
  const atOnce = withoutSteps.map(
    (event): Event => (event.type === "session_ended" ? { ...event, steps: 0 } : event),
  );
  expect(timelineText(atOnce, plain)).not.toMatch(NOTE);
});

test("whatever texts a session has, its timeline cannot steer the terminal", () => {
  const planted = `\u001b[2J${String.fromCharCode(0x202e)}\r`;
  const hostile = (value: unknown, key = ""): unknown => {
    if (typeof value === "string")
      return /^(?:type|outcome|attribution|source|code|session|trace|agent)$/.test(key)
        ? value
        : `${value}${planted}`;
    if (Array.isArray(value)) return value.map((item) => hostile(item));
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, hostile(inner, name)]))
      : value;
  };
  const text = timelineText(
    events.map((event) => hostile(event) as Event),
    plain,
  );
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  expect(text).not.toContain(String.fromCharCode(0x202e));
  expect(text).toContain("\\u202e");
});
