import { EngineError } from '../../../foundation/errors/engine-error.ts';
import { type OpenLibraryOptions, openLibrary } from './open-library.ts';

/** True if a usable library of oneDNN is here, and a processor with the vectors that it needs to be fast. */
export async function fastLibraryHere(options: OpenLibraryOptions = {}): Promise<boolean> {
  try {
    const { instructions } = await openLibrary(options);
    return instructions.vectors;
  } catch (error) {
    if (error instanceof EngineError) return false;
    throw error;
  }
}
