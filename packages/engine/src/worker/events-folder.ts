import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ApeError } from "@ape/core/lib/errors";
import { headOf } from "../store/event-encoding.ts";
import { EventLog } from "../store/event-log.ts";
import { digestFile } from "../store/part-digest-file.ts";
import { PRIVATE_DIRECTORY } from "../store/private-mode.ts";
import { isSegmentOf } from "../store/segment-files.ts";

const PART = /^[a-z]+(?:-\d+)?$/;

/** Writes the events from the message bus into the run's folder, with one log per part. */
export class EventsFolder {
  readonly #folder: string;
  readonly #logs = new Map<string, EventLog>();
  readonly #onFailure: (error: ApeError) => void;

  /** @param onFailure as of `EventLogOptions` */
  constructor(runDirectory: string, onFailure: (error: ApeError) => void) {
    this.#folder = join(runDirectory, "events");
    this.#onFailure = onFailure;
    mkdirSync(this.#folder, { recursive: true, mode: PRIVATE_DIRECTORY });
  }

  /**
   * Writes whole lines of one part; skips a part whose name could lead out of the folder.
   * @throws Error if the part's log cannot be opened
   */
  add(part: string, lines: string): void {
    if (!PART.test(part) || part === "engine") return;
    const log = this.#logOf(part);
    for (const line of lines.split("\n")) {
      const head = line === "" ? undefined : headOf(line);
      if (head !== undefined) log.recordLine(line, head);
    }
  }

  #logOf(part: string): EventLog {
    let log = this.#logs.get(part);
    if (log === undefined) {
      // The message bus delivers all events from the first on: those that an engine before this one had written would
      // be duplicates.
      for (const name of readdirSync(this.#folder))
        if (isSegmentOf(name, part) || name === digestFile(part))
          rmSync(join(this.#folder, name), { force: true });
      log = new EventLog(this.#folder, part, { onFailure: this.#onFailure });
      this.#logs.set(part, log);
    }
    return log;
  }

  /** Resolves when everything is on the disk. */
  async flush(): Promise<void> {
    await Promise.all(Array.from(this.#logs.values(), (log) => log.flush()));
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#logs.values(), (log) => log.close()));
  }
}
