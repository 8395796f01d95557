import { z } from 'zod';
import { OtherPlaceError } from '../../../../catalogue/mirror/catalogue-source.ts';
import type { IndexReport } from '../../../../catalogue/mirror/indexing/index-report.ts';
import { DatasetError } from '../../../../foundation/errors/dataset-error.ts';
import { StoreError } from '../../../../foundation/errors/store-error.ts';
import type { LockHolder } from '../../../../foundation/files/lock-holder.ts';
import type { Progress } from '../../../../foundation/progress/progress.ts';
import { counted } from '../../../../foundation/text/counted.ts';
import { splitPart } from '../../../../pictures/datasets/dataset-part.ts';
import { signByteLength } from '../../../../ranking/distances/sign-bits.ts';
import { defineCommand } from '../../command.ts';
import { noteDivision, warnOfPassedOver } from '../../input/load-images.ts';
import { openStoreModel } from '../../input/open-store-model.ts';
import { requireImages } from '../../input/require-images.ts';
import { modelOption } from '../../input/resolve-model.ts';
import { somePicture } from '../../input/some-picture.ts';
import { distanceInput, distanceOption, distanceOrBinary } from '../../options/distance-option.ts';
import { engineInput, engineOptions, givenEngine } from '../../options/engine-options.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../../options/picture-limit-options.ts';
import { repeated } from '../../options/repeated.ts';
import { storeInput, storeOption } from '../../options/store-option.ts';
import { countsLine, goneLines } from '../../output/catalogue/mirrored-lines.ts';
import { sidecarJson, sidecarLines } from '../../output/catalogue/sidecar-lines.ts';
import { errorLine } from '../../output/error-line.ts';
import { nextCommand } from '../../output/next-command.ts';
import type { Terminal } from '../../output/terminal.ts';
import { sayUnreadable } from '../../output/unreadable-images.ts';
import { waitingLine } from '../../output/waiting-line.ts';

