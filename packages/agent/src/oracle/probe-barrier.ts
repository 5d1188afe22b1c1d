const NO_HOLDERS: readonly Promise<void>[] = [];

/** Blocks a session's next call while at least one probe holds it. */
export class ProbeBarrier {
  #held = NO_HOLDERS;

  /** Blocks until the returned function is called. */
  hold(): () => void {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    }).then(() => {
      this.#held = this.#held.filter((one) => one !== held);
    });
    this.#held = [...this.#held, held];
    return release;
  }

  /** Resolves when all current holders have released it; undefined if there are none. */
  open(): Promise<unknown> | undefined {
    return this.#held.length === 0 ? undefined : Promise.all(this.#held);
  }
}
