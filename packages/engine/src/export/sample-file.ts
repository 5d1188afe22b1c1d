import { closeSync, openSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import { Emitter, type OpenSeries } from "../aggregate/emitter.ts";
import { readEvents } from "../store/event-reader.ts";
import { PRIVATE_FILE } from "../store/private-mode.ts";
import { eventsDirectory } from "../store/run-directory.ts";
import type { ExportContext, Exporter } from "./export-context.ts";

const WRITE_CHARS = 256 * 1024;

/** Text that is written to a file in large pieces. */
class SampleFile {
  readonly #fd: number;
  #text = "";

  constructor(file: string) {
    this.#fd = openSync(file, "w", PRIVATE_FILE);
  }

  write(text: string): void {
    this.#text += text;
    if (this.#text.length >= WRITE_CHARS) this.#drain();
  }

  close(): void {
    try {
      this.#drain();
    } finally {
      closeSync(this.#fd);
    }
  }

  #drain(): void {
    const bytes = Buffer.from(this.#text);
    this.#text = "";
    for (let from = 0; from < bytes.length; ) from += writeSync(this.#fd, bytes, from);
  }
}

/**
 * A file with one line per sample, written from the events when the run has ended: the run itself pays nothing. The
 * file is opened and emptied at once, so that a wrong name is found before the load.
 * @param begin writes what precedes the samples and returns how each series writes its own
 */
export async function openSampleFile(
  destination: string,
  { cwd }: ExportContext,
  begin: (file: SampleFile) => OpenSeries,
): Promise<Exporter> {
  const path = resolve(cwd, destination);
  const file = attempt(path, () => new SampleFile(path));
  return {
    push: () => undefined,
    close: async (runDirectory) => {
      try {
        const emitter = new Emitter(begin(file));
        await readEvents(eventsDirectory(runDirectory), (event) => emitter.add(event));
      } catch (cause) {
        throw exportFailed(path, cause);
      } finally {
        attempt(path, () => file.close());
      }
    },
  };
}

function attempt<Made>(path: string, action: () => Made): Made {
  try {
    return action();
  } catch (cause) {
    throw exportFailed(path, cause);
  }
}

function exportFailed(path: string, cause: unknown): ApeError {
  return new ApeError("EXPORT_FAILED", `samples cannot be written to ${path}`, {
    cause,
    hint: "See that its folder exists, is writable and has room; the run's own results are kept.",
  });
}
