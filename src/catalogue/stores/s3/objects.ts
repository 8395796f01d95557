import { AwsClient } from 'aws4fetch';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import type { S3Environment, S3Place } from './place.ts';

/** Milliseconds that an answer may take. */
const deadline = 15_000;
/** Tries of a call that a server fails at, or asks to be slower. */
const retries = 4;

/** Small objects of a place in S3. */
export class S3Objects {
  readonly #client: AwsClient;
  readonly #url: string;

  /** @throws StoreError if the environment names no keys. */
  constructor(
    private readonly uri: string,
    private readonly place: S3Place,
    environment: S3Environment,
  ) {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
    if (accessKeyId === undefined || secretAccessKey === undefined) {
      throw new StoreError(
        `the store '${uri}' is written with a lease, which needs the keys of the storage: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
      );
    }
    const { region, endpoint, bucket } = place;
    const sessionToken = environment.AWS_SESSION_TOKEN;
    const session = sessionToken === undefined ? {} : { sessionToken };
    this.#client = new AwsClient({ accessKeyId, secretAccessKey, ...session, region, service: 's3', retries });
    this.#url = endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint}/${bucket}`;
  }

  /** Writes an object. @param isNew only if there is none. @returns false if there is one. */
  async put(name: string, text: string, isNew = false): Promise<boolean> {
    const headers = { 'content-type': 'application/json', ...(isNew ? { 'if-none-match': '*' } : {}) };
    const { status } = await this.#ask('PUT', this.#keyUrl(name), [200, 409, 412], { body: text, headers });
    return status === 200;
  }

  /** What an object has; undefined where there is none. */
  async get(name: string): Promise<string | undefined> {
    const { status, text } = await this.#ask('GET', this.#keyUrl(name), [200, 404]);
    return status === 200 ? text : undefined;
  }

  async remove(name: string): Promise<void> {
    await this.#ask('DELETE', this.#keyUrl(name), [200, 204, 404]);
  }

  /** The names of the objects whose names begin so, at most 1,000. */
  async list(begin: string): Promise<string[]> {
    const prefix = this.#key(begin);
    const { text } = await this.#ask('GET', `${this.#url}/?list-type=2&prefix=${encodeURIComponent(prefix)}`, [200]);
    return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => begin + key.slice(prefix.length));
  }

  #key(name: string): string {
    const { prefix } = this.place;
    return prefix === '' ? name : `${prefix}/${name}`;
  }

  #keyUrl(name: string): string {
    return `${this.#url}/${this.#key(name).split('/').map(encodeURIComponent).join('/')}`;
  }

  async #ask(method: string, url: string, expected: readonly number[], init: RequestInit = {}) {
    const { status, text } = await this.#fetched(method, url, init);
    if (expected.includes(status)) return { status, text };
    const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? `status ${status}`;
    const next =
      status === 403 || status === 401
        ? 'check the keys and what they may do'
        : status === 404
          ? 'make the bucket first, or check its name'
          : 'try again';
    throw new StoreError(`cannot reach the lease of the store '${this.uri}': the storage says ${code}: ${next}`);
  }

  async #fetched(method: string, url: string, init: RequestInit): Promise<{ status: number; text: string }> {
    try {
      const response = await this.#client.fetch(url, { ...init, method, signal: AbortSignal.timeout(deadline) });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new StoreError(
        `cannot reach the lease of the store '${this.uri}': ${reason}: check AWS_ENDPOINT_URL, and whether the storage answers`,
        { cause: error },
      );
    }
  }
}
