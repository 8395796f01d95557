import { alignment } from './aligned-memory.ts';
import type { Lifetime, Storage } from './storage.ts';

/** Where each storage lies in one arena, and how large that is. */
export interface ArenaPlan {
  readonly offsets: ReadonlyMap<Storage, number>;
  readonly bytes: number;
}

/**
 * Lays storages into one arena so that no two that live at the same time overlap: the largest first, each at the lowest place
 * that is free during its life.
 */
export function placeStorages(lives: readonly Lifetime[]): ArenaPlan {
  const placed: (Lifetime & { readonly at: number; readonly end: number })[] = [];
  const offsets = new Map<Storage, number>();
  for (const life of [...lives].sort((a, b) => b.storage.bytes - a.storage.bytes || a.first - b.first)) {
    const bytes = Math.ceil(life.storage.bytes / alignment) * alignment;
    const rivals = placed
      .filter(({ first, last }) => first <= life.last && last >= life.first)
      .sort((a, b) => a.at - b.at);
    let at = 0;
    for (const rival of rivals) {
      if (rival.at - at >= bytes) break;
      at = Math.max(at, rival.end);
    }
    placed.push({ ...life, at, end: at + bytes });
    offsets.set(life.storage, at);
  }
  return { offsets, bytes: placed.reduce((most, { end }) => Math.max(most, end), 0) };
}
