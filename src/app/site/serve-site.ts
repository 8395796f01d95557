import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import { isAllowedHost } from '../../service/http/security/allowed-host.ts';

/** What a browser is told that a file is, by its ending. */
const types: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
};

/**
 * What every answer says: the page's own files alone, no code but theirs and WebAssembly, in no other page's frame; and isolated from
 * other pages, without which WebAssembly has one thread.
 */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' blob:; " +
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
} as const;

/** A site that is served. */
export interface ServedSite {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the files that are in a folder now, at 127.0.0.1, which this machine alone can reach. Addresses are looked up among
 * these files, so that no other is reached by any; the Host is checked, which is what DNS rebinding fails at.
 *
 * @param port 0 is any that is free.
 * @throws EngineError if the port is taken.
 */
export async function serveSite(folder: string, port: number): Promise<ServedSite> {
  const files = await filesByAddress(folder);
  const server = createServer((request, response) => answer(files, request, response));
  await new Promise<void>((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken =
        error.code === 'EADDRINUSE' ? 'it is taken: name another, or 0 for any that is free' : error.message;
      failed(new EngineError(`cannot serve at port ${port}: ${taken}`, { cause: error }));
    });
    server.listen(port, '127.0.0.1', listening);
  });
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}/`,
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

async function filesByAddress(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map([['/', path.join(folder, 'index.html')]]);
  for (const name of await readdir(folder, { recursive: true })) {
    const file = path.join(folder, name);
    const address = name.split(path.sep).map(encodeURIComponent).join('/');
    if ((await stat(file)).isFile()) files.set(`/${address}`, file);
  }
  return files;
}

function answer(
  files: ReadonlyMap<string, string>,
  { method, url = '/', headers: { host } }: IncomingMessage,
  response: ServerResponse,
): void {
  const [address] = url.split(/[?#]/);
  const file = files.get(address);
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { ...headers, allow: 'GET, HEAD' }).end();
    return;
  }
  if (!isAllowedHost(host, [])) {
    response.writeHead(403, headers).end();
    return;
  }
  if (file === undefined) {
    response.writeHead(404, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end('there is no such file\n');
    return;
  }
  const type = types[path.extname(file).toLowerCase()] ?? 'application/octet-stream';
  const stream = createReadStream(file);
  stream.once('error', () => response.destroy());
  stream.once('open', () => {
    response.writeHead(200, { ...headers, 'content-type': type });
    if (method === 'HEAD') {
      stream.destroy();
      response.end();
    } else stream.pipe(response);
  });
}
