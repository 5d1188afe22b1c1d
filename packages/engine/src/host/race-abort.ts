import { offAbort, onAbort } from "@ape/core/lib/abort";
import { ApeError } from "@ape/core/lib/errors";

/** The error of a start that was cancelled. */
export function stoppedBeforeLoad(): ApeError {
  return new ApeError("INTERRUPTED", "the run was stopped before its load began");
}

/**
 * Waits for the start of a run, or for the signal that cancels it; the work itself continues.
 * @throws ApeError INTERRUPTED if the signal came first
 */
export async function raceAbort(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  let giveUp = (): void => undefined;
  const givenUp = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(stoppedBeforeLoad());
  });
  onAbort(signal, giveUp);
  if (signal.aborted) giveUp();
  try {
    await Promise.race([givenUp, work]);
  } finally {
    offAbort(signal, giveUp);
  }
}
