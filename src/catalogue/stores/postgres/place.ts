import { knownName } from '../../../foundation/arguments/known-name.ts';
import { StoreError } from '../../../foundation/errors/store-error.ts';

/** Where a store in PostgreSQL is. */
export interface PostgresPlace {
  /** What the client connects to: the URI without the table. */
  readonly connection: string;
  /** The table of the images, as SQL names it. */
  readonly table: string;
  /** The table of what the store notes about itself, as SQL names it. */
  readonly about: string;
  /** The table of small pictures, which is there if some are kept. */
  readonly thumbnails: string;
}

/** How such a URI is written. */
const form = 'postgres://user@host:port/database/table';

/** What may stand behind a URI's question mark: how the server is connected to. */
const parameters = ['host', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'application_name'] as const;

/** Bytes of a table's name: PostgreSQL has 63, and the second table's name is longer. */
const longestName = 50;

/**
 * The place that `postgres://user@host:port/database/table` names. The table may be `schema.table`; without a schema it is in
 * the first one of the user's search path. User, host and port may be left out, as libpq's environment variables say them.
 *
 * @throws StoreError if it is not of this form, names an unknown parameter, or has a password in it: that would stand in
 * messages, pages and lists of processes. No message has it.
 */
export function postgresPlace(uri: string): PostgresPlace {
  const url = parsedUrl(uri);
  if (url.password !== '' || url.searchParams.has('password')) {
    throw new StoreError(
      `the address of the store '${withoutPassword(uri)}' has a password in it, which would stand in messages and lists of processes: ` +
        'leave it out, and set PGPASSWORD or write it into ~/.pgpass',
    );
  }
  const parts = url.pathname.split('/').slice(1);
  const [database = '', named = ''] = parts.map((part) => decoded(part, uri));
  if (parts.length !== 2 || database === '' || named === '') {
    throw new StoreError(`'${withoutPassword(uri)}' is not the address of a table: write ${form}`);
  }
  for (const name of url.searchParams.keys()) knownName(name, parameters, `parameter of ${form}`, 'store');
  const names = named.split('.');
  const table = names.at(-1) ?? '';
  if (names.length > 2 || names.some((name) => !isPlainName(name))) {
    throw new StoreError(
      `'${named}' cannot be the table of the store '${withoutPassword(uri)}': a table, or schema.table, has letters, digits, _ and -, at most ` +
        `${longestName} bytes: choose another name`,
    );
  }
  url.pathname = `/${encodeURIComponent(database)}`;
  const schema = names.length === 2 ? `${sqlName(names[0])}.` : '';
  return {
    connection: url.href,
    table: `${schema}${sqlName(table)}`,
    about: `${schema}${sqlName(`${table}_about`)}`,
    thumbnails: `${schema}${sqlName(`${table}_thumbnails`)}`,
  };
}

/** A name as SQL writes it: in double quotes, one inside doubled. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function parsedUrl(uri: string): URL {
  if (URL.canParse(uri)) return new URL(uri);
  throw new StoreError(`'${withoutPassword(uri)}' is not the address of a table: write ${form}`);
}

function decoded(part: string, uri: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new StoreError(`'${part}' in '${withoutPassword(uri)}' is not percent-encoded: write ${form}`);
  }
}

function isPlainName(name: string): boolean {
  return /^[\p{L}\p{N}_-]+$/u.test(name) && Buffer.byteLength(name) <= longestName;
}

/** An address with dots for its password, also where it is no address, and without what stands behind its question mark. */
function withoutPassword(uri: string): string {
  return uri.replace(/[?#].*$/s, '').replace(/^([a-z]+:\/\/[^:@]*:).*(?=@)/is, '$1…');
}
