import type { Event } from "@ape/core/protocol/events";
import { systemClock as clock } from "../host/clock.ts";
import { SUBJECTS } from "../launch/messages.ts";
import { decodeEvent } from "../store/event-encoding.ts";
import type { MessageBus } from "./message-bus.ts";

/** The stream is read to its end when nothing has come for so long. */
const QUIET_MS = 1_500;

/**
 * The events of sessions in the stream of a run, active or not, by session; each in the order of time.
 * @param idOrTrace a session's id, or the beginning of a session's or a trace's id
 */
export async function searchSession(bus: MessageBus, idOrTrace: string): Promise<Map<string, Event[]>> {
  const found = await read(bus, idOrTrace);
  const [only] = found.keys();
  // Another part may have written about the session before its beginning, which alone has the trace.
  return found.size === 1 && only !== undefined && only !== idOrTrace ? read(bus, only) : found;
}

async function read(bus: MessageBus, idOrTrace: string): Promise<Map<string, Event[]>> {
  const sessions = new Map<string, Event[]>();
  const begun = clock.epoch();
  let last = clock.now();
  let isPresent = false;
  const unfollow = await bus.follow(SUBJECTS.events, "first", ({ text }) => {
    last = clock.now();
    for (const line of text.split("\n")) {
      // A session's first event says which trace it is: what follows has its id alone.
      if (!line.includes(idOrTrace) && !mentions(line, sessions)) continue;
      const event = decodeEvent(line);
      if (event === undefined) continue;
      if (event.at > begun) isPresent = true;
      if (!("session" in event)) continue;
      const known = sessions.get(event.session);
      const { trace = "" } = event as { trace?: string };
      if (known !== undefined) known.push(event);
      else if (event.session.startsWith(idOrTrace) || trace.startsWith(idOrTrace))
        sessions.set(event.session, [event]);
    }
  });
  while (!isPresent && clock.now() - last < QUIET_MS) await clock.sleep(QUIET_MS / 10);
  await unfollow();
  const only = sessions.get(idOrTrace);
  const found = only === undefined ? sessions : new Map([[idOrTrace, only]]);
  for (const events of found.values()) events.sort((a, b) => a.at - b.at);
  return found;
}

function mentions(line: string, sessions: ReadonlyMap<string, unknown>): boolean {
  for (const session of sessions.keys()) if (line.includes(session)) return true;
  return false;
}
