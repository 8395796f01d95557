import path from 'node:path';
import { UsageError } from '../../foundation/errors/usage-error.ts';

/** The error about relevance that was typed. */
export function wrongRelevance(
  what: string,
  expected: string,
  { value, nearest }: { readonly value: unknown; readonly nearest?: string | undefined },
): UsageError {
  return new UsageError(what, { path: 'choices.relevance', expected, value, nearest });
}

/** The file behind the name of a relevance, by its absolute path. @throws UsageError if there is none. */
export function fileBehind(name: string, behind: string | undefined): { readonly file: string } {
  if (behind !== undefined && behind !== '') return { file: path.resolve(behind) };
  const message = `relevance '${name}' lacks its file: it is typed ${name}:<file>`;
  throw wrongRelevance(message, `${name}:<file>`, { value: name });
}

/** No settings, for a relevance that has none. @throws UsageError if something stands behind its name. */
export function nothingBehind(name: string, behind: string | undefined): Record<never, never> {
  if (behind === undefined) return {};
  const value = `${name}:${behind}`;
  throw wrongRelevance(`relevance '${value}': ${name} takes nothing behind a colon`, name, { value });
}