/** `lookalike index` */
export const indexImagesCommand = defineCommand({
  name: 'index',
  group: 'Use a model',
  summary: 'embed images and keep them in a store that search looks in',
  details:
    'The store mirrors the images: new and changed ones are embedded, vanished ones removed, the others left alone. ' +
    'A file that has another name or folder by now is known by its bytes and not embedded again. ' +
    'A run that was stopped goes on where it was when the same command is given again. ' +
    'A store keeps the distance that it was made with; by default it is the one that the model is made for. ' +
    'Without --model, a store that is there is indexed by the model that it was made with. ' +
    'One process at a time writes a store: another index of the same store waits, says for whom, and goes on by itself. ' +
    'Images of a folder that is gone are removed, and said to be: mount a disk before its pictures are indexed.',
  arguments: [{ name: 'images', description: 'a folder of images, a CSV with labels, or IDX files' }],
  options: [
    storeOption,
    modelOption,
    distanceOption,
    {
      flags: '--binary',
      description: 'keep the signs of the embeddings alone, a bit an element: short for --distance hamming',
    },
    {
      flags: '--metadata <file>',
      description:
        'what else is known of the images: a CSV or JSON lines (.jsonl) with a row for each, to filter by; see docs/search.md',
    },
    {
      flags: '--vectors <file>',
      repeatable: true,
      description:
        'take vectors that embed or export wrote for images of the same bytes, or that another program wrote (id and vector) for ' +
        'those of the same name: .parquet, .arrow, .jsonl, .npy; may be repeated',
    },
    {
      flags: '--thumbnails',
      description: 'keep a small picture of every image in the store, for pages where the file is no longer there',
    },
    { flags: '--dry-run', description: 'say what there is to do, and do nothing' },
    { flags: '--moved', description: 'the images that the store mirrors are in another place now: this one' },
    { flags: '--recheck', description: 'read every file again, also those whose time and length are as they were' },
    ...engineOptions,
    ...pictureLimitOptions,
  ],
  examples: [
    'lookalike index pictures/',
    'lookalike index pictures/ --store shop.lance --model run/model.onnx',
    'lookalike index pictures/ --metadata articles.csv --dry-run',
  ],
  stopsItself: true,
  input: z.object({
    images: z.string(),
    store: storeInput,
    model: z.string().optional(),
    distance: distanceInput,
    binary: z.boolean().default(false),
    metadata: z.string().optional(),
    vectors: repeated,
    thumbnails: z.boolean().default(false),
    dryRun: z.boolean().default(false),
    moved: z.boolean().default(false),
    recheck: z.boolean().default(false),
    ...engineInput,
    ...pictureLimitInput,
  }),
  async run(
    {
      images,
      store,
      model: given,
      distance: asked,
      binary,
      metadata,
      vectors: files,
      thumbnails,
      dryRun,
      moved,
      recheck,
      engine,
      precision,
      decode,
      ...limits
    },
    terminal,
  ) {
    const wanted = distanceOrBinary(asked, binary);
    await requireImages(images);
    const { embedder, model, announce } = await openStoreModel(store, given, {
      ...givenEngine({ engine, precision, decode }),
      pictureLimits: givenPictureLimits(limits),
    });
    const { openCatalogue } = await import('../../../../catalogue/mirror/open-catalogue.ts');
    const { givenVectors } = await import('../../../../catalogue/exchange/given-vectors.ts');
    const { modelStamp } = await import('../../../../catalogue/mirror/model-stamp.ts');
    const catalogue = await openCatalogue(store, {
      model: embedder,
      ...(wanted === undefined ? {} : { distance: wanted }),
    });
    try {
      const onProgress = (progress: Progress) => {
        announce(terminal);
        terminal.showProgress(progress);
      };
      const onWait = (holder: LockHolder) => terminal.warn(waitingLine(store, holder));
      const { signal } = terminal;
      const vectors = files.length === 0 ? undefined : await givenVectors(files, modelStamp(embedder.model, wanted));
      const options = { moved, recheck, metadata, vectors, thumbnails, dryRun, onProgress, onWait, signal };
      const { metadata: sidecar, ...report } = await catalogue.index(images, options);
      announce(terminal);
      noteDivision(terminal, images, report.division);
      if (sidecar !== undefined) for (const line of sidecarLines(sidecar)) terminal.warn(line);
      if (dryRun) return { ...previewed(terminal, report), model, store, dryRun };
      const count = await catalogue.count();
      const { mended, goneFolders, unreadable, outOfSight } = report;
      const passedOver = report.passedOver.map((one) => ({ ...one }));
      warnOfPassedOver(terminal, { root: images, passedOver });
      if (count === 0)
        throw new DatasetError(`none of the images in '${images}' could be read: ${unreadable[0]?.reason}`);
      terminal.say(`store: ${store} (${counted(count, 'image')})`);
      const distance = await catalogue.distance();
      const { dimension } = embedder;
      const bytesPerVector = distance === 'hamming' ? signByteLength(dimension) : 4 * dimension;
      if (distance === 'hamming') {
        terminal.say(`a bit an element: ${bytesPerVector} bytes a vector instead of ${4 * dimension}`);
      }
      terminal.say(countsLine(report));
      if (report.thumbnails !== undefined && report.thumbnails > 0)
        terminal.say(`${counted(report.thumbnails, 'thumbnail')} made`);
      if (report.given === 0 && report.added + report.updated > 0) {
        terminal.warn(
          'none of the vectors that were given is of one of these images, by its bytes or its name: all were embedded',
        );
      } else if (report.given !== undefined) terminal.say(`${counted(report.given, 'vector')} taken as given`);
      if (outOfSight > 0) terminal.say(`${counted(outOfSight, 'image')} kept that could not be looked for`);
      if (mended > 0) terminal.say(`${counted(mended, 'image')} stored more than once before, now once`);
      for (const line of goneLines(goneFolders)) terminal.warn(line);
      sayUnreadable(terminal, unreadable);
      const picture = await somePicture(splitPart(images).path);
      if (picture !== undefined) terminal.remark(nextCommand('search', picture, '--store', store));
      return { model, store, distance, bytesPerVector, images: count, ...report, ...sidecarJson(sidecar), passedOver };
    } catch (error) {
      if (error instanceof OtherPlaceError) throw new StoreError(error.inWords('give --moved'));
      if (!terminal.signal.aborted) throw error;
      throw new StoreError(`${errorLine(error)}; what is indexed is kept, and the same command goes on from there`);
    } finally {
      await catalogue.close();
      await embedder.close();
    }
  },
});

/** What a run that does nothing says and gives. */
function previewed(terminal: Terminal, report: Omit<IndexReport, 'metadata'>) {
  terminal.say(`nothing was done; there would be ${countsLine(report)}`);
  for (const line of goneLines(report.goneFolders)) terminal.warn(line);
  return { ...report, passedOver: report.passedOver.map((one) => ({ ...one })) };
}
