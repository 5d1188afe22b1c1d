import { isStepEvent } from "./event-encoding.ts";
import { type DigestRange, writeDigest } from "./part-digest-file.ts";
import type { SegmentWriter } from "./segment-writer.ts";
import type { StepRetention } from "./step-retention.ts";

/** Full segments that wait for the end of their sessions; with one more, the oldest is sealed all the same. */
const MAX_HELD_SEGMENTS = 2;

/** What a log needs to leave out the steps of sessions, once they are written and counted. */
export interface LogCompaction {
  retention: StepRetention;
  /** The digest of all events that were recorded until now, as of {@link writeDigest}; undefined if there is none. */
  checkpoint(): object | undefined;
}

/**
 * The full segments of a log whose steps may be left out. A file of lines is replaced only after a digest that has
 * counted all of its events is on the disk, so that a crash at any moment loses no figure.
 */
export class HeldSegments {
  readonly #directory: string;
  readonly #part: string;
  readonly #compaction: LogCompaction;
  readonly #held: SegmentWriter[] = [];
  /** One after the other: a later digest must not be replaced by an earlier one. */
  #work: Promise<void> = Promise.resolve();

  constructor(directory: string, part: string, compaction: LogCompaction) {
    this.#directory = directory;
    this.#part = part;
    this.#compaction = compaction;
  }

  /** Whether a segment that begins now is held. */
  get isNeeded(): boolean {
    return this.#compaction.retention.share < 1;
  }

  /**
   * Takes a full segment, and seals those whose sessions have ended. Call it before further events are recorded.
   * @param range all segments of the log until now
   * @param written resolves when the segment's file of lines is complete
   */
  add(writer: SegmentWriter, range: DigestRange, written: Promise<void>): Promise<void> {
    const { retention } = this.#compaction;
    this.#held.push(writer);
    const ready: SegmentWriter[] = [];
    for (const oldest of [...this.#held]) {
      const isLast = this.#held.length <= MAX_HELD_SEGMENTS;
      if (isLast && some(oldest.sessions, (session) => retention.isOpen(session))) break;
      ready.push(oldest);
      this.#held.shift();
    }
    return ready.length === 0 ? written : this.#seal(ready, range, this.#compaction.checkpoint(), written);
  }

  /** Seals all segments: `digest` has counted all events of the log. */
  async close(last: SegmentWriter, range: DigestRange, digest: object | undefined): Promise<void> {
    await this.#seal([...this.#held.splice(0), last], range, digest, Promise.resolve());
  }

  /** @param digest undefined if everything has to be kept */
  #seal(
    segments: readonly SegmentWriter[],
    range: DigestRange,
    digest: object | undefined,
    written: Promise<void>,
  ): Promise<void> {
    const { retention } = this.#compaction;
    const { decisions } = retention;
    this.#work = this.#work.then(async () => {
      await written;
      const isCounted =
        digest !== undefined && (await writeDigest(this.#directory, this.#part, range, digest));
      for (const segment of segments) {
        const bytes = await segment.compact(
          (head) => !isCounted || !isStepEvent(head) || !retention.drops(head.session ?? "", decisions),
        );
        if (bytes !== undefined) retention.addSealed(bytes);
      }
    });
    return this.#work;
  }
}

function some<T>(values: Iterable<T>, test: (value: T) => boolean): boolean {
  for (const value of values) if (test(value)) return true;
  return false;
}
