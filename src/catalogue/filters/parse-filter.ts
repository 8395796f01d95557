import { nearestName } from '../../foundation/arguments/nearest-name.ts';
import {
  deepest,
  type Filter,
  type FilterCondition,
  type FilterOperator,
  type FilterValue,
  mostParts,
} from './filter.ts';
import { filterError } from './filter-error.ts';
import { type FilterToken, filterTokens } from './filter-tokens.ts';

/** Letters that a filter may have. */
const longestFilter = 20_000;

const operators: Readonly<Record<string, FilterOperator>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/** Words that are no fields unless they stand in quotes. */
const keywords = ['and', 'or', 'not', 'in', 'is', 'has', 'starts', 'contains', 'between', 'null', 'true', 'false'];

const comparisons =
  "one of =, !=, <, <=, >, >=, in (…), not in (…), between … and …, starts with '…', contains '…', has '…', is null, is not null";

/**
 * Reads a filter such as `class = 'shoes' and price < 50`. The grammar, keywords in any case:
 *
 * ```
 * filter     = both { "or" both }
 * both       = part { "and" part }
 * part       = "not" part | "(" filter ")" | field condition
 * condition  = ( "=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=" ) value
 *            | [ "not" ] "in" "(" value { "," value } ")"
 *            | [ "not" ] "between" value "and" value
 *            | "starts" "with" text | "contains" text | "has" text
 *            | "is" [ "not" ] "null"
 * field      = a word of letters, digits and _ | anything in "double quotes" or `backticks`
 * value      = text | number | "true" | "false"
 * text       = anything in 'single quotes', a quote inside doubled
 * ```
 *
 * @throws UsageError with the place, what stands there and what is expected.
 */
export function parseFilter(text: string): Filter {
  if (text.length > longestFilter) {
    throw filterError({
      text: undefined,
      at: undefined,
      wrong: `it has ${text.length} letters`,
      expected: `at most ${longestFilter}`,
    });
  }
  return new FilterParser(text).filter();
}

