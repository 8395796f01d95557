import { jsonExtent } from './json-extent.ts';

/** What a schema has against a value: where in it, and why. */
export interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const longest = 60;
const deepest = 100;

/**
 * What is wrong with a value that was read from JSON, in words: the place, the value there, and what was expected.
 * `'batch.rows' is 1000000000 (Too big: expected number to be <=65536)`.
 *
 * What is wrong with the value as a whole has no place: it is the message alone.
 *
 * @param value the whole value.
 * @param prefix stands before the place: `lookalike.`.
 */
export function jsonIssue(value: unknown, { path, message }: SchemaIssue, prefix = ''): string {
  if (path.length === 0) return message;
  const place = `'${prefix}${path.map(String).join('.')}'`;
  const found = path.reduce<unknown>(memberOf, value);
  if (found === undefined) return `${place} is missing (${message})`;
  return `${place} is ${shortText(found)} (${message})`;
}

function shortText(value: unknown): string {
  const { depth } = jsonExtent(value);
  // JSON.stringify is recursive.
  if (depth > deepest) return `nested ${depth} deep`;
  const text = JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
