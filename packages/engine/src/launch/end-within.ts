/** Waits for a promise for a limited time: a bus that is gone does not answer, and its failure no longer matters. */
export async function endWithin(ms: number, promise: Promise<unknown> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise?.catch(() => undefined), late]);
  clearTimeout(timer);
}
