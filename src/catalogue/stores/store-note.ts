import type { z } from 'zod';
import { StoreError } from '../../foundation/errors/store-error.ts';
import { jsonIssue } from '../../foundation/files/json-issue.ts';

/**
 * What a store keeps about itself as JSON.
 *
 * @param what the note's name: `stamp, which says what model made it,`.
 * @throws if it is damaged, naming the store and what is wrong.
 */
export function parseNote<Schema extends z.ZodType>(
  uri: string,
  what: string,
  text: string,
  schema: Schema,
): z.infer<Schema> {
  const { note, why } = readNote(text, schema);
  if (why === undefined) return note;
  throw new StoreError(
    `the store '${uri}' is damaged, or of a later lookalike: its ${what} ${why}: ` +
      'bring the store back from a copy, or index into another one',
  );
}

/** What is kept as JSON, or why it is none of what it should be. */
export function readNote<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
): { readonly note: z.infer<Schema>; readonly why: undefined } | { readonly note?: undefined; readonly why: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { why: 'is not JSON' };
  }
  const found = schema.safeParse(json);
  if (found.success) return { note: found.data, why: undefined };
  return { why: `is wrong, ${jsonIssue(json, found.error.issues[0])}` };
}
