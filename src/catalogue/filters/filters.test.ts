import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFilter, filterText, metadataFields } from '../../../test/fixtures/random-filters.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { bindFilter } from './bind-filter.ts';
import type { Filter } from './filter.ts';
import { matchesFilter } from './matches-filter.ts';
import { parseFilter } from './parse-filter.ts';

const image = {
  id: 'shoes/1.jpg',
  metadata: { class: 'shoes', price: 49.5, sold: false, since: new Date('2024-03-01T12:00:00Z'), tags: ['new', 'red'] },
};
const bare = { id: 'bare' };
const passes = (text: string, one: Parameters<typeof matchesFilter>[1] = image) =>
  matchesFilter(bindFilter(text, metadataFields), one);

describe('a filter', () => {
  it.each([
    "class = 'shoes' and price < 50",
    "CLASS = 'x' or price >= 49.5".replace('CLASS', 'class'),
    "class == 'shoes' AND NOT (price <> 49.5 OR sold = true)",
    "class in ('hats', 'shoes') and class not in ('socks')",
    'price between 49.5 and 50 and not price between 0 and 1',
    'price not between 0 and 1',
    "since >= '2024-03-01' and since < '2024-03-01T13:00+00:30'",
    "class starts with 'sh' and class contains 'oe' and not class contains 'OE'",
    "tags has 'red' and not tags has 'r'",
    'sold is not null and sold = false',
    'id starts with \'shoes/\' and "price" > -1e3 and `price` < +.5e3',
    "class != 'hats' and class > 'hats' and class <= 'shoes'",
    '((((price=49.5))))',
  ])('lets through what it says: %s', (text) => {
    expect(passes(text)).toBe(true);
    expect(passes(`not (${text})`)).toBe(false);
  });

  it('is false of what an image does not have, whatever is asked, and its not is true', () => {
    for (const text of ["class = 'x'", "class != 'x'", 'price < 5', 'price >= 5', "tags has 'x'", "class in ('a')"]) {
      expect(passes(text, bare), text).toBe(false);
      expect(passes(`not ${text}`, bare), text).toBe(true);
    }
    expect(passes('class is null and not price is not null', bare)).toBe(true);
  });

  it('binds and first, then or', () => {
    const [a, b, c] = ["id = 'bare'", "id = 'x'", "id = 'y'"];
    expect(passes(`${a} or ${b} and ${c}`, bare)).toBe(true);
    expect(passes(`(${a} or ${b}) and ${c}`, bare)).toBe(false);
    expect(passes(`not ${b} and ${a}`, bare)).toBe(true);
  });

  it('orders texts by code points, as databases do, not by UTF-16', () => {
    const shoe = { id: 'x', metadata: { class: '\u{1f45f}' } };
    expect('\u{1f45f}' < '\uff5e').toBe(true);
    expect(passes("class > '\uff5e'", shoe)).toBe(true);
  });

  it('means the same when it is written and read again', () => {
    const values = ['shoes', "it's", '', 'ä'];
    const images = Array.from({ length: 40 }, (_, n) => ({
      id: `${values[n % 4]}/${n}`,
      metadata: {
        ...(n % 3 === 0 ? {} : { class: values[n % 4] }),
        ...(n % 5 === 0 ? {} : { price: [0, -1.5, 2][n % 3] }),
        ...(n % 2 === 0 ? {} : { sold: n % 3 === 0, since: new Date(n * 1e9), tags: [values[n % 3]] }),
      },
    }));
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const direct = bindFilter(filter, metadataFields);
        const read = bindFilter(filterText(filter), metadataFields);
        for (const one of images) expect(matchesFilter(read, one)).toBe(matchesFilter(direct, one));
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it('never fails with anything but its own error, whatever is written', () => {
    const words = [
      'class',
      'price',
      "'a'",
      '5',
      '(',
      ')',
      ',',
      '=',
      '<',
      'and',
      'or',
      'not',
      'in',
      'is',
      'null',
      '"',
      "'",
      '$',
    ];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.constantFrom(...words)).map((some) => some.join(' ')),
        ),
        (text) => {
          try {
            bindFilter(text, metadataFields);
          } catch (error) {
            expect(error).toBeInstanceOf(UsageError);
            expect((error as UsageError).message).toMatch(/^the filter is wrong/);
          }
        },
      ),
      { numRuns: 2000, seed: 4 },
    );
  });
});

