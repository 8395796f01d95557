import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
const [a, b] = ['pictures/arrow/1.png', 'pictures/bars/2.png'];
beforeAll(async () => {
  work = await makeWorkplace();
  await work.lookalike('index', 'pictures', '-m', 'model.onnx');
});
afterAll(() => work.remove());

const document = async (...argv: string[]) => JSON.parse((await work.lookalike('search', ...argv, '--json')).stdout);

describe('lookalike search', () => {
  it('finds for several queries what it finds for each', async () => {
    const [first, second] = [await document(a, '--top-k', '3'), await document(b, '-k', '3')];
    const both = await document(a, b, '-k', '3');
    expect(both.searches).toEqual([
      { query: a, results: first.results },
      { query: b, results: second.results },
    ]);
    expect(both.results).toBeUndefined();
    expect(first.searches).toEqual([{ query: a, results: first.results }]);
    const { stdout } = await work.lookalike('search', a, b, '-k', '3');
    const rows = (found: { results: { id: string; distance: number }[] }) =>
      found.results.map(({ id, distance }, place) => `${place + 1}  ${distance.toFixed(4)}  ${id}\n`).join('');
    expect(stdout).toBe(`${a}:\n${rows(first)}${b}:\n${rows(second)}`);
  });

  it('looks for images of the store, for vectors, for means and by examples, page by page, through filters', async () => {
    const all = await document(a, '-k', '12');
    const ids = all.results.map(({ id }: { id: string }) => id);
    const pages = [await document(a, '-k', '5', '--page', '2'), await document(a, '-k', '5', '--offset', '5')];
    for (const page of pages) expect(page).toMatchObject({ offset: 5, results: all.results.slice(5, 10) });
    expect((await work.lookalike('search', a, '-k', '5', '--page', '2')).stdout).toMatch(/^ 6 /);
    expect((await document('--id', 'arrow/1.png', '-k', '12')).results).toEqual(all.results);
    const nearest = all.results.filter(({ distance }: { distance: number }) => distance <= all.results[3].distance);
    expect((await document(a, '-k', '12', '--max-distance', `${all.results[3].distance}`)).results).toEqual(nearest);
    const classes = await document(a, '-k', '12', '--where', "class in ('disc', 'bars') and id != 'bars/1.png'");
    expect(classes.results.map(({ id }: { id: string }) => id)).toEqual(
      ids.filter((id: string) => /^(disc|bars)/.test(id) && id !== 'bars/1.png'),
    );
    expect(classes.results[0].metadata.class).toBe(classes.results[0].id.split('/')[0]);
    await writeFile(at('vector.json'), JSON.stringify(Array.from({ length: 8 }, () => 1)));
    const wrong = await work.lookalike('search', '--vector', 'vector.json');
    expect(errorOf(wrong)).toMatch(/a vector to search by has 24 numbers/);
    const together = await document(a, b, '--together', '-k', '2');
    expect(together.query).toBe(`${a} + ${b}`);
    expect(together.results.map(({ id }: { id: string }) => id).sort()).toEqual(['arrow/1.png', 'bars/2.png']);
    const like = await document('--like', a, '--like', 'bars/2.png', '-k', '2');
    expect(like.results).toEqual(together.results);
    const unlike = await document(a, '--unlike', 'bars/2.png', '-k', '12');
    const distance = (found: typeof all) =>
      found.results.find(({ id }: { id: string }) => id === 'bars/2.png').distance;
    expect(distance(unlike)).toBeGreaterThan(distance(all));
    const shares = await work.lookalike('search', a, '--min-alike', '0.5');
    expect(errorOf(shares)).toMatch(/a share of alike pairs needs a calibrated model: .* is not calibrated/);
    const nothing = await work.lookalike('search', a, '--where', "class = 'x'");
    expect(nothing).toMatchObject({ code: 0, stdout: '' });
    expect(nothing.stderr).toMatch(/no image is let through by class = 'x'/);
    const field = await work.lookalike('search', a, '--where', "colour = 'x'");
    expect(errorOf(field)).toMatch(/there is no field 'colour', expected one of id, class/);
    expect(errorOf(await work.lookalike('search', '--id', 'no/1.png'))).toMatch(/^there is no image 'no\/1.png' in/);
  });

  it('has rows alone on standard output, and nothing but them under --quiet', async () => {
    const { stdout, stderr } = await work.lookalike('search', a, '-q');
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toHaveLength(10);
    for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^ ?\d+ {2}\d\.\d{4} {2}\w+\/\d\.png$/);
  });

  it('takes a picture from standard input', async () => {
    const piped = await work.piped(a, 'search', '-', b, '--json');
    const { searches } = JSON.parse(piped.stdout);
    expect(searches).toEqual([
      { query: '-', results: (await document(a)).results },
      { query: b, results: (await document(b)).results },
    ]);
  });

  it('writes a page of what it found, with pictures and links, that tells what is gone', async () => {
    await rm(at('pictures', 'disc', '3.png'));
    await mkdir(at('out'));
    const { code, stderr, stdout } = await work.lookalike('search', a, b, '-k', '12', '--html', 'out/found.html');
    expect(code).toBe(0);
    expect(stderr).toMatch(/\npage: out\/found.html\n$/);
    expect(stdout).not.toContain('html');
    const page = await readFile(at('out', 'found.html'), 'utf8');
    // Two queries and twice 11 pictures; the twelfth is gone.
    expect(page.match(/<img /g)).toHaveLength(2 + 2 * 11);
    expect(page.match(/not to be shown here/g)).toHaveLength(2);
    expect(page).toContain('<a href="../pictures/arrow/1.png">');
    for (const id of ['arrow/1.png', 'disc/3.png']) expect(page).toContain(`<bdi>${id}</bdi>`);
    const compared = await work.lookalike('compare', a, b, '-m', 'model.onnx', '--html', 'pair.htm', '--json');
    expect(JSON.parse(compared.stdout).html).toBe('pair.htm');
    const pair = await readFile(at('pair.htm'), 'utf8');
    expect(pair.match(/<img /g)).toHaveLength(2);
    expect(pair).toContain(`<dd class="figure">${JSON.parse(compared.stdout).distance.toFixed(4)}</dd>`);
  });

  it('draws a page within the limits that the command was given', async () => {
    await sharp({ create: { width: 1, height: 70_000, channels: 3, background: '#804020' } })
      .png()
      .toFile(at('long.png'));
    const limits = ['--max-side', '70000', '--html', 'long.html'];
    const { code, stderr } = await work.lookalike('compare', 'long.png', a, '-m', 'model.onnx', ...limits);
    expect(stderr).not.toContain('more than');
    expect(code).toBe(0);
    expect((await readFile(at('long.html'), 'utf8')).match(/<img /g)).toHaveLength(2);
  });

  it.each([
    [
      ['catalogue.lance', a],
      /^'catalogue.lance' is a store, not a picture: give it as --store catalogue.lance; see/,
      2,
    ],
    [['no.lance', a], /^'no.lance' is a store, not a picture/, 2],
    [[], /^argument 'image' is missing: name a picture, or give --id, --vector or --like/, 2],
    [
      [a, '--where', "class = 'arrow"],
      /^the filter is wrong at character 9, ''arrow': a quote \('\) that is not closed/,
      2,
    ],
    [[a, '--page', '2', '--offset', '3'], /^--page and --offset both say where results begin: give one of them/, 2],
    [['--vector', a], /is no vector: it has to hold an array of numbers as JSON|cannot read/, 2],
    [[a, 'no.png'], /^cannot read the image 'no.png': there is no such file/, 1],
    [[a, 'pictures'], /^cannot read the image 'pictures': it is a folder/, 1],
    [[a, '--html', 'found.png'], /^option '--html <file>' must end in .html, got 'found.png'/, 2],
    [[a, '--html', 'no/found.html'], /^there is no folder 'no' for the page/, 2],
    [[a, '--open'], /^--open opens the page that --html writes: give --html <file>, too/, 2],
    [[a, '-k', '5000', '--html', 'x.html'], /^a page has room for 2000 pictures, and there may be 5001/, 2],
    [[a, '--limit', '3'], /^unknown option '--limit': here it is --count/, 2],
  ] as const)('says what is wrong with %j, before a model is loaded', async (argv, message, code) => {
    const finished = await work.lookalike('search', ...argv);
    expect({ code: finished.code, error: errorOf(finished) }).toEqual({ code, error: expect.stringMatching(message) });
    expect(finished.stderr).not.toMatch(/^model:/);
  });

  it('leaves a page that is there as it is where the query cannot be read', async () => {
    await writeFile(at('kept.html'), 'kept');
    await writeFile(at('text.jpg'), 'text');
    expect((await work.lookalike('search', a, 'text.jpg', '--html', 'kept.html')).code).toBe(1);
    expect(await readFile(at('kept.html'), 'utf8')).toBe('kept');
  });
});
