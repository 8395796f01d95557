import type { z } from 'zod';

/**
 * What choices came to, as a part of a configuration.
 *
 * @param place of the part in the configuration: `loss`.
 * @throws if it is not one: where, and why.
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
  throw new Error(`these choices make no training: ${where}: ${message}`);
}
