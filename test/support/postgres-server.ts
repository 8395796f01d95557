import { createServer, type Server, type Socket } from 'node:net';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';

/** A message of PostgreSQL's protocol begins with its kind and its length in four bytes; the first of a connection has no kind. */
const sync = 'S'.charCodeAt(0);
const simpleQuery = 'Q'.charCodeAt(0);
const terminate = 'X'.charCodeAt(0);
const sslRequest = 80877103;

/** What a client has sent up to a point where it waits for an answer. */
interface Request {
  readonly client: Socket;
  readonly bytes: Uint8Array;
}

/**
 * PostgreSQL itself with pgvector, in WebAssembly (PGlite), behind a socket of this machine. It is one session, which clients
 * take turns in, each for a whole request, or for a whole transaction: `@electric-sql/pglite-socket` lets them take turns within
 * a request, so that one binds its values to the statement of another.
 */
export class PostgresServer {
  readonly #database: PGlite;
  readonly #server: Server;
  readonly #waiting: Request[] = [];
  readonly #clients = new Set<Socket>();
  /** The client whose transaction is open. */
  #owner: Socket | undefined;
  #isBusy = false;

  private constructor(database: PGlite) {
    this.#database = database;
    this.#server = createServer((client) => this.#serve(client));
  }

  static async start(): Promise<PostgresServer> {
    const database = await PGlite.create({ extensions: { vector } });
    const server = new PostgresServer(database);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** The address of a table. */
  uri(table: string): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the server does not listen');
    return `postgres://postgres@127.0.0.1:${address.port}/postgres/${table}`;
  }

  /** Runs SQL as another program would. */
  async sql(text: string): Promise<readonly unknown[]> {
    const results = await this.#database.exec(text);
    return results.at(-1)?.rows ?? [];
  }

  /** Ends the connections that are there, as a server that is started again does. */
  drop(): void {
    for (const client of this.#clients) client.destroy();
  }

  async stop(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#database.close();
  }

  #serve(client: Socket): void {
    let [buffer, whole, isStarted] = [Buffer.alloc(0), [] as Buffer[], false];
    this.#clients.add(client);
    client.on('data', (data) => {
      buffer = Buffer.concat([buffer, data]);
      for (;;) {
        const kindLength = isStarted ? 1 : 0;
        if (buffer.length < kindLength + 4) return;
        const length = kindLength + buffer.readInt32BE(kindLength);
        if (buffer.length < length) return;
        const message = buffer.subarray(0, length);
        buffer = buffer.subarray(length);
        if (!isStarted && message.readInt32BE(4) === sslRequest) {
          client.write('N');
          continue;
        }
        const isAnswered = !isStarted || message[0] === sync || message[0] === simpleQuery;
        isStarted = true;
        if (message[0] === terminate && whole.length === 0) continue;
        whole.push(message);
        if (!isAnswered) continue;
        this.#waiting.push({ client, bytes: new Uint8Array(Buffer.concat(whole)) });
        whole = [];
        void this.#work();
      }
    });
    client.on('error', () => undefined);
    client.on('close', () => {
      this.#clients.delete(client);
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (;;) {
        if (this.#owner?.destroyed) {
          await this.#database.exec('ROLLBACK');
          this.#owner = undefined;
        }
        const place = this.#waiting.findIndex(({ client }) => this.#owner === undefined || client === this.#owner);
        if (place === -1) return;
        const [{ client, bytes }] = this.#waiting.splice(place, 1);
        if (client.destroyed) continue;
        const answer = await this.#database.execProtocolRaw(bytes);
        // The last message of an answer says whether a transaction is open: `I` for none.
        const state = String.fromCharCode(answer.at(-1) ?? 0);
        this.#owner = state === 'T' || state === 'E' ? client : undefined;
        client.write(answer);
      }
    } finally {
      this.#isBusy = false;
    }
  }
}
