import type { LibraryHandle } from 'koffi';
import { EngineError } from '../../../foundation/errors/engine-error.ts';
import { statusNames } from './constants.ts';
import type { Koffi, Pointer } from './koffi-package.ts';

/** A type of a C function's argument, as koffi writes it. */
export type NativeType =
  | 'void *'
  | 'int'
  | 'uint'
  | 'size_t'
  | 'intptr_t'
  | 'int64_t'
  | 'float'
  | 'const int64_t *'
  | 'const float *';

/** What a C function is called with. `null` is the null pointer. */
export type NativeArgument = Pointer | number | null | BigInt64Array | Float32Array;

/** oneDNN's answer to a call that it refuses. */
export class OneDnnRefusal extends EngineError {
  constructor(
    readonly call: string,
    readonly status: number,
  ) {
    super(`oneDNN's ${call}: ${statusNames[status] ?? `status ${status}`}`);
  }
}

type ArgumentTypes = (NativeType | ReturnType<Koffi['out']>)[];
type NativeFunction = (...values: readonly unknown[]) => unknown;

/** C functions of a library, each looked up once. */
export class NativeFunctions {
  readonly #functions = new Map<string, NativeFunction>();

  constructor(
    readonly koffi: Koffi,
    private readonly library: LibraryHandle,
  ) {}

  /** A function that gives what it computes. */
  plain(name: string, result: 'size_t' | 'int' | 'void *', types: readonly NativeType[]): NativeFunction {
    return this.#function(name, result, [...types]);
  }

  /** A function that gives a status. @throws OneDnnRefusal at every status but success. */
  call(name: string, types: readonly NativeType[], values: readonly NativeArgument[]): void {
    const status = Number(this.#function(name, 'int', [...types])(...values));
    if (status !== 0) throw new OneDnnRefusal(name, status);
  }

  /** A function that makes an object and gives its address by its first argument. @throws as `call` does. */
  make(name: string, types: readonly NativeType[], values: readonly NativeArgument[]): Pointer {
    const made: (Pointer | null)[] = [null];
    const function_ = this.#function(name, 'int', [this.koffi.out('void **'), ...types]);
    const status = Number(function_(made, ...values));
    if (status !== 0) throw new OneDnnRefusal(name, status);
    return made[0]!;
  }

  #function(name: string, result: string, types: ArgumentTypes): NativeFunction {
    const known = this.#functions.get(name);
    if (known !== undefined) return known;
    const found: NativeFunction = this.library.func(name, result, types);
    this.#functions.set(name, found);
    return found;
  }
}