describe('a filter that is wrong', () => {
  it.each([
    [
      "class = 'shoes' an price < 50",
      "at character 17, 'an price < 50': the word 'an' stands there, expected and, or, or the end of the filter; did you mean and?",
    ],
    ['', 'at character 1, its end: its end stands there, expected a field'],
    [
      'class = shoes',
      "at character 9, 'shoes': the word 'shoes' stands there, expected a value: a text in single quotes, as in 'shoes'",
    ],
    ["class = 'shoes", "at character 9, ''shoes': a quote (') that is not closed"],
    [
      "colour = 'red'",
      "at character 1, 'colour = 'red'': there is no field 'colour', expected one of id, class, price, since, sold, tags",
    ],
    ['prise < 5', 'did you mean price?'],
    ["price < 'cheap'", "'price' holds numbers, expected a number"],
    ['class = 5', "'class' holds texts, expected a text"],
    ['id = 5', "'id' holds the names of images, expected a text"],
    ["sold = 'yes'", "'sold' holds true or false, expected true or false"],
    ['sold < true', "'sold' holds true or false, which have no order, expected = or !="],
    ["since > 'yesterday'", "'since' holds dates, expected a date such as '2024-01-31'"],
    ["tags = 'new'", "'tags' holds lists, expected has, as in tags has 'new'"],
    ["class has 'new'", "'class' holds no lists, expected =, as in class = 'shoes'"],
    ['price contains 5', 'expected a text in single quotes'],
    ["price contains '5'", "'price' holds numbers"],
    ['class like 5', 'expected one of =, !=, <'],
    ['(price < 5', 'at character 11, its end: its end stands there, expected and, or, or a closing bracket'],
    ['price in 5', 'expected an opening bracket'],
    ['price in (5', 'expected a comma or a closing bracket'],
    ['class is nul', 'did you mean null?'],
    ['and = 5', "expected a field (in double quotes if it is called 'and')"],
    ['price < 5;', "at character 10, ';': ';' stands for nothing here"],
    ['price between 1 or 2', 'expected and, as in between 1 and 2'],
    ["class starts 'x'", "expected with, as in starts with 'a'"],
    [`${'('.repeat(60)}price < 5`, 'filters in filters, more than 12 deep'],
    [Array.from({ length: 600 }, () => 'price < 5').join(' or '), 'more than 500 conditions'],
    ['x'.repeat(30_000), 'it has 30000 letters, expected at most 20000'],
    [`class = '\ud800'`, 'a text has a character that is none'],
  ])('says where and what is expected: %j', (text, message) => {
    expect(() => bindFilter(text, metadataFields)).toThrow(message);
  });

  it('is refused as an object, too', () => {
    const wrong = (filter: unknown, message: string) =>
      expect(() => bindFilter(filter as Filter, metadataFields)).toThrow(message);
    wrong({ kind: 'and', parts: [] }, "'and' combines nothing");
    wrong({ kind: 'like', field: 'class', value: 'x' }, "'like' is no kind of filter, expected and, or, not");
    wrong({ kind: 'among', field: 'class', values: [] }, "'in' names no value");
    wrong({ kind: 'compare', field: 'price', operator: '<', value: Number.NaN }, 'is no number of a field');
    wrong({ kind: 'compare', field: 'price', operator: '; DROP', value: 5 }, "'; DROP' is no comparison");
    wrong({ kind: 'text', field: 'class', match: 'like', value: 'x' }, "'like' is no comparison of texts");
    let deep: Filter = { kind: 'missing', field: 'class' };
    for (let depth = 0; depth < 100; depth++) deep = { kind: 'not', part: deep };
    wrong(deep, 'it is too large or too deep');
  });

  it('keeps the place of a field for later', () => {
    expect(parseFilter("price < 5 and class = 'x'")).toMatchObject({ kind: 'and', parts: [{ at: 0 }, { at: 14 }] });
  });
});
