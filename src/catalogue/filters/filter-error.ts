import { UsageError } from '../../foundation/errors/usage-error.ts';

/** Letters of a filter that an error shows before and behind the place. */
const shown = 60;

/** What is wrong in a filter, where, and what is expected there. */
export interface FilterFault {
  /** The filter as it was written; undefined of one that was not. */
  readonly text: string | undefined;
  /** From 0. */
  readonly at: number | undefined;
  readonly wrong: string;
  readonly expected: string;
  readonly nearest?: string | undefined;
}

/** An error that says what is wrong in a filter, at which character (from 1), with the text from there on. */
export function filterError({ text, at, wrong, expected, nearest }: FilterFault): UsageError {
  const place =
    text === undefined || at === undefined
      ? ''
      : ` at character ${at + 1}${at < text.length ? `, '${excerptAt(text, at)}'` : ', its end'}`;
  const meant = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return new UsageError(`the filter is wrong${place}: ${wrong}, expected ${expected}${meant}`, {
    path: 'where',
    expected,
    value: text,
    nearest,
  });
}

function excerptAt(text: string, at: number): string {
  const rest = text.slice(at, at + shown);
  return at + shown < text.length ? `${rest}…` : rest;
}
