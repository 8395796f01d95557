import { Buffer } from 'node:buffer';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePipe } from '../../../test/support/special-files.ts';
import { cellOf, columnOf, csvRows } from './csv-rows.ts';

let folder = '';
let file = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'csv-'));
  file = path.join(folder, 'a.csv');
});
afterAll(() => rm(folder, { recursive: true }));

/** Lines and cells of a text, or of bytes. */
async function rowsOf(content: string | Uint8Array): Promise<(number | string)[][]> {
  await writeFile(file, content);
  const rows: (number | string)[][] = [];
  for await (const { cells, line } of csvRows(file)) rows.push([line, ...cells]);
  return rows;
}

describe('csvRows', () => {
  it.each([
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['CR', '\r'],
  ])('reads lines that end in %s', async (_, end) => {
    const text = [
      ' image ,label',
      '',
      'a b.png,\tcat ',
      ' \t',
      `" c.png ", "two\nlines" `,
      '"d ""e"".png",\u00a0dog\u3000',
    ];
    const rows = [
      [1, 'image', 'label'],
      [3, 'a b.png', 'cat'],
      [6, ' c.png ', 'two\nlines'],
      [7, 'd "e".png', 'dog'],
    ];
    expect(await rowsOf(text.join(end))).toEqual(rows);
    expect(await rowsOf(text.join(end) + end + end)).toEqual(rows);
    expect(await rowsOf(`\uFEFF${text.join(end)}`)).toEqual(rows);
    expect(await rowsOf(Buffer.from(`\uFEFF${text.join(end)}`, 'utf16le'))).toEqual(rows);
    expect(await rowsOf(Buffer.from(`\uFEFF${text.join(end)}`, 'utf16le').swap16())).toEqual(rows);
  });

  it('reads line ends of all kinds in one file', async () => {
    expect(await rowsOf('a,b\r1,2\n3,4\r\n5,6')).toEqual([
      [1, 'a', 'b'],
      [2, '1', '2'],
      [3, '3', '4'],
      [4, '5', '6'],
    ]);
  });

  it.each(['\r\n', '\r', '\n', '"\r\n', '" \r\n', '""é"\r\n', 'é\r\n', '😀\r\n'])(
    'does not mind where pieces of the file end (%j)',
    async (end) => {
      // Pieces are of 256 KiB: every byte around a line end comes last in one.
      for (let shift = 0; shift < 12; shift++) {
        const start = `a,b\n1,${end.startsWith('"') ? '"' : ''}`;
        const text = `${start}${'x'.repeat(2 ** 18 - start.length - shift)}${end}3,4\n`;
        const rows = await rowsOf(text);
        expect(rows.map(([, first]) => first)).toEqual(['a', '1', '3']);
        expect(rows[2]).toEqual([3, '3', '4']);
      }
    },
  );

  it('gives back what was quoted, and what was not without the blanks around it', async () => {
    const cell = fc.string({
      unit: fc.constantFrom(' ', '\t', '\r', '\n', ',', '"', 'a', 'é', '猫', '\u00a0'),
      maxLength: 8,
    });
    const row = fc.array(
      fc.record({ cell, isQuoted: fc.boolean(), around: fc.constantFrom('', ' ', '\t ', '\u00a0') }),
      {
        minLength: 2,
        maxLength: 2,
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        async (list, end) => {
          const plain = list.map((cells) =>
            cells.map((one) => ({
              ...one,
              around: one.isQuoted ? one.around.replace('\u00a0', ' ') : one.around,
              cell: one.isQuoted ? one.cell : `x${one.cell.replace(/[\r\n,"]/g, '')}`,
            })),
          );
          const text = plain
            .map((cells) =>
              cells
                .map(
                  ({ cell: text, isQuoted, around }) =>
                    `${around}${isQuoted ? `"${text.replaceAll('"', '""')}"` : text}${around}`,
                )
                .join(','),
            )
            .join(end);
          const wanted = plain.map((cells) => cells.map(({ cell: text, isQuoted }) => (isQuoted ? text : text.trim())));
          expect((await rowsOf(`${text}${end}`)).map(([, ...cells]) => cells)).toEqual(wanted);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    [
      'another encoding',
      Buffer.from('image,label\ncaf\xe9.png,x\n', 'latin1'),
      'its text is not UTF-8; save it as UTF-8',
    ],
    ['half a character at the end', Buffer.from([...Buffer.from('a,b\n1,'), 0xc3]), 'its text is not UTF-8'],
    [
      'a cell too many',
      'a,b\n1,2,3\n',
      'is not a CSV: line 2 has 3 cells, and the first line 2: the first line names the columns',
    ],
    ['a quote inside a cell', `a,b\n1,${'y'.repeat(1e7)}"\n`, 'is not a CSV: Invalid Opening Quote'],
    [
      'a quote that is not closed',
      `a,b\n"${'z,\n'.repeat(1e6)}`,
      'is not a CSV: a quote is still open at the end of the file',
    ],
    ['a row without end', `a,b\n"${'z'.repeat(2 ** 25)}`, 'is not a CSV: Max Record Size'],
  ])('says in few words what is wrong with %s', async (_, content, reason) => {
    const error: unknown = await rowsOf(content).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toContain(reason);
    expect((error as Error).message).toContain(file);
    expect((error as Error).message.length).toBeLessThan(600);
  });

  it('does not wait for a pipe, and says that a file is missing', async () => {
    const pipe = path.join(folder, 'pipe.csv');
    makePipe(pipe);
    await expect(csvRows(pipe).next()).rejects.toThrow(
      `cannot read '${pipe}': it is a named pipe, not an ordinary file`,
    );
    await expect(csvRows('/no/such.csv').next()).rejects.toThrow("cannot read '/no/such.csv': there is no such file");
  });
});

describe('columnOf', () => {
  it('finds a column by any of its names, in any case', () => {
    expect(columnOf('f', ['x', 'PATH', 'image'], ['image', 'path'])).toBe(1);
    expect(() => columnOf('f', ['x', 'y'.repeat(1e6)], ['image', 'path'], ': add one')).toThrow(
      `the first line of 'f' has no column 'image' or 'path', only 'x', '${'y'.repeat(60)}… (and 999940 characters more)': add one`,
    );
    expect(() => columnOf('f', ['image', 'label', 'Image'], ['image', 'path'])).toThrow(
      "the first line of 'f' names column 1 and column 3 'image': remove one of them, or call it otherwise",
    );
    expect(columnOf('f', ['label', 'image', 'label'], ['image'])).toBe(1);
    for (const [mark, words] of [
      [';', 'semicolons'],
      ['\t', 'tabs'],
    ]) {
      expect(() => columnOf('f', [`image${mark}label`], ['image'])).toThrow(
        `the columns of 'f' are divided by ${words}, expected commas: save it as comma-separated values`,
      );
    }
    const many = Array.from({ length: 5000 }, (_, k) => `c${k}`);
    expect(() => columnOf('f', many, ['image'])).toThrow(/'c11' and 4988 more$/);
  });
});

describe('cellOf', () => {
  it('refuses a cell that is no path, in few words', () => {
    expect(cellOf('f', { cells: ['a', 'b'.repeat(4096)], line: 3 }, 1)).toHaveLength(4096);
    expect(() => cellOf('f', { cells: ['a', 'b'.repeat(1e7)], line: 3 }, 1)).toThrow(
      `line 3 of 'f' has '${'b'.repeat(60)}… (and 9999940 characters more)' in column 2`,
    );
  });
});
