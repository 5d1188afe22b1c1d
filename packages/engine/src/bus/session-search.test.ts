import type { Event } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { InProcessBus } from "../../test/in-process-bus.ts";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { encodeEvent } from "../store/event-encoding.ts";
import { searchSession } from "./session-search.ts";

test("a session is found by its id or its trace, with what other parts wrote about it before it began", async () => {
  const bus = new InProcessBus();
  // Of the past: an event that is younger than the search ends it.
  const events = plausibleEvents(400).map((event) => ({ ...event, at: event.at - 1e12 }) as Event);
  const started = events.find((event) => event.type === "session_started");
  if (started?.type !== "session_started") throw new Error("no session has started");
  const { session, trace } = started;
  const own = events.filter((event) => "session" in event && event.session === session);
  const lines = (wanted: boolean): string =>
    events
      .filter((event) => (event.type === "inference") === wanted)
      .map((event) => `${encodeEvent(event)}\n`)
      .join("");
  await bus.append("events.inference", lines(true));
  await bus.append("events.agents-0", lines(false));
  for (const id of [session, trace]) {
    const found = await searchSession(bus, id);
    expect([...found.keys()]).toEqual([session]);
    expect(found.get(session)).toHaveLength(own.length);
  }
  expect((await searchSession(bus, "none")).size).toBe(0);
});
