/** Waits for a promise, but not for long: a bus that is gone answers nothing, and a failure changes nothing any more. */
export async function endWithin(ms: number, promise: Promise<unknown> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise?.catch(() => undefined), late]);
  clearTimeout(timer);
}
