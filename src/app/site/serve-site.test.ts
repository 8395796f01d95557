import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/running-service.ts';
import { type ServedSite, serveSite } from './serve-site.ts';

let folder: string;
let served: ServedSite;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-serve-site-'));
  await mkdir(path.join(folder, 'site', 'pictures', 'a b'), { recursive: true });
  await writeFile(path.join(folder, 'secret.txt'), 'secret');
  await writeFile(path.join(folder, 'site', 'index.html'), '<title>page</title>');
  await writeFile(path.join(folder, 'site', 'run.wasm'), 'wasm');
  await writeFile(path.join(folder, 'site', 'pictures', 'a b', 'ü%.PNG'), 'png');
  served = await serveSite(path.join(folder, 'site'), 0);
});
afterAll(async () => {
  await served?.close();
  await rm(folder, { recursive: true });
});

describe('serveSite', () => {
  it('gives files by their addresses, with their types, isolated, under a strict policy', async () => {
    for (const [address, type, body] of [
      ['', 'text/html; charset=utf-8', '<title>page</title>'],
      ['index.html?1', 'text/html; charset=utf-8', '<title>page</title>'],
      ['run.wasm', 'application/wasm', 'wasm'],
      ['pictures/a%20b/%C3%BC%25.PNG', 'image/png', 'png'],
    ]) {
      const answer = await ask(`${served.url}${address}`);
      expect([answer.status, answer.headers['content-type'], answer.body]).toEqual([200, type, body]);
      expect(answer.headers['cross-origin-embedder-policy']).toBe('require-corp');
      expect(answer.headers['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
      );
    }
  });

  it.each(['../secret.txt', '..%2fsecret.txt', '%2e%2e/secret.txt', 'pictures', 'pictures/', 'none.txt'])(
    '%s leads to no file',
    async (address) => {
      expect((await ask(`${served.url}${address}`)).status).toBe(404);
    },
  );

  it('answers to no name that another site may have pointed here', async () => {
    expect((await ask(served.url, { host: 'evil.example' })).status).toBe(403);
    expect((await ask(served.url, { host: 'localhost' })).status).toBe(200);
  });

  it('says that a port is taken', async () => {
    const { port } = new URL(served.url);
    await expect(serveSite(path.join(folder, 'site'), Number(port))).rejects.toThrow(
      `cannot serve at port ${port}: it is taken: name another, or 0 for any that is free`,
    );
  });
});
