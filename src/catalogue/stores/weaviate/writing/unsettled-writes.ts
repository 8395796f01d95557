import { z } from 'zod';
import { objectId } from '../object-ids.ts';
import { noteObject, type ReadObject } from '../objects.ts';
import type { ClusterReading } from '../reading.ts';
import type { Change } from './changes.ts';
import type { Doubts, QuorumWrites } from './quorum-writes.ts';

/** What `name` is of the notes that keep unsettled writes, and of those that say up to which revision all are settled. */
const [noteName, settledName] = ['unsettled', 'settled'];

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
  /** UUIDs of the notes that are there. */
  readonly #notes = new Set<string>();

  constructor(
    private readonly about: string,
    private readonly reading: ClusterReading,
    private readonly writes: QuorumWrites,
  ) {}

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Takes up what earlier writers left. A note that is settled and still there, or there again, says nothing: an object that it has may
   * have been removed since.
   *
   * @returns the highest revision among it.
   */
  load(notes: readonly ReadObject[]): number {
    const settled = notes.filter(({ properties }) => properties.name === settledName);
    const settledTo = Math.max(0, ...settled.map(({ revision }) => revision));
    let highest = settledTo;
    for (const { id, revision, properties } of notes) {
      if (properties.name !== noteName) continue;
      this.#notes.add(id);
      highest = Math.max(highest, revision);
      if (revision <= settledTo) continue;
      const entry = keptEntry.parse(JSON.parse(String(properties.text)));
      const known = this.#entries.get(entry.id);
      if (known === undefined || isLater(entry, known)) this.#entries.set(entry.id, entry);
    }
    for (const { id, revision } of settled) if (revision < settledTo) this.#notes.add(id);
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
    for (const { id } of notes) this.#notes.add(id);
  }

  /**
   * Writes again what was undone, and forgets all.
   *
   * @param collection of the images at present; what is of an earlier one is gone with it.
   * @param next gives revisions, each higher than all before.
   * @returns how many objects were written again.
   */
  async settle(collection: string, next: () => number): Promise<number> {
    const settledTo = next();
    const entries = [...this.#entries.values()];
    const undone: Change[] = [];
    for (const entry of entries) {
      if (entry.state === 'unknown' || (entry.collection !== collection && entry.collection !== this.about)) continue;
      const there = await this.reading.object(entry.collection, entry.id);
      const isNewer = there !== undefined && there.revision > entry.revision;
      const isRight = entry.state === 'gone' ? there === undefined : there?.revision === entry.revision;
      const object = entry.state === 'gone' ? undefined : entry.object;
      if (!isNewer && !isRight) undone.push({ ...entry, revision: next(), object });
    }
    const notes = [...this.#notes];
    for (const entry of entries) this.#entries.delete(entry.id);
    try {
      await this.writes.write(undone, this);
      this.acknowledge(undone);
      await this.keep();
      await this.#tellSettled(settledTo);
    } catch (error) {
      for (const entry of entries) if (!this.#entries.has(entry.id)) this.#entries.set(entry.id, entry);
      throw error;
    }
    await this.#forget(notes);
    return undone.length;
  }

  /** Each time another note, so that one that is written late hides none. */
  async #tellSettled(revision: number): Promise<void> {
    const id = objectId(`${settledName} ${revision}`);
    const object = noteObject(settledName, String(revision));
    await this.writes.write([{ collection: this.about, id, revision, object }], { doubt: () => undefined });
  }

  async #forget(notes: readonly string[]): Promise<void> {
    const removals = notes.map((id) => ({ collection: this.about, id, revision: 0, object: undefined }));
    try {
      await this.writes.write(removals, { doubt: () => undefined });
      for (const id of notes) this.#notes.delete(id);
    } catch {
      // They are settled: whoever reads them passes them over.
    }
  }
}

/** Of two entries of one revision the one that knows more is the later. */
function isLater(entry: Entry, known: Entry): boolean {
  return entry.revision > known.revision || (entry.revision === known.revision && known.state === 'unknown');
}

function vectorOf({ vector }: NonNullable<Change['object']>): number[] | undefined {
  return vector === undefined ? undefined : [...vector];
}

function noteIdOf({ id, revision, state }: Entry): string {
  return objectId(`${noteName} ${id} ${revision} ${state}`);
}
