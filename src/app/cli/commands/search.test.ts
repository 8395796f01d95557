import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../test/support/lookalike.ts';

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
    [[], /^missing required argument 'image'/, 2],
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
