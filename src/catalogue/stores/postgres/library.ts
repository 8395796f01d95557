import { StoreError } from '../../../foundation/errors/store-error.ts';

/** The client of PostgreSQL's protocol. */
export type PostgresLibrary = Pick<typeof import('pg'), 'Pool'>;

/** Loads the client: whoever opens no store in PostgreSQL need not wait for it. @throws if it cannot be loaded. */
export async function loadPostgres(): Promise<PostgresLibrary> {
  try {
    return (await import('pg')).default;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new StoreError(`the package pg, which talks to PostgreSQL, cannot be loaded: ${reason}: install it again`, {
      cause: error,
    });
  }
}
