import { filterError } from './filter-error.ts';

/** A word of a filter. */
export interface FilterToken {
  /** `name` is a bare word: a field or a keyword; `quoted` a field in double quotes or backticks. */
  readonly kind: 'name' | 'quoted' | 'text' | 'number' | 'sign' | 'end';
  /** Without its quotes. */
  readonly text: string;
  /** Where it begins, from 0. */
  readonly at: number;
}

const patterns: readonly (readonly [FilterToken['kind'], RegExp])[] = [
  ['number', /[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\p{L}\p{N}_.])/iuy],
  ['name', /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy],
  ['text', /'(?:[^']|'')*'/uy],
  ['quoted', /"(?:[^"]|"")+"|`[^`]+`/uy],
  ['sign', /<=|>=|<>|!=|==|[=<>(),]/uy],
];

/** Splits a filter into its words; the last is its end. @throws UsageError at a letter that begins none. */
export function filterTokens(text: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++;
    if (at >= text.length) break;
    const token = tokenAt(text, at);
    tokens.push(token.token);
    at = token.end;
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }];
}

function tokenAt(text: string, at: number): { token: FilterToken; end: number } {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    if (found !== undefined) return { token: { kind, text: unquoted(found), at }, end: at + found.length };
  }
  const letter = text.charAt(at);
  const isOpen = ["'", '"', '`'].includes(letter);
  throw filterError({
    text,
    at,
    wrong: isOpen ? `a quote (${letter}) that is not closed` : `'${letter}' stands for nothing here`,
    expected: isOpen
      ? 'the same quote behind the text; a quote inside is doubled'
      : 'a field, a value, a comparison, and, or, not',
  });
}

function unquoted(found: string): string {
  const [quote] = found;
  if (quote === "'") return found.slice(1, -1).replaceAll("''", "'");
  if (quote === '"') return found.slice(1, -1).replaceAll('""', '"');
  return quote === '`' ? found.slice(1, -1) : found;
}
