import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { throwIfAborted } from '../../../foundation/errors/abort-error.ts';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import { holderName, parseHolder, presenceOf, thisProcess } from '../../../foundation/files/lock-holder.ts';
import type { WriteOptions } from '../vector-store.ts';
import type { PostgresQueries } from './connection.ts';

/** Milliseconds between two signs of life of a holder. */
const beat = 3000;
/** Seconds without one after which a holder that cannot be asked after is taken for gone, by the server's clock. */
const silentAfter = 30;
/** Milliseconds between two looks: from the first to the longest. */
const [shortPause, longPause] = [30, 500];

/**
 * The right to write a store in PostgreSQL: the row `lock` of its second table, which names the holder. A lock of the server's
 * own would belong to a connection, which a pooler between (PgBouncer, those of hosted servers) shares out anew for each
 * transaction.
 */
export class PostgresLock {
  readonly #connection: PostgresQueries;
  readonly #about: string;
  readonly #uri: string;
  readonly #text = JSON.stringify({ ...thisProcess(), id: randomUUID() });
  #live: NodeJS.Timeout | undefined;
  #isBeating = false;

  private constructor(connection: PostgresQueries, about: string, uri: string) {
    this.#connection = connection;
    this.#about = about;
    this.#uri = uri;
  }

  /**
   * Takes the lock; waits as long as another task has it. That of a process of this machine that is gone is taken at once, that
   * of another machine once it has been silent for 30 seconds.
   */
  static async take(
    connection: PostgresQueries,
    about: string,
    uri: string,
    { onWait, signal }: WriteOptions,
  ): Promise<PostgresLock> {
    const lock = new PostgresLock(connection, about, uri);
    let toldOf: string | undefined;
    for (let pause = shortPause; ; pause = Math.min(2 * pause, longPause)) {
      throwIfAborted(signal);
      const other = await lock.#tryOnce();
      if (other === undefined) break;
      const holder = parseHolder(other);
      if (holder !== undefined && other !== toldOf) onWait?.(holder);
      toldOf = other;
      await setTimeout(pause);
    }
    lock.#live = setInterval(() => void lock.#beat(), beat).unref();
    return lock;
  }

  /**
   * Says within a transaction that this task has the lock still, and keeps it until the end of the transaction. To be called at
   * its begin and before its end.
   *
   * @throws if another process took the lock while this one stood still.
   */
  async check(queries: PostgresQueries): Promise<void> {
    if ((await this.#touch(queries)) > 0) return;
    const other = parseHolder((await this.#held(queries))?.text ?? '');
    const by = other === undefined ? 'somebody removed its lock' : `${holderName(other)} took its lock`;
    throw new StoreError(
      `the store '${this.#uri}' is being written, but this process stood still, and ${by}: begin again`,
    );
  }

  /** Ends it. A lock that cannot be removed any more is that of a process that will be gone. */
  async release(): Promise<void> {
    clearInterval(this.#live);
    await this.#connection
      .query(`DELETE FROM ${this.#about} WHERE name = 'lock' AND text = $1`, [this.#text])
      .catch(() => undefined);
  }

  /**
   * Says that this task lives, once at a time: a transaction of its own that makes an index has the row until its end, minutes
   * later, and each sign that waits for it keeps a connection.
   */
  async #beat(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    await this.#touch(this.#connection).catch(() => undefined);
    this.#isBeating = false;
  }

  async #touch(queries: PostgresQueries): Promise<number> {
    const touched = `UPDATE ${this.#about} SET written_at = clock_timestamp() WHERE name = 'lock' AND text = $1`;
    return (await queries.query(touched, [this.#text])).changed;
  }

  /** Takes the lock if nobody has it. @returns the text of the task that has it. */
  async #tryOnce(): Promise<string | undefined> {
    const about = this.#about;
    const mine = [this.#text];
    const insert = `INSERT INTO ${about} (name, text) VALUES ('lock', $1) ON CONFLICT (name) DO NOTHING`;
    if ((await this.#connection.query(insert, mine)).changed > 0) return undefined;
    const held = await this.#held(this.#connection);
    if (held === undefined) return this.#tryOnce();
    const holder = parseHolder(held.text);
    const presence = holder === undefined ? 'gone' : presenceOf(holder);
    if (presence === 'there' || (presence === 'unknown' && held.silence < silentAfter)) return held.text;
    // Whoever is gone may come back while this is asked: then it has touched the row, which is not the one seen any more.
    const replace = `UPDATE ${about} SET text = $1, written_at = clock_timestamp() WHERE name = 'lock' AND text = $2
      AND ($3 OR written_at < clock_timestamp() - make_interval(secs => $4))`;
    const taken = await this.#connection.query(replace, [...mine, held.text, presence === 'gone', silentAfter]);
    return taken.changed > 0 ? undefined : held.text;
  }

  async #held(queries: PostgresQueries): Promise<{ readonly text: string; readonly silence: number } | undefined> {
    const { rows } = await queries.query(
      `SELECT text, extract(epoch FROM clock_timestamp() - written_at)::float8 AS silence FROM ${this.#about} WHERE name = 'lock'`,
    );
    return rows.length === 0 ? undefined : { text: String(rows[0].text), silence: Number(rows[0].silence) };
  }
}
