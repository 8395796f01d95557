import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.onnx': 'application/octet-stream',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** Files of a site by their addresses: what is in them, or the folder that has them. */
export interface StaticFiles {
  /** Contents by address: `/index.html`. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Folders by the address that stands for them, which ends with a slash: `/onnxruntime/`. */
  readonly folders?: Readonly<Record<string, string>>;
  /** What every answer says beside its type. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server of files alone at this machine, as any web server is one. */
export interface StaticSite {
  readonly url: string;
  /** The addresses that were asked for, in their order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Serves files until it is closed. */
export async function serveStatic({ files = {}, folders = {}, headers = {} }: StaticFiles): Promise<StaticSite> {
  const asked: string[] = [];
  const contentOf = async (address: string): Promise<string | Uint8Array | undefined> => {
    if (Object.hasOwn(files, address)) return files[address];
    const prefix = Object.keys(folders).find((each) => address.startsWith(each));
    if (prefix === undefined) return undefined;
    return readFile(path.join(folders[prefix], address.slice(prefix.length))).catch(() => undefined);
  };
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const address = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    asked.push(address);
    const content = await contentOf(address);
    const type = types[path.extname(address)] ?? 'application/octet-stream';
    response.writeHead(content === undefined ? 404 : 200, { 'content-type': type, ...headers });
    response.end(content);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
