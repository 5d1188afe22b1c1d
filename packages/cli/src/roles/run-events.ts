import { randomInt } from "node:crypto";
import type { Recorder } from "@ape/core/protocol/events";
import { busAccessOf } from "@ape/engine/bus/bus-access";
import { BusEventLog } from "@ape/engine/bus/bus-event-log";
import { CountedEventLog } from "@ape/engine/bus/counted-event-log";
import { openNatsBus } from "@ape/engine/bus/nats";
import type { Io } from "../io.ts";

/**
 * The transport of a role's events to its run's message bus; undefined if the environment names none.
 * @param isCounted whether events of sessions are sent as figures; each process is then a part of its own
 */
export async function runEvents(
  { env }: Pick<Io, "env">,
  part: string,
  isCounted = false,
): Promise<(Recorder & { close(): Promise<void> }) | undefined> {
  const { APE_RUN: run = "" } = env;
  const access = busAccessOf(env);
  if (access === undefined || run === "") return undefined;
  const bus = await openNatsBus({ ...access, run });
  const log = isCounted
    ? new CountedEventLog(bus, `${part}-${randomInt(2 ** 32)}`)
    : new BusEventLog(bus, part);
  return {
    record: (event) => log.record(event),
    commit: (event) => log.commit(event),
    close: async () => {
      await log.close();
      await bus.close();
    },
  };
}
