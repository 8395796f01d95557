/** One image that waits for its batch. */
interface WaitingImage {
  readonly pixels: Uint8Array;
  resolve(row: Float32Array): void;
  reject(error: unknown): void;
}

/**
 * Lets images that are asked for at about the same time share a batch: as a batch always has one size, it takes the same time
 * for one image as for a full one. The first image of a turn of the event loop is not kept waiting for others; those that come
 * while a batch runs go into the next one, in their order.
 */
export class SharedBatches {
  readonly #size: number;
  readonly #run: (images: readonly Uint8Array[]) => Promise<readonly Float32Array[]>;
  readonly #waiting: WaitingImage[] = [];
  #running = false;

  /**
   * @param size images of a batch, at most.
   * @param run computes the rows of some images, one each, in their order.
   */
  constructor(size: number, run: (images: readonly Uint8Array[]) => Promise<readonly Float32Array[]>) {
    this.#size = size;
    this.#run = run;
  }

  /** Images that wait for a batch. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** The row of one image. @throws what the run of its batch throws, which then fails for each of its images. */
  row(pixels: Uint8Array): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ pixels, resolve, reject });
      if (this.#running) return;
      this.#running = true;
      setImmediate(() => this.#work());
    });
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#size);
      try {
        const rows = await this.#run(batch.map(({ pixels }) => pixels));
        for (const [place, { resolve }] of batch.entries()) resolve(rows[place]);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running = false;
  }
}
