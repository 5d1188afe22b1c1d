import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "@ape/core/config/schema";
import type { ApeError } from "@ape/core/lib/errors";
import { seedOf } from "@ape/core/lib/random";
import { type AggregateSnapshot, Aggregator } from "../aggregate/aggregator.ts";
import { DigestAssembler, type DigestHead } from "../bus/digest-message.ts";
import { systemClock as clock } from "../host/clock.ts";
import { extendDigest, type PartDigest, PartDigestBuilder } from "../report/part-digest.ts";
import { decodeEvent, headOf } from "../store/event-encoding.ts";
import { EventLog } from "../store/event-log.ts";
import { digestFile, encodeWholeDigest, readDigest, writeDigestFile } from "../store/part-digest-file.ts";
import { PRIVATE_DIRECTORY } from "../store/private-mode.ts";
import { isSegmentOf } from "../store/segment-files.ts";
import { StepRetention } from "../store/step-retention.ts";

const PART = /^[a-z]+(?:-\d+)?$/;
/** Parts that send digests of their own where not all events are sent. */
const WITH_DIGEST = /^(?:agents|inference)-\d+$/;

/** A part's log, and what is computed from its events on their way to it. */
interface FolderPart {
  log: EventLog;
  /** Absent for a part that sends digests of its own. */
  counted?: { aggregator: Aggregator; digest: PartDigestBuilder };
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
  readonly #send: Config["events"]["send"];
  readonly #assembler = new DigestAssembler();
  /** What the last digest of each part says of itself. */
  readonly #heads = new Map<string, DigestHead>();
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;

  /**
   * @param seed of the run
   * @param onFailure as of `EventLogOptions`
   */
  constructor(
    runDirectory: string,
    { seed, keep, send = "all" }: { seed: number } & Partial<Config["events"]>,
    onFailure: (error: ApeError) => void,
  ) {
    this.#folder = join(runDirectory, "events");
    this.#seed = seed;
    this.#send = send;
    this.#retention = new StepRetention(seed, keep ?? "auto");
    this.#onFailure = onFailure;
    mkdirSync(this.#folder, { recursive: true, mode: PRIVATE_DIRECTORY });
  }

  /**
   * Writes whole lines of one part; skips a part whose name could lead out of the folder.
   * @throws Error if the part's log cannot be opened
   */
  add(part: string, lines: string): void {
    if (this.#isClosed || !PART.test(part) || part === "engine") return;
    const { log, counted } = this.#partOf(part);
    for (const line of lines.split("\n")) {
      if (counted === undefined) {
        const head = line === "" ? undefined : headOf(line);
        if (head !== undefined) log.recordLine(line, head);
        continue;
      }
      const { aggregator, digest } = counted;
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
      if (this.#send === "kept" && WITH_DIGEST.test(name)) {
        part = { log: new EventLog(this.#folder, name, { onFailure: this.#onFailure }) };
        this.#parts.set(name, part);
        return part;
      }
      const aggregator = new Aggregator([], false);
      const digest = new PartDigestBuilder(seedOf(this.#seed, name), this.#retention);
      const checkpoint = (): object => readDigestOf({ aggregator, digest });
      const log = new EventLog(this.#folder, name, {
        onFailure: this.#onFailure,
        compaction: { retention: this.#retention, checkpoint },
      });
      part = { log, counted: { aggregator, digest } };
      this.#parts.set(name, part);
    }
    return part;
  }

  /** Writes the digests; later events are ignored. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#writing;
    await Promise.all(
      Array.from(this.#parts.values(), ({ log, counted }) =>
        log.close(counted === undefined ? undefined : readDigestOf(counted)),
      ),
    );
  }

  /** Takes a message of a part's digest, which replaces the one before. */
  addDigest(part: string, message: string): void {
    if (this.#isClosed || !PART.test(part)) return;
    this.#partOf(part);
    const complete = this.#assembler.add(part, message);
    if (complete === undefined) return;
    this.#writing = this.#writing.then(async () => {
      if (await writeDigestFile(this.#folder, part, complete.bytes)) this.#heads.set(part, complete.head);
    });
  }

  /**
   * Number of messages with figures that the digest of a part counts, or undefined if it counts everything. Call it when
   * no more digests arrive.
   */
  async figuresWithoutDigest(part: string): Promise<number | undefined> {
    await this.#writing;
    const head = this.#heads.get(part);
    return head?.isFinal === true ? undefined : (head?.figures ?? 0);
  }

  /** Adds figures to the digest of a part that could send no further one. */
  async extendDigest(part: string, figures: readonly AggregateSnapshot[]): Promise<void> {
    this.#partOf(part);
    const stored = await readDigest(this.#folder, part, []);
    const digest = extendDigest(stored?.digest as PartDigest | undefined, figures, clock.epoch());
    await writeDigestFile(this.#folder, part, await encodeWholeDigest(digest));
  }
}

function readDigestOf({ aggregator, digest }: NonNullable<FolderPart["counted"]>): object {
  digest.addFigures(aggregator.takeSnapshot());
  return digest.read(aggregator);
}
