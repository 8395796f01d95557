interface Chunk {
  readonly region: Region;
  start: number;
  bytes: number;
  used: boolean;
}

interface Region {
  readonly chunks: Chunk[];
  /** Bytes from the region's start that have ever been in use. */
  touched: number;
}

/** Memory that was taken from an arena. */
export type Block = Chunk;

/**
 * How onnxruntime's CPU arena hands out memory: it takes ever larger regions from the system, cuts requests from the smallest
 * free chunk that holds them, joins neighbours that are free again, and never gives a region back. The system provides a page of a region when it is first touched.
 *
 * Source: onnxruntime, `BFCArena` (bfc_arena.cc), with its defaults: regions of 1 MiB, 2 MiB and so on to 1 GiB, more where a
 * request needs it; a chunk is cut only if it is twice as large as the request, or 128 MiB larger.
 */
export class Arena {
  readonly #regions: Region[] = [];
  #nextRegion = 2 ** 20;

  /** Bytes that the arena has touched so far: what it adds to the process. */
  get touchedBytes(): number {
    return this.#regions.reduce((sum, region) => sum + region.touched, 0);
  }

  allocate(bytes: number): Block {
    const rounded = Math.max(1, Math.ceil(bytes / 256)) * 256;
    const chunk = this.#smallestFree(rounded) ?? this.#extend(rounded);
    const rest = chunk.bytes - rounded;
    if (rest >= rounded || rest >= 128 * 2 ** 20) {
      const { region, start } = chunk;
      chunk.bytes = rounded;
      const cut = { region, start: start + rounded, bytes: rest, used: false };
      if (rest > 0) region.chunks.splice(region.chunks.indexOf(chunk) + 1, 0, cut);
    }
    chunk.used = true;
    chunk.region.touched = Math.max(chunk.region.touched, chunk.start + bytes);
    return chunk;
  }

  free(chunk: Block): void {
    chunk.used = false;
    const { chunks } = chunk.region;
    const place = chunks.indexOf(chunk);
    const [before, after] = [chunks[place - 1], chunks[place + 1]];
    if (after?.used === false) {
      chunk.bytes += after.bytes;
      chunks.splice(place + 1, 1);
    }
    if (before?.used === false) {
      before.bytes += chunk.bytes;
      chunks.splice(place, 1);
    }
  }

  /** Of several as small, the one at the lowest address: systems place a new region below the older ones. */
  #smallestFree(bytes: number): Chunk | undefined {
    let best: Chunk | undefined;
    for (const { chunks } of this.#regions.toReversed()) {
      for (const chunk of chunks) {
        if (!chunk.used && chunk.bytes >= bytes && (best === undefined || chunk.bytes < best.bytes)) best = chunk;
      }
    }
    return best;
  }

  #extend(bytes: number): Chunk {
    const doubled = this.#nextRegion < bytes;
    while (this.#nextRegion < bytes) this.#nextRegion *= 2;
    const region: Region = { chunks: [], touched: 0 };
    const chunk = { region, start: 0, bytes: this.#nextRegion, used: false };
    region.chunks.push(chunk);
    this.#regions.push(region);
    if (!doubled) this.#nextRegion = Math.min(2 * this.#nextRegion, 2 ** 30);
    return chunk;
  }
}
