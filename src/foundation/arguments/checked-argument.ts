import { z } from 'zod';
import type { UsageError } from '../errors/usage-error.ts';
import { unknownOption, wrongArgument } from './wrong-argument.ts';

/**
 * A value by a strict schema, checked before anything of it is used. Custom issues and those of unions have the expectation
 * as their message: `a function`.
 *
 * @param path where it stands: errors name `<path>.<key>`. Empty for the argument itself.
 * @throws UsageError at the first thing that is wrong: an unknown key, a wrong type, a name that there is not, a number out of
 * range; with the nearest known key or name.
 */
export function checkedArgument<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw errorOf(parsed.error.issues, schema, value, path);
}

function errorOf(issues: readonly z.core.$ZodIssue[], schema: z.ZodType, value: unknown, path: string): UsageError {
  // A misspelt key often leaves another one missing: it is the key that is wrong.
  const unknown = issues.find(({ code }) => code === 'unrecognized_keys');
  const issue = unknown ?? issues[0];
  const place = [path, ...issue.path.map(String)].filter(Boolean).join('.');
  const found = valueAt(value, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    const known = keysOf(schemaAt(schema, issue.path));
    return unknownOption(key, { within: place, known, value: valueAt(found, [key]) });
  }
  const names = issue.code === 'invalid_value' ? issue.values.map(String) : undefined;
  return wrongArgument({ path: place || 'options', expected: expectation(issue), value: found, names });
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'an array',
  tuple: 'an array',
};

/** What a schema wants, as a sentence goes on. */
function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `${sized(issue.origin)} ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}${unit(issue.origin)}`;
    case 'too_big':
      return `${sized(issue.origin)} ${issue.inclusive === false ? 'below' : 'of at most'} ${issue.maximum}${unit(issue.origin)}`;
    default:
      return issue.message;
  }
}

const sized = (origin: string) => typeNames[origin] ?? 'a value';
const unit = (origin: string) => (origin === 'string' ? ' letters' : origin === 'array' ? ' elements' : '');

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) => (typeof inside === 'object' && inside !== null ? Reflect.get(inside, key) : undefined),
    value,
  );
}

function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>((inside, key) => {
    const bare = withoutOptional(inside);
    return bare instanceof z.ZodObject ? bare.shape[String(key)] : undefined;
  }, schema);
}

function keysOf(schema: z.core.$ZodType | undefined): string[] {
  const bare = withoutOptional(schema);
  return bare instanceof z.ZodObject ? Object.keys(bare.shape) : [];
}

function withoutOptional(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional
    ? withoutOptional(schema.unwrap())
    : schema;
}
