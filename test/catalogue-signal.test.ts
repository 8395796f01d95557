import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePictures } from './fixtures/make-pictures.ts';
import { makeWorkplace, type Workplace } from './support/lookalike.ts';

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
  // More than are prepared without threads.
  await makePictures(path.join(work.folder, 'many'), { classes: 10, picturesPerClass: 15, size: 24 });
});
afterAll(() => work.remove());

it('a catalogue whose index is stopped by its signal at any moment says so, and can be closed', () => {
  const library = pathToFileURL(path.resolve(import.meta.dirname, '../dist/library/index.js')).href;
  const script = `
    import { openCatalogue } from ${JSON.stringify(library)};
    for (let round = 0; round < 8; round++) {
      const catalogue = await openCatalogue('store-' + round + '.lance', { model: 'model.onnx' });
      const stop = new AbortController();
      // Where the first pictures are embedded, or so much later, with threads at work.
      const later = (time) => setTimeout(() => stop.abort(new Error('enough')), time);
      if (round % 2 === 0) later(20 * round);
      const onProgress = () => stop.signal.aborted || later(round);
      const said = await catalogue.index('many', { signal: stop.signal, onProgress }).then(() => 'done', (error) => error.message);
      await catalogue.close();
      console.log(said);
    }
    console.log('the end');
  `;
  const node = ['--input-type=module', '-e', script];
  const { status, stdout, stderr } = spawnSync(process.execPath, node, {
    encoding: 'utf8',
    cwd: work.folder,
    timeout: 90_000,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const said = stdout.trim().split('\n');
  expect(said.pop()).toBe('the end');
  expect(said).toHaveLength(8);
  expect(said.filter((line) => line !== 'enough' && line !== 'done')).toEqual([]);
  expect(said).toContain('enough');
});
