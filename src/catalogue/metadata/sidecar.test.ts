import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSidecar } from './sidecar.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-sidecar-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(name: string, content: string | Uint8Array, known: Parameters<typeof readSidecar>[1] = []) {
  const file = path.join(folder, name);
  await writeFile(file, content);
  const sidecar = await readSidecar(file, known);
  return {
    kinds: Object.fromEntries(sidecar.fields.map((field) => [field.name, field.kind])),
    rows: Object.fromEntries([...sidecar.rows].map(([id, { metadata }]) => [id, metadata])),
    lines: [...sidecar.rows.values()].map(({ line }) => line),
  };
}

describe('a sidecar of a CSV', () => {
  it('has fields of the kinds that all their values are of, or that their columns state', async () => {
    const lines = [
      'price,Path,sold,since,code,ean,tags:list,size:text,name',
      '9.5,a\\1.png,true,2024-02-29,007,12345678901234567890,"new; it\'s;",42,501',
      ' -1e3 , ./b.png ,FALSE,2024-03-01T12:00:00+01:00,008,1,,,Chuck',
      '',
      ',c.png,,,,,,,',
    ];
    for (const text of [lines.join('\n'), `\ufeff${lines.join('\r\n')}`]) {
      expect(await read('good.csv', text)).toEqual({
        kinds: {
          ...{ code: 'text', ean: 'text', name: 'text', price: 'number' },
          ...{ since: 'date', size: 'text', sold: 'flag', tags: 'list' },
        },
        rows: {
          'a/1.png': {
            price: 9.5,
            sold: true,
            since: new Date('2024-02-29T00:00:00Z'),
            code: '007',
            ean: '12345678901234567890',
            tags: ['new', "it's"],
            size: '42',
            name: '501',
          },
          'b.png': {
            price: -1000,
            sold: false,
            since: new Date('2024-03-01T11:00:00Z'),
            code: '008',
            ean: '1',
            name: 'Chuck',
          },
          'c.png': {},
        },
        lines: [2, 3, 5],
      });
    }
    const utf16 = Buffer.from('\ufeffid,price\na.png,1\n', 'utf16le');
    expect((await read('utf16.csv', utf16)).rows).toEqual({ 'a.png': { price: 1 } });
  });

  it.each([
    ['', 'is empty: its first line has to name the columns'],
    ['id,price\n', 'describes no images'],
    ['name,price\na,1\n', "has no column 'id' or 'path' or 'file' or 'filename' or 'image', only 'name', 'price'"],
    ['id,price\na,1\nb,n/a\nc,3\n', `line 3 of '@': 'price' is "n/a", and 2 other values there are numbers`],
    [
      'id,price:number\na,1\nb,n/a\n',
      "line 3 of '@': 'n/a' in 'price' is not of a field of numbers, as its column says",
    ],
    ['id,since:date\na,2023-02-29\n', "line 2 of '@': '2023-02-29' in 'since' is not of a field of dates"],
    ['id,price\na,1\n./a,2\n', "lines 2 and 3 of '@' are both about 'a'"],
    ['id,price,price\na,1,2\n', "columns 2 and 3 of '@' are both called 'price'"],
    ['id,\na,1\n', "column 2 of '@' has no name"],
    ['id,price\n,1\n', "line 2 of '@' names no image"],
    ['id,price\na,1,2\n', 'is not a CSV'],
    [`id,${'x'.repeat(200)}\na,1\n`, 'has more than 100 characters: rename the column'],
    ['path,id,id:text\na,b,c\n', "'id', is what images themselves are called"],
    ['path,id,id\na,b,c\n', "names column 2 and column 3 'id': remove one of them"],
  ])('is refused where it is wrong: %j', async (text, message) => {
    const file = path.join(folder, 'wrong.csv');
    await expect(read('wrong.csv', text)).rejects.toThrow(message.replace('@', file));
  });

  it('is of the kinds that the store has', async () => {
    const known = [{ name: 'code', kind: 'text' }] as const;
    expect((await read('known.csv', 'id,code\na,7\n', known)).rows).toEqual({ a: { code: '7' } });
    await expect(read('known.csv', 'id,code:number\na,7\n', known)).rejects.toThrow(
      "says that 'code' holds numbers, and in the store it holds texts: rename it",
    );
  });
});

describe('a sidecar of JSON lines', () => {
  it('has the types of JSON; texts of dates are dates', async () => {
    const lines = [
      { id: 'a', price: 1, tags: ['x'], since: '2024-01-01', zip: '01234', gone: null },
      { price: 2.5, id: 'b', sold: true, tags: [], since: '2024-01-02T10:00Z', zip: '5' },
    ].map((one) => JSON.stringify(one));
    expect(await read('good.jsonl', `\ufeff${lines.join('\r\n')}\n\n`)).toEqual({
      kinds: { price: 'number', since: 'date', sold: 'flag', tags: 'list', zip: 'text' },
      rows: {
        a: { price: 1, tags: ['x'], since: new Date('2024-01-01'), zip: '01234' },
        b: { price: 2.5, sold: true, since: new Date('2024-01-02T10:00Z'), zip: '5' },
      },
      lines: [1, 2],
    });
  });

  it.each([
    ['{"id":"a"}\n{"id":', "line 2 of '@' is no JSON"],
    ['[1]', "line 1 of '@' is no object"],
    ['{"price":1}', "line 1 of '@' names no image"],
    ['{"id":"a","at":{"x":1}}', `line 1 of '@': 'at' is {"x":1}, expected a text, a number`],
    [
      '{"id":"a","p":1}\n{"id":"b","p":2}\n{"id":"c","p":"x"}',
      `line 3 of '@': 'p' is "x", and 2 other values there are numbers`,
    ],
    ['{"id":"a","p":"\\ud800"}', "line 1 of '@': '\ud800' in 'p' has a character that is none"],
    ['{"id":"a","p":"x\\u0000"}', 'has a character that is none'],
  ])('is refused where it is wrong: %j', async (text, message) => {
    const file = path.join(folder, 'wrong.jsonl');
    await expect(read('wrong.jsonl', text)).rejects.toThrow(message.replace('@', file));
  });

  it('is told from other files by its ending', async () => {
    await expect(read('a.xlsx', '')).rejects.toThrow('ends in .xlsx, expected .csv or .jsonl');
    await expect(readSidecar(path.join(folder, 'missing.csv'))).rejects.toThrow(/cannot read .*missing.csv/);
  });
});
