import type { DataType } from '../library/constants.ts';
import type { Pointer } from '../library/koffi-package.ts';
import type { Storage } from '../memory/storage.ts';

/** A tensor as oneDNN has it: elements of a type in some layout, somewhere. A value may have several, one a layout. */
export interface Datum {
  readonly shape: readonly number[];
  readonly type: DataType;
  readonly layout: Pointer;
  readonly storage: Storage;
  /** Where in the storage it begins, in bytes. Default: 0. Only in storages of the arena. */
  readonly offset?: number;
}
