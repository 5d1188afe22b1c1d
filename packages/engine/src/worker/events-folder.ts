import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from "../store/private-mode.ts";

const PART = /^[a-z]+(?:-\d+)?$/;
/**
 * The message bus delivers all events from the first on: those that an engine before this one had written would be
 * duplicates.
 */
const fileOf = (part: string): string => `${part}.0000.jsonl`;

/** Writes the events from the message bus into the run's folder, one file per part. */
export class EventsFolder {
  readonly #folder: string;
  readonly #begun = new Set<string>();

  constructor(runDirectory: string) {
    this.#folder = join(runDirectory, "events");
    mkdirSync(this.#folder, { recursive: true, mode: PRIVATE_DIRECTORY });
  }

  /** Writes whole lines of one part; skips a part whose name could lead out of the folder. */
  add(part: string, lines: string): void {
    if (!PART.test(part) || part === "engine") return;
    const file = join(this.#folder, fileOf(part));
    if (!this.#begun.has(part)) rmSync(file, { force: true });
    this.#begun.add(part);
    appendFileSync(file, lines, { mode: PRIVATE_FILE });
  }
}
