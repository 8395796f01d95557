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
  const damaged = (why: string) =>
    new StoreError(
      `the store '${uri}' is damaged, or of a later lookalike: its ${what} ${why}: ` +
        'bring the store back from a copy, or index into another one',
    );
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged('is not JSON');
  }
  const note = schema.safeParse(json);
  if (note.success) return note.data;
  throw damaged(`is wrong, ${jsonIssue(json, note.error.issues[0])}`);
}
