import { embedInFixedBatches } from '../../../catalogue/embedding/fixed-batches.ts';
import { checkGoldens } from '../../../catalogue/embedding/goldens.ts';
import { decodeModelFile, graphOfModelFile, metadataOfModelFile } from '../../../catalogue/embedding/model-encoding.ts';
import type { ModelMetadata } from '../../../catalogue/embedding/model-metadata.ts';
import type { Engine, Program } from '../../../engines/engine.ts';
import { ModelError } from '../../../foundation/errors/model-error.ts';

/** A model file that is loaded in a page. */
export class PageModel {
  private constructor(
    readonly name: string,
    readonly bytes: Uint8Array,
    readonly metadata: ModelMetadata,
    readonly engine: Engine,
    private readonly program: Program,
  ) {}

  /**
   * Loads a model file's bytes, and checks it on the test pictures that it carries.
   *
   * @throws ModelError if they are no model of ours, or its embeddings are not what they were when it was written.
   */
  static async open(name: string, bytes: Uint8Array, engine: Engine): Promise<PageModel> {
    try {
      const decoded = decodeModelFile(bytes);
      const metadata = metadataOfModelFile(decoded);
      const program = await engine.compile(graphOfModelFile(decoded, metadata), { name });
      const model = new PageModel(name, bytes, metadata, engine, program);
      await checkGoldens(metadata, (pixels) => model.embed(pixels));
      return model;
    } catch (error) {
      throw new ModelError(`cannot use '${name}' as a model: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Embeds prepared pictures, one after the other: a row of numbers each. */
  embed(pixels: Uint8Array): Promise<Float32Array> {
    return embedInFixedBatches(this.program, this.metadata, pixels);
  }

  close(): Promise<void> {
    return this.program.release();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
