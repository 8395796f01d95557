import { findStoreDuplicates } from './duplicates-work.ts';
import { ExplanationWork } from './explanation-work.ts';
import { mapStore } from './map-work.ts';
import type { WorkHandler, WorkName, WorkSettings } from './work-protocol.ts';

/** What does each kind of work in a thread. */
export function hostWork(settings: WorkSettings): { readonly [Name in WorkName]: WorkHandler<Name> } {
  const explanations = new ExplanationWork(settings);
  return {
    explain: (pictures) => explanations.explain(pictures),
    duplicates: (maxDistance, onProgress) => findStoreDuplicates(settings, maxDistance, onProgress),
    map: (seed, onProgress) => mapStore(settings, seed, onProgress),
  };
}
