import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
beforeAll(async () => {
  work = await makeWorkplace();
  await mkdir(at('mirrored'));
  await rename(at('pictures', 'arrow'), at('mirrored', 'arrow'));
  await work.lookalike('index', 'mirrored', '-m', 'model.onnx');
});
afterAll(() => work.remove());

const json = async (...argv: string[]) => JSON.parse((await work.lookalike(...argv, '--json')).stdout);
const stored = async () => {
  const { results } = await json('search', '--id', 'arrow/1.png', '-k', '1000');
  return results.map(({ id }: { id: string }) => id).sort();
};

describe('lookalike add, remove and stores', () => {
  it('add files and folders beside those that are mirrored, each once, and remove them again', async () => {
    const mirrored = await stored();
    expect(await json('add', 'pictures/disc/1.png')).toMatchObject({ added: 1, updated: 0, unchanged: 0 });
    expect(await json('add', 'pictures/disc/1.png')).toMatchObject({ added: 0, updated: 0, unchanged: 1 });
    expect(await stored()).toEqual([...mirrored, '1.png'].sort());
    await writeFile(at('prices.csv'), 'id,price\nshop/bars/1.png,5\nshop/bars/2.png,50\nshop/none,1\n');
    const { added, metadata } = await json('add', 'pictures', '--prefix', 'shop/', '--metadata', 'prices.csv');
    expect(metadata).toMatchObject({ withoutRow: added - 2, unknown: [{ id: 'shop/none', line: 4 }] });
    expect((await json('search', '--id', '1.png', '--where', "price < 10 and class = 'bars'")).results).toMatchObject([
      { id: 'shop/bars/1.png', path: at('pictures', 'bars', '1.png'), metadata: { price: 5, class: 'bars' } },
    ]);
    const before = await stored();
    expect(await json('index', 'mirrored')).toMatchObject({ added: 0, removed: 0 });
    expect(await stored()).toEqual(before);
    await cp(at('pictures', 'bars', '2.png'), at('pictures', 'disc', '1.png'));
    expect(await json('add', 'pictures', '--prefix', 'shop/')).toMatchObject({ added: 0, updated: 1 });
    const told = await json('remove', '--where', 'price >= 5', '--within', 'shop/', '--dry-run');
    expect(told.removed.map(({ id }: { id: string }) => id)).toEqual(['shop/bars/1.png', 'shop/bars/2.png']);
    expect(await stored()).toEqual(before);
    const gone = await json('remove', '1.png', 'never there');
    expect(gone).toMatchObject({ removed: [{ id: '1.png' }], unknown: ['never there'], images: before.length - 1 });
    await work.lookalike('remove', '--within', 'shop/');
    expect(await stored()).toEqual(mirrored);
  });

  it('say what a store holds', async () => {
    await json('add', 'pictures/bars/1.png');
    const { stdout } = await work.lookalike('stores');
    expect(stdout).toMatch(/^images +\d+, 1 of them added by themselves$/m);
    expect(stdout).toMatch(/^mirrors +.*mirrored$/m);
    expect(stdout).toMatch(/^fields +class \(text\), price \(number\)$/m);
    expect(stdout).toMatch(/^last index +\d{4}-.*: 0 added, 0 updated, 0 moved, 0 removed, \d unchanged$/m);
    const { stores } = await json('stores', 'catalogue.lance');
    expect(stores).toMatchObject([
      {
        store: 'catalogue.lance',
        added: 1,
        index: 'exact',
        fields: [{ name: 'class', kind: 'text' }, { name: 'price' }],
      },
    ]);
    expect(stores[0].bytes).toBeGreaterThan(1000);
    await work.lookalike('remove', '1.png');
  });

  it('refuse what would mix names, what is missing and stores that are not there', async () => {
    const error = async (...argv: string[]) => errorOf(await work.lookalike(...argv));
    expect(await error('add', 'mirrored', '--prefix', '')).toMatch(
      /^the store 'catalogue.lance' mirrors an image called 'arrow\/1.png': give another prefix/,
    );
    expect(await error('add', 'pictures/none.png')).toMatch(/none.png/);
    expect(await error('remove')).toMatch(/^argument 'id' is missing: name images, or give --within or --where/);
    expect(await error('remove', '--where', 'prise < 5')).toMatch(/there is no field 'prise'.*did you mean price\?/);
    expect(await error('stores', 'none.lance')).toMatch(/^there is no store at 'none.lance'/);
    expect(await error('remove', 'x', '-s', 'none.lance')).toMatch(/^there is no store at 'none.lance'/);
    await rm(at('catalogue.lance', 'images.lance', 'data'), { recursive: true });
    expect(await error('stores')).toMatch(/^the store 'catalogue.lance' is damaged .*bring it back from a copy/);
  });
});
