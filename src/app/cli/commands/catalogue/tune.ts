import { z } from 'zod';
import type { TuneReport } from '../../../../catalogue/tuning/tune-store.ts';
import type { LockHolder } from '../../../../foundation/files/lock-holder.ts';
import { counted } from '../../../../foundation/text/counted.ts';
import { percent } from '../../../../foundation/text/percent.ts';
import { textTable } from '../../../../foundation/text/text-table.ts';
import { defineCommand } from '../../command.ts';
import { openStore } from '../../input/open-store.ts';
import { shareOf, wholeNumber } from '../../options/option-values.ts';
import { storeInput, storeOption } from '../../options/store-option.ts';
import { indexInWords, measuredJson } from '../../output/catalogue/index-lines.ts';
import { waitingLine } from '../../output/waiting-line.ts';

/** `lookalike tune` */
export const tuneCommand = defineCommand({
  name: 'tune',
  group: 'Use a model',
  summary: 'measure what approximate indexes find, and keep the quickest that finds enough',
  details:
    'Images of the store itself are looked for, by exact search and by each index that is worth trying for so many: kept is the index ' +
    'that finds the share that is asked of the nearest images in the shortest time, and none where exact search is as quick. ' +
    'From then on searches use it, where what was measured is enough for what they ask; search --exact does not. ' +
    'A run that is stopped leaves searching exact.',
  arguments: [],
  options: [
    storeOption,
    { flags: '-k, --count <n>', description: 'images that a search mostly finds', default: '10' },
    { flags: '--recall <share>', description: 'of the nearest images the share that has to be found', default: '0.98' },
    { flags: '--queries <n>', description: 'images that are looked for', default: '200' },
  ],
  examples: ['lookalike tune', 'lookalike tune --store shop.lance --recall 0.995 -k 20'],
  stopsItself: true,
  input: z.object({
    store: storeInput,
    count: wholeNumber({ min: 1, max: 1000 }),
    recall: shareOf(),
    queries: wholeNumber({ min: 1, max: 100_000 }),
  }),
  async run({ store: uri, count, recall, queries }, terminal) {
    const { tuneStore } = await import('../../../../catalogue/tuning/tune-store.ts');
    const store = await openStore(uri);
    try {
      const onProgress = terminal.showProgress.bind(terminal);
      const onWait = (holder: LockHolder) => terminal.warn(waitingLine(uri, holder));
      const report = await tuneStore(store, { k: count, recall, queries, onProgress, onWait, signal: terminal.signal });
      terminal.note(report.reason);
      for (const line of textTable(rowsOf(report), ['left', 'left', 'right', 'right', 'right'])) terminal.say(line);
      terminal.say(conclusionOf(report));
      return documentOf(uri, report);
    } finally {
      await store.close();
    }
  },
});

function rowsOf({ tried, exactMilliseconds, asked }: TuneReport): string[][] {
  const rows = [
    ['index', 'looks at', `of the ${asked.k} nearest`, 'a search', 'made in'],
    ['exact', 'every vector', '100.0%', `${exactMilliseconds.toFixed(1)} ms`, ''],
  ];
  for (const { recipe, efforts, buildSeconds } of tried) {
    for (const [place, { effort, recall, milliseconds }] of efforts.entries()) {
      const found = recall.find(({ k }) => k === asked.k)?.recall ?? 0;
      rows.push([
        place === 0 ? indexInWords(recipe) : '',
        Object.entries(effort)
          .map(([name, value]) => `${name} ${value}`)
          .join(', '),
        `${(100 * found).toFixed(1)}%`,
        `${milliseconds.toFixed(1)} ms`,
        place === 0 ? `${buildSeconds.toFixed(1)} s` : '',
      ]);
    }
  }
  return rows;
}

function conclusionOf({ kept, tried, rows, queries, asked }: TuneReport): string {
  if (kept !== undefined) {
    return `kept: ${indexInWords(kept)}, measured on ${counted(queries, 'image')} of ${rows}`;
  }
  if (tried.length === 0) return 'no index: searching is exact';
  const enough = tried.some(({ sufficient }) => sufficient !== undefined);
  return enough
    ? 'no index: exact search is as quick'
    : `no index: none finds ${percent(asked.recall)} of the ${asked.k} nearest; searching is exact`;
}

function documentOf(uri: string, { tried, kept, ...report }: TuneReport) {
  return {
    store: uri,
    ...report,
    asked: { ...report.asked },
    tried: tried.map(({ recipe, buildSeconds, efforts }) => ({
      kind: recipe.kind,
      build: { ...recipe.build },
      buildSeconds,
      efforts: efforts.map(({ effort, recall, milliseconds }) => ({
        effort: { ...effort },
        recall: recall.map((one) => ({ ...one })),
        milliseconds,
      })),
    })),
    kept: kept === undefined ? null : measuredJson(kept),
  };
}
