import { existsSync } from 'node:fs';
import type { LibraryHandle } from 'koffi';
import { EngineError } from '../../../foundation/errors/engine-error.ts';
import { homeFolder } from '../../../foundation/home-folder.ts';
import { runtime } from './constants.ts';
import { keepLoaded, setForLibraries } from './dynamic-loader.ts';
import { type InstructionSet, instructionSet } from './instruction-set.ts';
import { type Koffi, loadKoffi, type Pointer } from './koffi-package.ts';
import { checkBuild, howToInstall, type LibraryBuild } from './library-build.ts';
import { libraryPlaces, libraryVariable, type Surroundings } from './library-places.ts';

/** oneDNN's library, open in this process. */
export interface OneDnnLibrary {
  readonly file: string;
  readonly build: LibraryBuild;
  /** `3.2.0`. */
  readonly version: string;
  /** Who brings its threads. */
  readonly threads: 'OpenMP' | 'TBB';
  readonly instructions: InstructionSet;
  readonly koffi: Koffi;
  readonly handle: LibraryHandle;
}

/** Where a library is looked for; default: this process's surroundings. */
export interface OpenLibraryOptions extends Partial<Surroundings> {
  readonly architecture?: NodeJS.Architecture;
  /** Whether a file exists. Default: the file system's answer. */
  readonly exists?: (file: string) => boolean;
}

/**
 * Finds oneDNN's library and opens it: the first file of `libraryPlaces` that is a usable build. Threads of OpenMP are told to
 * wait passively before: by default they spin, and on a machine that does anything else they take the cores from one another.
 *
 * @throws EngineError if there is none, none is usable, koffi is missing, or the processor is no x86-64 (elsewhere oneDNN has
 * no fast gradients); the message says what was found and where a right one comes from.
 */
export async function openLibrary(options: OpenLibraryOptions = {}): Promise<OneDnnLibrary> {
  const { platform = process.platform, environment = process.env, home = homeFolder() } = options;
  const { architecture = process.arch, exists = existsSync } = options;
  if (architecture !== 'x64') {
    throw new EngineError(
      `oneDNN has fast gradients on x86-64 alone, and this is ${architecture}: onnxruntime computes here`,
    );
  }
  const places = libraryPlaces({ platform, environment, home });
  const found = places.filter(exists);
  if (found.length === 0) throw notFound(places, environment[libraryVariable]);
  const koffi = await loadKoffi();
  setForLibraries(koffi, 'OMP_WAIT_POLICY', 'passive', process.platform);
  const refusals: Error[] = [];
  for (const file of found) {
    try {
      return openFile(koffi, file);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      refusals.push(error);
    }
  }
  throw refusals[0];
}

function notFound(places: readonly string[], named: string | undefined): EngineError {
  if (named === 'off') return new EngineError(`${libraryVariable} is 'off': oneDNN is not looked for`);
  const where = named
    ? `${libraryVariable} names '${named}', where no file is`
    : `it is in none of ${foldersOf(places)}`;
  return new EngineError(`oneDNN's library is not here: ${where}; ${howToInstall}`);
}

function foldersOf(places: readonly string[]): string {
  return [...new Set(places.map((place) => place.replace(/[\\/][^\\/]*$/, '')))].join(', ');
}

function openFile(koffi: Koffi, file: string): OneDnnLibrary {
  keepLoaded(koffi, file);
  const handle = koffi.load(file);
  const build = buildOf(koffi, handle, file);
  checkBuild(file, build);
  const bits = Number(handle.func('dnnl_get_effective_cpu_isa', 'int', [])());
  return {
    file,
    build,
    version: build.version.join('.'),
    threads: build.threading === runtime.tbb ? 'TBB' : 'OpenMP',
    instructions: instructionSet(bits),
    koffi,
    handle,
  };
}

/** `dnnl_version_t`: three ints, the address of a text, and who brings the threads of processor and graphics card. */
function buildOf(koffi: Koffi, handle: LibraryHandle, file: string): LibraryBuild {
  let version: () => Pointer;
  try {
    version = handle.func('dnnl_version', 'void *', []);
  } catch (error) {
    throw new EngineError(`'${file}' is no library of oneDNN: it has no dnnl_version; ${howToInstall}`, {
      cause: error,
    });
  }
  const numbers = new Int32Array(koffi.view(version(), 32).slice(0));
  return { version: [numbers[0], numbers[1], numbers[2]], threading: numbers[6] };
}
