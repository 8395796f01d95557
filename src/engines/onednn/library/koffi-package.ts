import { EngineError } from '../../../foundation/errors/engine-error.ts';

/** The package that calls functions of native libraries. */
export type Koffi = typeof import('koffi');

/** The address of something native. */
export type Pointer = bigint;

/** Loads koffi. @throws EngineError if it is not installed, as it is optional. */
export async function loadKoffi(load: () => Promise<{ default: unknown }> = () => import('koffi')): Promise<Koffi> {
  try {
    return (await load()).default as Koffi;
  } catch (error) {
    throw new EngineError(
      'oneDNN is called by the package koffi, which is not installed or has no binary for this platform: npm install koffi@3.3.4',
      { cause: error },
    );
  }
}