class FilterParser {
  readonly #text: string;
  readonly #tokens: readonly FilterToken[];
  #place = 0;
  #depth = 0;
  #parts = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = filterTokens(text);
  }

  filter(): Filter {
    const filter = this.#or();
    if (this.#next.kind !== 'end') throw this.#unexpected('and, or, or the end of the filter', ['and', 'or']);
    return filter;
  }

  get #next(): FilterToken {
    return this.#tokens[this.#place];
  }

  #or(): Filter {
    return this.#combined('or', () => this.#combined('and', () => this.#part()));
  }

  /** Parts with a word between them; one alone stands for itself. */
  #combined(kind: 'and' | 'or', part: () => Filter): Filter {
    const parts = [part()];
    while (this.#takeWord(kind)) parts.push(part());
    return parts.length === 1 ? parts[0] : { kind, parts };
  }

  #part(): Filter {
    if (++this.#depth > deepest) throw this.#tooMuch(`filters in filters, more than ${deepest} deep`);
    try {
      if (this.#takeWord('not')) return { kind: 'not', part: this.#part() };
      if (!this.#takeSign('(')) return this.#condition();
      const filter = this.#or();
      if (!this.#takeSign(')')) throw this.#unexpected('and, or, or a closing bracket', ['and', 'or']);
      return filter;
    } finally {
      this.#depth--;
    }
  }

  #condition(): Filter {
    if (++this.#parts > mostParts) throw this.#tooMuch(`more than ${mostParts} conditions`);
    const token = this.#next;
    const isKeyword = token.kind === 'name' && keywords.includes(token.text.toLowerCase());
    if ((token.kind !== 'name' && token.kind !== 'quoted') || isKeyword) {
      throw this.#unexpected(isKeyword ? `a field (in double quotes if it is called '${token.text}')` : 'a field');
    }
    this.#place++;
    const field = { field: token.text, at: token.at };
    const sign = this.#next;
    const operator = sign.kind === 'sign' ? operators[sign.text] : undefined;
    if (operator !== undefined) {
      this.#place++;
      return { ...field, kind: 'compare', operator, value: this.#value() };
    }
    return this.#worded(field);
  }

  #worded(field: Pick<FilterCondition, 'field' | 'at'>): Filter {
    if (this.#takeWord('is')) {
      const isNot = this.#takeWord('not');
      if (!this.#takeWord('null')) throw this.#unexpected(isNot ? 'null' : 'null or not null', ['null']);
      return negatedIf(isNot, { ...field, kind: 'missing' });
    }
    if (this.#takeWord('starts')) {
      if (!this.#takeWord('with')) throw this.#unexpected("with, as in starts with 'a'", ['with']);
      return { ...field, kind: 'text', match: 'starts', value: this.#textValue() };
    }
    if (this.#takeWord('contains')) return { ...field, kind: 'text', match: 'contains', value: this.#textValue() };
    if (this.#takeWord('has')) return { ...field, kind: 'has', value: this.#textValue() };
    const isNot = this.#takeWord('not');
    if (this.#takeWord('in')) return negatedIf(isNot, { ...field, kind: 'among', values: this.#values() });
    if (this.#takeWord('between')) return negatedIf(isNot, this.#between(field));
    throw this.#unexpected(isNot ? 'in (…) or between … and …' : comparisons, keywords);
  }

  #between(field: Pick<FilterCondition, 'field' | 'at'>): Filter {
    const least = this.#value();
    if (!this.#takeWord('and')) throw this.#unexpected('and, as in between 1 and 2', ['and']);
    const most = this.#value();
    return {
      kind: 'and',
      parts: [
        { ...field, kind: 'compare', operator: '>=', value: least },
        { ...field, kind: 'compare', operator: '<=', value: most },
      ],
    };
  }

  #values(): FilterValue[] {
    if (!this.#takeSign('(')) throw this.#unexpected("an opening bracket, as in in ('a', 'b')");
    const values = [this.#value()];
    while (this.#takeSign(',')) {
      this.#parts++;
      values.push(this.#value());
    }
    if (!this.#takeSign(')')) throw this.#unexpected('a comma or a closing bracket');
    return values;
  }

  #value(): FilterValue {
    const { kind, text } = this.#next;
    const word = kind === 'name' ? text.toLowerCase() : '';
    if (kind === 'text' || kind === 'number' || word === 'true' || word === 'false') {
      this.#place++;
      if (kind === 'number') return Number(text);
      return kind === 'text' ? text : word === 'true';
    }
    const hint = kind === 'quoted' || kind === 'name' ? `, as in '${text.slice(0, 40)}'` : '';
    throw this.#unexpected(`a value: a text in single quotes${hint}, a number, true or false`);
  }

  #textValue(): string {
    const { kind, text } = this.#next;
    if (kind !== 'text') throw this.#unexpected('a text in single quotes');
    this.#place++;
    return text;
  }

  #takeWord(word: string): boolean {
    return this.#take('name', word);
  }

  #takeSign(sign: string): boolean {
    return this.#take('sign', sign);
  }

  #take(kind: FilterToken['kind'], text: string): boolean {
    const found = this.#next.kind === kind && this.#next.text.toLowerCase() === text;
    if (found) this.#place++;
    return found;
  }

  #unexpected(expected: string, words: readonly string[] = []): Error {
    const { kind, text, at } = this.#next;
    const found = {
      name: `the word '${text}'`,
      quoted: `the name "${text}"`,
      text: `the text '${text}'`,
      end: 'its end',
    };
    const wrong = `${kind in found ? found[kind as keyof typeof found] : `'${text}'`} stands there`;
    const nearest = kind === 'name' ? nearestName(text, words) : undefined;
    return filterError({ text: this.#text, at, wrong, expected, nearest });
  }

  #tooMuch(wrong: string): Error {
    const { at } = this.#next;
    return filterError({ text: this.#text, at, wrong, expected: 'a simpler filter' });
  }
}

function negatedIf(isNot: boolean, part: Filter): Filter {
  return isNot ? { kind: 'not', part } : part;
}
