import { LookalikeError } from '../../../foundation/errors/lookalike-error.ts';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import { codeOf } from '../../../foundation/files/file-error.ts';

const away = ['no server answers there', 'start it, or check host and port'] as const;
const refused = ['the server does not let this user in', 'check the user, and PGPASSWORD or ~/.pgpass'] as const;
const ended = ['the server ended the connection', 'what was written before is kept: give the rest again'] as const;
const full = ['the server has no room left', 'free some space there'] as const;
const busy = ['another program writes its tables', 'wait for its end, and give the rest again'] as const;
const gone = [
  'its tables are gone or were changed',
  'bring them back from a copy, or index into another store',
] as const;

/** What a code of the system's, or an SQLSTATE of the server's, means, and what somebody can do about it. */
const explanations: Readonly<Record<string, readonly [reason: string, nextStep: string]>> = {
  ECONNREFUSED: away,
  ENOTFOUND: ['there is no host of that name', 'check the address'],
  EAI_AGAIN: ['the name of the host cannot be looked up now', 'check the network'],
  EHOSTUNREACH: away,
  ENETUNREACH: away,
  ETIMEDOUT: away,
  ENOENT: away,
  ECONNRESET: ended,
  EPIPE: ended,
  '08006': ended,
  '57P01': ended,
  '57P02': ended,
  '57P03': ['the server is starting or stopping', 'try again in a moment'],
  '28000': refused,
  '28P01': refused,
  '3D000': ['there is no such database', 'make it with createdb, or check the address'],
  '3F000': ['there is no such schema', 'make it with CREATE SCHEMA, or check the address'],
  '42501': ['the user may not do that', 'grant it the right to use and make tables there'],
  '25006': ['the server takes no writes, as a replica does', 'name the server that does'],
  '53100': full,
  '53200': ['the server has no memory left', 'try again, or give it more'],
  '53300': ['the server has too many connections', 'raise max_connections, or try again later'],
  '40001': busy,
  '40P01': busy,
  '23505': busy,
  '23P01': busy,
  '55P03': busy,
  '42P01': gone,
  '42703': gone,
};

/** What the client says without a code. */
const wordings: readonly (readonly [pattern: RegExp, explanation: readonly [string, string]])[] = [
  [/password must be a (non-empty )?string|no password/i, refused],
  [/timeout expired|timeout exceeded when trying to connect|connection timeout/i, away],
  [/connection terminated|not queryable|connection ended/i, ended],
];

/**
 * One line for an operation on a store in PostgreSQL that failed: what was tried, at which address (which has no password),
 * why, and what to do next. Errors of ours are as they are.
 *
 * @param action the verb behind "cannot": `write the store`.
 */
export function postgresError(action: string, uri: string, error: unknown): Error {
  if (error instanceof LookalikeError) return error;
  const { message, code } = firstOf(error);
  const found =
    (code === undefined ? undefined : explanations[code]) ?? wordings.find(([like]) => like.test(message))?.[1];
  const coded = code === undefined ? '' : ` (${code})`;
  const reason = found === undefined ? `${message}${coded}` : `${found[0]}${coded}; ${found[1]}`;
  return new StoreError(`cannot ${action} '${uri}': ${reason}`, { cause: error });
}

/** Of a host with several addresses each one fails. */
function firstOf(error: unknown): { readonly message: string; readonly code: string | undefined } {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const message = first instanceof Error ? first.message.split('\n')[0] : String(first);
  return { message, code: codeOf(first) };
}
