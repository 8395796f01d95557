import type { NumberPlace } from '../numbered-lock.ts';
import type { WeaviateCluster } from './cluster.ts';
import { objectId } from './object-ids.ts';
import { noteObject } from './objects.ts';

/** The note that says who has the lock. */
const noteName = 'lock';

/**
 * The numbers of the lock of a store in Weaviate, which has no conditional writes of objects. An alias can be made once only, as Raft
 * orders it: number 8 is the alias `Name_lock_8`. What is told about the last one is a note.
 */
export function aliasNumbers({ place, schema, reading, writes }: WeaviateCluster): NumberPlace {
  const begin = `${place.collection}_lock_`;
  return {
    async numbers() {
      const aliases = (await schema.aliases(place.about)).filter((alias) => alias.startsWith(begin));
      return aliases.map((alias) => Number(alias.slice(begin.length))).filter(Number.isInteger);
    },
    take: (number) => schema.createAlias(`${begin}${number}`, place.about),
    drop: (number) => schema.dropAlias(`${begin}${number}`),
    async tell(number, text) {
      const object = noteObject(noteName, `${number} ${text}`);
      const change = { collection: place.about, id: objectId(noteName), revision: number, object };
      // A note about an earlier number that is written late says nothing of this one.
      await writes.write([change], { doubt: () => undefined });
    },
    async told(number) {
      const note = await reading.object(place.about, objectId(noteName));
      const text = String(note?.properties.text ?? '');
      return text.startsWith(`${number} `) ? text.slice(`${number} `.length) : undefined;
    },
  };
}
