import { StoreError } from '../../foundation/errors/store-error.ts';

/** @returns that there is no store, with a line on what to do. */
export function noStore(uri: string): StoreError {
  return new StoreError(`there is no store at '${uri}': index a folder of images into it first, or check the path`);
}
