const NOBODY: readonly Promise<void>[] = [];

/** What a session's next call waits for: closed while anybody holds it. */
export class ProbeBarrier {
  #held = NOBODY;

  /** Closes the gate until the function that this returns is called. */
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

  /** Resolves when all who hold it now have let go; undefined where nobody holds it. */
  open(): Promise<unknown> | undefined {
    return this.#held.length === 0 ? undefined : Promise.all(this.#held);
  }
}
