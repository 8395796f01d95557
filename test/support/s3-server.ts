import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer of S3's. */
interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** How the server departs from S3. */
export interface S3Faults {
  /** Makes an object that is there already, as servers without conditional writes do. */
  ignoresConditions: boolean;
}

/** Keys that one list has at most. */
const mostKeys = 1000;

/**
 * S3 in this process, as far as LanceDB and leases speak it: objects of one bucket by path, parts of them, conditional writes, lists by
 * prefix, uploads in parts. Signatures are not looked at.
 */
export class S3Server {
  readonly faults: S3Faults = { ignoresConditions: false };
  readonly objects = new Map<string, Buffer>();
  readonly #uploads = new Map<string, Map<number, Buffer>>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request).then(
        (answer) => send(response, request, answer),
        (error: unknown) => send(response, request, failure(500, 'InternalError', String(error))),
      );
    });
  }

  static async start(): Promise<S3Server> {
    const server = new S3Server();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://s3');
    const key = decodeURIComponent(url.pathname).split('/').slice(2).join('/');
    const query = url.searchParams;
    const body = await bodyOf(request);
    if (request.method === 'GET' && key === '') return this.#list(query);
    if (request.method === 'POST' && query.has('delete')) return this.#removeMany(body.toString());
    if (request.method === 'POST' || query.has('uploadId')) return this.#upload(request, key, query, body);
    switch (request.method) {
      case 'PUT':
        return this.#put(request, key, body);
      case 'GET':
      case 'HEAD':
        return this.#get(request, key);
      case 'DELETE':
        this.objects.delete(key);
        return { status: 204 };
      default:
        return failure(405, 'MethodNotAllowed', `${request.method}`);
    }
  }

  #put({ headers }: IncomingMessage, key: string, body: Buffer): Answer {
    const there = this.objects.get(key);
    const isRefused =
      (headers['if-none-match'] === '*' && there !== undefined) ||
      (headers['if-match'] !== undefined && (there === undefined || etagOf(there) !== headers['if-match']));
    if (isRefused && !this.faults.ignoresConditions) return failure(412, 'PreconditionFailed', key);
    const source = headers['x-amz-copy-source'];
    const copied = typeof source === 'string' ? this.objects.get(keyOfSource(source)) : undefined;
    const kept = copied ?? body;
    this.objects.set(key, kept);
    const result = `<CopyObjectResult><ETag>${etagOf(kept)}</ETag></CopyObjectResult>`;
    return { status: 200, headers: { etag: etagOf(kept) }, ...(source === undefined ? {} : { body: result }) };
  }

  #get({ headers, method }: IncomingMessage, key: string): Answer {
    const object = this.objects.get(key);
    if (object === undefined) return failure(404, 'NoSuchKey', key);
    const shared = {
      etag: etagOf(object),
      'last-modified': new Date(0).toUTCString(),
      'accept-ranges': 'bytes',
      'content-type': 'application/octet-stream',
    };
    const range = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '');
    if (range === null || method === 'HEAD') return { status: 200, headers: shared, body: object };
    const [, from, to] = range;
    const first = from === '' ? Math.max(0, object.length - Number(to)) : Number(from);
    const last = from === '' || to === '' ? object.length - 1 : Math.min(Number(to), object.length - 1);
    if (first >= object.length) return failure(416, 'InvalidRange', key);
    const part = object.subarray(first, last + 1);
    return {
      status: 206,
      headers: { ...shared, 'content-range': `bytes ${first}-${last}/${object.length}` },
      body: part,
    };
  }

  #list(query: URLSearchParams): Answer {
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
    const most = Math.min(Number(query.get('max-keys') ?? mostKeys), mostKeys);
    const entries = new Map<string, Buffer | undefined>();
    for (const key of [...this.objects.keys()].sort()) {
      if (!key.startsWith(prefix)) continue;
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      if (end === -1) entries.set(key, this.objects.get(key));
      else entries.set(key.slice(0, end + delimiter.length), undefined);
    }
    const left = [...entries].filter(([key]) => key > after);
    const page = left.slice(0, most);
    const items = page.map(([key, object]) =>
      object === undefined
        ? `<CommonPrefixes><Prefix>${escaped(key)}</Prefix></CommonPrefixes>`
        : `<Contents><Key>${escaped(key)}</Key><LastModified>${new Date(0).toISOString()}</LastModified><ETag>${escaped(etagOf(object))}</ETag><Size>${object.length}</Size></Contents>`,
    );
    const isCut = left.length > most;
    const next = isCut ? `<NextContinuationToken>${escaped(page.at(-1)?.[0] ?? '')}</NextContinuationToken>` : '';
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version="1.0"?><ListBucketResult><Prefix>${escaped(prefix)}</Prefix><KeyCount>${page.length}</KeyCount><IsTruncated>${isCut}</IsTruncated>${next}${items.join('')}</ListBucketResult>`,
    };
  }

  #removeMany(xml: string): Answer {
    const keys = [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => unescaped(key));
    for (const key of keys) this.objects.delete(key);
    const deleted = keys.map((key) => `<Deleted><Key>${escaped(key)}</Key></Deleted>`).join('');
    return { status: 200, body: `<?xml version="1.0"?><DeleteResult>${deleted}</DeleteResult>` };
  }

  #upload({ method }: IncomingMessage, key: string, query: URLSearchParams, body: Buffer): Answer {
    const id = query.get('uploadId') ?? randomUUID();
    const parts = this.#uploads.get(id) ?? new Map<number, Buffer>();
    if (method === 'PUT') {
      parts.set(Number(query.get('partNumber')), body);
      return { status: 200, headers: { etag: etagOf(body) } };
    }
    if (method === 'DELETE') {
      this.#uploads.delete(id);
      return { status: 204 };
    }
    if (query.has('uploads')) {
      this.#uploads.set(id, parts);
      const result = `<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>${escaped(key)}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`;
      return { status: 200, body: `<?xml version="1.0"?>${result}` };
    }
    const whole = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part));
    this.objects.set(key, whole);
    this.#uploads.delete(id);
    const result = `<CompleteMultipartUploadResult><Key>${escaped(key)}</Key><ETag>${escaped(etagOf(whole))}</ETag></CompleteMultipartUploadResult>`;
    return { status: 200, body: `<?xml version="1.0"?>${result}` };
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function send(
  response: ServerResponse,
  { method }: IncomingMessage,
  { status, headers = {}, body = '' }: Answer,
): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
  response.end(method === 'HEAD' ? undefined : bytes);
}

function failure(status: number, code: string, message: string): Answer {
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`,
  };
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function keyOfSource(source: string): string {
  return decodeURIComponent(source).replace(/^\//, '').split('/').slice(1).join('/');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
