import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "@ape/core/config/schema";
import type { ApeError } from "@ape/core/lib/errors";
import { seedOf } from "@ape/core/lib/random";
import { Aggregator } from "../aggregate/aggregator.ts";
import { PartDigestBuilder } from "../report/part-digest.ts";
import { decodeEvent } from "../store/event-encoding.ts";
import { EventLog } from "../store/event-log.ts";
import { digestFile } from "../store/part-digest-file.ts";
import { PRIVATE_DIRECTORY } from "../store/private-mode.ts";
import { isSegmentOf } from "../store/segment-files.ts";
import { StepRetention } from "../store/step-retention.ts";

const PART = /^[a-z]+(?:-\d+)?$/;

/** A part's log, and what is computed from its events on their way to it. */
interface FolderPart {
  log: EventLog;
  aggregator: Aggregator;
  digest: PartDigestBuilder;
}

/**
 * Writes the events from the message bus into the run's folder, with one log per part, and a digest of each as workers
 * of this machine keep it.
 */
export class EventsFolder {
  readonly #folder: string;
  readonly #parts = new Map<string, FolderPart>();
  readonly #seed: number;
  readonly #retention: StepRetention;
  readonly #onFailure: (error: ApeError) => void;
  #isClosed = false;

  /**
   * @param seed of the run
   * @param onFailure as of `EventLogOptions`
   */
  constructor(
    runDirectory: string,
    { seed, keep }: { seed: number; keep: Config["events"]["keep"] },
    onFailure: (error: ApeError) => void,
  ) {
    this.#folder = join(runDirectory, "events");
    this.#seed = seed;
    this.#retention = new StepRetention(seed, keep);
    this.#onFailure = onFailure;
    mkdirSync(this.#folder, { recursive: true, mode: PRIVATE_DIRECTORY });
  }

  /**
   * Writes whole lines of one part; skips a part whose name could lead out of the folder.
   * @throws Error if the part's log cannot be opened
   */
  add(part: string, lines: string): void {
    if (this.#isClosed || !PART.test(part) || part === "engine") return;
    const { log, aggregator, digest } = this.#partOf(part);
    for (const line of lines.split("\n")) {
      const event = line === "" ? undefined : decodeEvent(line);
      if (event === undefined) continue;
      // Counted before the log has it: a digest that it asks for counts all that it has.
      aggregator.add(event);
      digest.add(event);
      log.recordLine(line, event);
    }
  }

  #partOf(name: string): FolderPart {
    let part = this.#parts.get(name);
    if (part === undefined) {
      // The message bus delivers all events from the first on: those that an engine before this one had written would
      // be duplicates.
      for (const file of readdirSync(this.#folder))
        if (isSegmentOf(file, name) || file === digestFile(name))
          rmSync(join(this.#folder, file), { force: true });
      const aggregator = new Aggregator([], false);
      const digest = new PartDigestBuilder(seedOf(this.#seed, name), this.#retention);
      const checkpoint = (): object => readDigestOf({ aggregator, digest });
      const log = new EventLog(this.#folder, name, {
        onFailure: this.#onFailure,
        compaction: { retention: this.#retention, checkpoint },
      });
      part = { log, aggregator, digest };
      this.#parts.set(name, part);
    }
    return part;
  }

  /** Writes the digests; later events are ignored. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(Array.from(this.#parts.values(), (part) => part.log.close(readDigestOf(part))));
  }
}

function readDigestOf({ aggregator, digest }: Pick<FolderPart, "aggregator" | "digest">): object {
  digest.addFigures(aggregator.takeSnapshot());
  return digest.read(aggregator);
}
