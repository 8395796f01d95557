/** What a run holds while it goes on: its lock, pixels on disk, its engine. The last that was taken is given back first. */
export class RunResources {
  readonly #closers: (() => Promise<void>)[] = [];
  readonly #undoing: (() => Promise<void>)[] = [];

  /** Takes over a resource that `close` ends, and gives it back for use. */
  hold<T>(resource: T, close: (resource: T) => Promise<void>): T {
    this.#closers.push(() => close(resource));
    return resource;
  }

  /** Remembers how to take back something that a run which is refused must not leave. */
  undoWhereRefused(undo: () => Promise<void>): void {
    this.#undoing.push(undo);
  }

  /** Ends everything, and takes back what must not be left; the last first. @throws as `close` does. */
  async refuse(): Promise<void> {
    await this.close().finally(async () => {
      for (const undo of this.#undoing.splice(0).reverse()) await undo();
    });
  }

  /** Ends everything, also where ending one of them fails. @throws the first of these failures. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let closer = this.#closers.pop(); closer !== undefined; closer = this.#closers.pop()) {
      await closer().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
