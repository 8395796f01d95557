import { z } from 'zod';
import { describeStore, type StoreDescription } from '../../../../catalogue/mirror/describe-store.ts';
import { modelInWords } from '../../../../catalogue/stores/store-stamp.ts';
import { bytesInWords } from '../../../../foundation/text/bytes-in-words.ts';
import { counted } from '../../../../foundation/text/counted.ts';
import { textTable } from '../../../../foundation/text/text-table.ts';
import { defineCommand } from '../../command.ts';
import { openStore } from '../../input/open-store.ts';
import { indexJson, searchLines } from '../../output/catalogue/index-lines.ts';

/** `lookalike stores` */
export const storesCommand = defineCommand({
  name: 'stores',
  group: 'Look around',
  summary: 'say what a store holds',
  details:
    'For each store: its images, the fields that they can be filtered by, the model and the distance that it was made with, ' +
    'the place that it mirrors, its size, how it searches, and what the last index did.',
  arguments: [{ name: 'store', variadic: true, optional: true, description: 'stores; default: catalogue.lance' }],
  options: [],
  examples: ['lookalike stores', 'lookalike stores shop.lance other.lance --json'],
  input: z.object({ store: z.array(z.string().min(1, 'must not be empty')) }),
  async run({ store: given }, terminal) {
    const documents = [];
    for (const uri of given.length === 0 ? ['catalogue.lance'] : given) {
      terminal.signal.throwIfAborted();
      const store = await openStore(uri);
      const found = await describeStore(store).finally(() => store.close());
      if (given.length > 1) terminal.say(`${uri}:`);
      for (const line of textTable(linesOf(found), ['left', 'left'])) terminal.say(line);
      documents.push(documentOf(uri, found));
    }
    return { stores: documents };
  },
});

function linesOf({ stamp, images, added, fields, facts, index, source, lastRun }: StoreDescription): string[][] {
  const run =
    lastRun === undefined
      ? 'none came to its end'
      : `${lastRun.at}: ${lastRun.added} added, ${lastRun.updated} updated, ${lastRun.moved} moved, ${lastRun.removed} removed, ${lastRun.unchanged} unchanged`;
  return [
    ['images', added === 0 ? `${images}` : `${images}, ${added} of them added by themselves`],
    ['mirrors', source?.location ?? 'nothing'],
    ['model', modelInWords(stamp)],
    [
      'vectors',
      `${stamp.dimension} dimensions, by ${stamp.distance} distance${stamp.precision === undefined ? '' : `, computed in ${stamp.precision}`}`,
    ],
    ['fields', fields.length === 0 ? 'none' : fields.map(({ name, kind }) => `${name} (${kind})`).join(', ')],
    ...searchLines(facts.index, index),
    ['size', facts.bytes === undefined ? 'not known' : `${bytesInWords(facts.bytes)} for ${counted(images, 'image')}`],
    ['last index', run],
  ];
}

function documentOf(uri: string, { stamp, fields, facts, index, source, lastRun, ...counts }: StoreDescription) {
  return {
    store: uri,
    ...counts,
    ...stamp,
    precision: stamp.precision ?? 'float32',
    fields: fields.map((field) => ({ ...field })),
    bytes: facts.bytes ?? null,
    index: facts.index,
    measuredIndex: index === undefined ? null : indexJson(index),
    source: source === undefined ? null : { ...source },
    lastRun: lastRun === undefined ? null : { ...lastRun },
  };
}
