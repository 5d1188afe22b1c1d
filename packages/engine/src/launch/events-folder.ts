import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const PART = /^[a-z]+(?:-\d+)?$/;

/** Writes the events that came over the plane into the run's folder, a file a part. */
export class EventsFolder {
  readonly #folder: string;

  constructor(runDirectory: string) {
    this.#folder = join(runDirectory, "events");
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Keeps whole lines of one part; a part whose name could lead out of the folder is passed over. */
  add(part: string, lines: string): void {
    if (PART.test(part)) appendFileSync(join(this.#folder, `${part}.0000.jsonl`), lines);
  }
}
