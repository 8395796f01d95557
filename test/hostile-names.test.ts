import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Finished, makeWorkplace, type Workplace } from './support/lookalike.ts';

// What no terminal may be sent: names of files, classes and models, cells of CSV files and what is typed hold all of it.
const hostile = '\u001b]0;title\u0007\u001b[2J\r\n\t\u007f\u009b31m\u061c\u200e\u202e\u2066\u2028\u2029\ufeff';
const obeyed = new Set([...hostile.replace(/[\n -~]/g, ''), '\u0000', '\u0008', '\u0085', '\u202a', '\u2069']);

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
  const pictures = path.join(work.folder, 'pictures');
  await rename(path.join(pictures, 'disc'), path.join(pictures, hostile));
  await writeFile(path.join(pictures, hostile, `broken ${hostile}.png`), `no picture ${hostile}`);
  await writeFile(path.join(work.folder, 'labels.csv'), `file,label\n"pictures/none ${hostile}.png","${hostile}"\n`);
  await writeFile(path.join(work.folder, 'triplets.csv'), `query,positive,negative\n"${hostile}","${hostile}","b"\n`);
  await writeFile(path.join(work.folder, `text ${hostile}`), hostile);
  const run = path.join(work.folder, 'run');
  await mkdir(run);
  await writeFile(path.join(run, 'config.json'), hostile);
  await writeFile(path.join(run, 'log.jsonl'), hostile);
  const model = await readFile(path.join(work.folder, 'model.onnx'));
  await writeFile(path.join(work.folder, `${hostile}.onnx`), model);
});
afterAll(() => work.remove());

const query = `pictures/${hostile}/1.png`;
const model = `${hostile}.onnx`;

/** Command lines that have hostile text to say. */
const commands: readonly (readonly string[])[] = [
  ['inspect', 'pictures'],
  ['inspect', 'labels.csv'],
  ['inspect', hostile],
  ['index', 'pictures', '-m', model, '-s', 'names.lance'],
  ['index', 'labels.csv', '-m', model, '-s', 'labels.lance'],
  ['search', query, '-m', model, '-s', 'names.lance', '-k', '20'],
  ['search', query, '-m', 'other.onnx', '-s', 'names.lance'],
  ['search', query, '-m', model, '-s', hostile],
  ['compare', query, `pictures/${hostile}/broken ${hostile}.png`, '-m', model],
  ['compare', query, query, '-m', `text ${hostile}`],
  ['compare', query, query, '-m', hostile],
  ['triplets', 'pictures', '-o', `${hostile}.csv`, '--positives', '2'],
  ['evaluate', 'pictures', '-m', model],
  ['evaluate', 'triplets.csv', '-m', model],
  ['calibrate', 'pictures', model],
  ['quantize', 'pictures', '-m', model, '-o', `q${hostile}.onnx`],
  ['cut-points', `text ${hostile}`],
  ['doctor', 'run'],
  ['train', 'labels.csv', '-o', hostile],
  ['train', 'pictures', '-o', hostile, '--weights', `text ${hostile}`, '--backbone', hostile],
  [hostile],
  ['help', hostile],
  ['search', query, `--${hostile}`],
  ['search', query, '-k', hostile],
];

/** What a terminal would obey in a text, beside line breaks. */
const sent = (text: string) => [...text].filter((character) => obeyed.has(character));
const said = ({ stdout, stderr }: Finished) => `${stdout}${stderr}`;

describe.each(commands.map((argv) => [argv.join(' '), argv] as const))('%j', (_, argv) => {
  it('shows hostile text and sends none', async () => {
    const text = said(await work.lookalike(...argv, '--verbose'));
    expect(sent(text)).toEqual([]);
    expect(text).toContain('\\x1b]0;title\\x07');
  });

  it('has it in its document as it is, and none raw', async () => {
    const done = await work.lookalike(...argv, '--json');
    expect(sent(said(done))).toEqual([]);
    if (done.stdout !== '') JSON.parse(done.stdout);
  });
});
