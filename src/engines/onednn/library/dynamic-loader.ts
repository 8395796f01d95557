import path from 'node:path';
import { EngineError } from '../../../foundation/errors/engine-error.ts';
import type { Koffi, Pointer } from './koffi-package.ts';
import { howToInstall } from './library-build.ts';

/** RTLD_NOW, RTLD_GLOBAL and RTLD_NODELETE of <dlfcn.h>. */
const openFlags: Partial<Record<NodeJS.Platform, number>> = { linux: 0x2 | 0x100 | 0x1000, darwin: 0x2 | 0x8 | 0x80 };

/** What oneDNN's builds need and pip puts into the same folder, where the system's loader does not look. */
const companions = ['libintlc.so.5', 'libimf.so', 'libsvml.so', 'libtbb.so.12', 'libiomp5.so'];

/**
 * Maps a library so that it stays until the process has ended. Node unloads what koffi loaded at its exit, under the feet of
 * threads that OpenMP keeps waiting: without this, every second process ends in a segmentation fault.
 *
 * @throws EngineError with the loader's own reason.
 */
export function keepLoaded(koffi: Koffi, file: string, platform: NodeJS.Platform = process.platform): void {
  const flags = openFlags[platform];
  if (flags === undefined) return;
  const system = koffi.load(null);
  const open = system.func('dlopen', 'void *', ['str', 'int']) as (name: string, flags: number) => Pointer | null;
  const reason = system.func('dlerror', 'str', []) as () => string | null;
  for (const companion of companions) open(path.join(path.dirname(file), companion), flags);
  reason();
  if (open(file, flags) !== null) return;
  const why = reason() ?? 'unknown reason';
  const missing = /lib(imf|intlc|svml)\b/.test(why) ? ' (pip install intel-cmplr-lib-rt==2023.2.0 has that file)' : '';
  throw new EngineError(`cannot open oneDNN's library '${file}': ${why}${missing}: ${howToInstall}`);
}

/**
 * Sets an environment variable where libraries see it, unless it is set: a thread's `process.env` is a copy that they do not.
 */
export function setForLibraries(koffi: Koffi, name: string, value: string, platform = process.platform): void {
  if (platform === 'win32') {
    koffi.load('ucrtbase.dll').func('_putenv_s', 'int', ['str', 'str'])(name, value);
  } else {
    koffi.load(null).func('setenv', 'int', ['str', 'str', 'int'])(name, value, 0);
  }
}
