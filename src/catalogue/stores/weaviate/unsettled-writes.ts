import { z } from 'zod';
import type { Change } from './changes.ts';
import { objectId } from './object-ids.ts';
import { noteObject, type ReadObject } from './objects.ts';
import type { Doubts, QuorumWrites } from './quorum-writes.ts';
import type { ClusterReading } from './reading.ts';

/** What `name` is of the notes that keep unsettled writes. */
const noteName = 'unsettled';

const keptEntry = z.strictObject({
  collection: z.string(),
  id: z.string(),
  revision: z.number(),
  /** What was acknowledged last: an object, or that it is gone; nothing of either where that is not known. */
  state: z.enum(['object', 'gone', 'unknown']),
  object: z
    .strictObject({ properties: z.record(z.string(), z.unknown()), vector: z.array(z.number()).optional() })
    .optional(),
});
type Entry = z.infer<typeof keptEntry>;

/**
 * The objects of which a write got no answer, and what was acknowledged of them last.
 *
 * A write that hangs while the cluster elects a leader may be done much later, when the dead node is back, and then counts as the
 * newest: it undoes what was acknowledged meanwhile. So the last acknowledged state of such an object is compared, and where it was
 * undone written again, once all nodes have been healthy for a while; until then it is kept as a note of the store, for whoever
 * writes next.
 */
export class UnsettledWrites implements Doubts {
  readonly #entries = new Map<string, Entry>();
  readonly #unkept = new Set<string>();

  constructor(
    private readonly about: string,
    private readonly reading: ClusterReading,
    private readonly writes: QuorumWrites,
  ) {}

  get size(): number {
    return this.#entries.size;
  }

  /** Takes up what earlier writers left. @returns the highest revision among it. */
  async load(notes: Iterable<ReadObject>): Promise<number> {
    let highest = 0;
    for (const { properties } of notes) {
      if (properties.name !== noteName) continue;
      const entry = keptEntry.parse(JSON.parse(String(properties.text)));
      highest = Math.max(highest, entry.revision);
      const known = this.#entries.get(entry.id);
      if (known === undefined || known.revision < entry.revision) this.#entries.set(entry.id, entry);
    }
    return highest;
  }

  doubt(changes: readonly Change[]): void {
    for (const { collection, id, revision } of changes) {
      if (this.#entries.has(id)) continue;
      this.#entries.set(id, { collection, id, revision, state: 'unknown' });
      this.#unkept.add(id);
    }
  }

  /** Says that changes were acknowledged. */
  acknowledge(changes: readonly Change[]): void {
    for (const { collection, id, revision, object } of changes) {
      if (!this.#entries.has(id)) continue;
      const state = object === undefined ? 'gone' : 'object';
      const written =
        object === undefined ? {} : { object: { properties: { ...object.properties }, vector: vectorOf(object) } };
      this.#entries.set(id, { collection, id, revision, state, ...written });
      this.#unkept.add(id);
    }
  }

  /** Keeps what is new as notes of the store, before anybody is told that it is written. */
  async keep(): Promise<void> {
    const entries = [...this.#unkept].flatMap((id) => this.#entries.get(id) ?? []);
    if (entries.length === 0) return;
    const notes = entries.map((entry) => ({
      collection: this.about,
      id: noteIdOf(entry),
      revision: entry.revision,
      object: noteObject(noteName, JSON.stringify(entry)),
    }));
    // A note is of one revision: one that is written late says nothing new.
    await this.writes.write(notes, { doubt: () => undefined });
    for (const { id } of entries) this.#unkept.delete(id);
  }

  /**
   * Writes again what was undone, and forgets all.
   *
   * @param collection of the images at present; what is of an earlier one is gone with it.
   * @returns how many objects were written again.
   */
  async settle(collection: string): Promise<number> {
    const entries = [...this.#entries.values()];
    const undone: Change[] = [];
    for (const entry of entries) {
      if (entry.state === 'unknown' || (entry.collection !== collection && entry.collection !== this.about)) continue;
      const there = await this.reading.object(entry.collection, entry.id);
      const isNewer = there !== undefined && there.revision > entry.revision;
      const isRight = entry.state === 'gone' ? there === undefined : there?.revision === entry.revision;
      if (!isNewer && !isRight) undone.push({ ...entry, object: entry.state === 'gone' ? undefined : entry.object });
    }
    for (const entry of entries) this.#entries.delete(entry.id);
    try {
      await this.writes.write(undone, this);
    } catch (error) {
      for (const entry of entries) this.#entries.set(entry.id, entry);
      throw error;
    }
    this.acknowledge(undone);
    await this.keep();
    await this.#forget(entries.filter(({ id }) => !this.#entries.has(id)));
    return undone.length;
  }

  async #forget(entries: readonly Entry[]): Promise<void> {
    const notes = new Set(entries.map(noteIdOf));
    const removals = [...notes].map((id) => ({ collection: this.about, id, revision: 0, object: undefined }));
    // One that stays is settled once more.
    await this.writes.write(removals, { doubt: () => undefined }).catch(() => undefined);
  }
}

function vectorOf({ vector }: NonNullable<Change['object']>): number[] | undefined {
  return vector === undefined ? undefined : [...vector];
}

function noteIdOf({ id, revision, state }: Entry): string {
  return objectId(`${noteName} ${id} ${revision} ${state}`);
}
