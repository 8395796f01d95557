import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A repository that the server holds, with one commit. */
export interface ServedRepository {
  readonly commit: string;
  readonly branches?: readonly string[];
  readonly licence?: string;
  /** Files by their paths. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  /** True if only somebody with `token` may read it. */
  readonly gated?: boolean;
  /** True if a page for people is all that the API gives. */
  readonly page?: boolean;
}

/** What goes wrong, once for each entry, with the next answers that carry a large file's bytes. */
export interface Fault {
  /** Ends the connection after so many bytes of the answer. */
  readonly breakAfter?: number;
  /** Sends other bytes. */
  readonly corrupt?: boolean;
  /** Sends the whole file where a part was asked for. */
  readonly ignoreRange?: boolean;
  /** Sends so many bytes, and then nothing until the client goes. */
  readonly stallAfter?: number;
  /** Answers with this status. */
  readonly status?: number;
}

/** One request that was made. */
export interface SeenRequest {
  /** The hub itself, or where it sends those who want large files. */
  readonly from: 'hub' | 'cdn';
  readonly line: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** A local hub: the model and paths API, `resolve` with the hub's headers, large files by a redirect to another origin, parts of files. */
export interface HubServer {
  readonly url: string;
  readonly requests: SeenRequest[];
  readonly faults: Fault[];
  /** Milliseconds between two pieces of a large file. */
  pause: number;
  /** Bytes of large files that have been sent. */
  readonly sent: { bytes: number };
  close(): Promise<void>;
}

const token = 'hf_secret';
/** From this size on a file is one of Git LFS, as in repositories of models. */
const largeFrom = 1000;
const piece = 4096;

/** Starts a hub on this machine that holds these repositories, by `owner/name`. */
export async function startHub(repositories: Readonly<Record<string, ServedRepository>>): Promise<HubServer> {
  const hub = { requests: [] as SeenRequest[], faults: [] as Fault[], pause: 0, sent: { bytes: 0 } };
  const serve = (
    from: SeenRequest['from'],
    answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  ) =>
    createServer((request, response) => {
      const { range, authorization } = request.headers;
      hub.requests.push({ from, line: `${request.method} ${request.url}`, range, authorization });
      answer(request, response).catch(() => response.destroy());
    });
  const [server, cdn] = [serve('hub', answer), serve('cdn', sendLarge)];
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://hub');
    const [, api, name, rest] = /^\/(api\/models\/)?([\w.-]+\/[\w.-]+)\/(.*)$/.exec(url.pathname) ?? [];
    const repository = repositories[name];
    if (repository === undefined) return refuse(response, 401, 'RepoNotFound');
    if (repository.gated && request.headers.authorization !== `Bearer ${token}`)
      return refuse(response, 403, 'GatedRepo');
    const [action, revision = '', ...segments] = rest.split('/').map(decodeURIComponent);
    if (api !== undefined && repository.page) {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>please log in</html>');
      return;
    }
    const known = [repository.commit, 'main', ...(repository.branches ?? [])];
    if (!known.includes(revision)) return refuse(response, 404, 'RevisionNotFound');
    if (api !== undefined && action === 'revision') return json(response, modelOf(name, repository));
    if (api !== undefined && action === 'paths-info') {
      const { paths } = JSON.parse(await bodyOf(request));
      return json(
        response,
        paths.flatMap((path: string) => infoOf(repository, path)),
      );
    }
    if (action === 'resolve') return resolve(request, response, name, repository, segments.join('/'));
    refuse(response, 404, '');
  }
  async function resolve(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    repository: ServedRepository,
    path: string,
  ): Promise<void> {
    const [info] = infoOf(repository, path);
    if (info === undefined) return refuse(response, 404, 'EntryNotFound');
    response.setHeader('X-Repo-Commit', repository.commit);
    if (info.lfs === undefined) {
      response.setHeader('ETag', `"${info.oid}"`);
      response.end(repository.files[path]);
      return;
    }
    response.setHeader('X-Linked-Etag', `"${info.lfs.oid}"`);
    response.setHeader('X-Linked-Size', info.lfs.size);
    const place = Buffer.from(JSON.stringify([name, path])).toString('base64url');
    response
      .writeHead(302, { Location: `${urlOf(cdn)}/cdn/${place}` })
      .end(request.method === 'HEAD' ? undefined : 'found');
  }
  async function sendLarge(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const place = Buffer.from(String(request.url?.split('/').at(-1)), 'base64url').toString();
    const [name, path] = JSON.parse(place) as [string, string];
    const fault = hub.faults.shift() ?? {};
    if (fault.status !== undefined) return refuse(response, fault.status, '');
    const whole = Buffer.from(repositories[name].files[path]);
    const [, first] = /^bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
    const from = first === undefined || fault.ignoreRange ? 0 : Number(first);
    const bytes = Buffer.from(whole.subarray(from));
    if (fault.corrupt) bytes[bytes.length >> 1] ^= 1;
    if (from > 0) response.setHeader('Content-Range', `bytes ${from}-${whole.length - 1}/${whole.length}`);
    response.writeHead(from > 0 ? 206 : 200, { 'Content-Length': bytes.length, 'Accept-Ranges': 'bytes' });
    const end = Math.min(bytes.length, fault.breakAfter ?? fault.stallAfter ?? bytes.length);
    for (let at = 0; at < end && !response.destroyed; at += piece) {
      const next = bytes.subarray(at, Math.min(end, at + piece));
      await new Promise((written) => response.write(next, written));
      hub.sent.bytes += next.length;
      if (hub.pause > 0) await sleep(hub.pause);
    }
    if (fault.stallAfter !== undefined) return;
    if (fault.breakAfter === undefined) response.end();
    else response.destroy();
  }
  await Promise.all(
    [server, cdn].map((each) => new Promise<void>((listening) => each.listen(0, '127.0.0.1', listening))),
  );
  return Object.assign(hub, {
    url: urlOf(server),
    close: async () => {
      await Promise.all([server, cdn].map(closed));
    },
  });
}

function urlOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}

/** A token that the server takes for repositories that not everybody may read. */
export const hubToken = token;

function modelOf(name: string, { commit, files, licence, gated = false }: ServedRepository) {
  return {
    _id: '1',
    id: name,
    private: false,
    gated: gated && 'auto',
    downloads: 0,
    likes: 0,
    lastModified: '2024-01-01T00:00:00.000Z',
    sha: commit,
    siblings: Object.keys(files).map((rfilename) => ({ rfilename })),
    ...(licence === undefined ? {} : { cardData: { license: licence } }),
  };
}

function infoOf({ files }: ServedRepository, path: string) {
  if (!Object.hasOwn(files, path)) return [];
  const bytes = Buffer.from(files[path]);
  const git = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const lfs = bytes.length < largeFrom ? undefined : { oid: sha256, size: bytes.length, pointerSize: 130 };
  return [{ type: 'file', path, oid: git, size: bytes.length, ...(lfs === undefined ? {} : { lfs }) }];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const each of request) pieces.push(each as Buffer);
  return Buffer.concat(pieces).toString();
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'X-Error-Code': code, 'Content-Type': 'application/json' }).end('{"error":"refused"}');
}
