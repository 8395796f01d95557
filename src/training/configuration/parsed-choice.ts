import type { z } from 'zod';
import { UsageError } from '../../foundation/errors/usage-error.ts';

/**
 * What choices came to, as a part of a configuration.
 *
 * @param place of the part in the configuration: `loss`.
 * @throws UsageError if it is not one: where, and why.
 */
export function parsedChoice<Schema extends z.ZodType>(
  schema: Schema,
  chosen: unknown,
  place: string,
): z.output<Schema> {
  const parsed = schema.safeParse(chosen);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  const where = [place, ...path].filter((part) => part !== '').join('.');
  throw new UsageError(`these choices make no training: ${where}: ${message}`, { path: where, expected: message });
}
