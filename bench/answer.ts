/** A benchmark's child process: answers each message of its {@link Child} with the result of `handle`. */
export function answer<M>(handle: (message: M) => Promise<unknown>): void {
  process.on("disconnect", () => process.exit(0));
  process.on("message", (message: M) => {
    handle(message).then(
      (result) => process.send?.(result as object),
      (error: unknown) => {
        process.stderr.write(`${String((error as Error).stack)}\n`);
        process.exit(1);
      },
    );
  });
}
