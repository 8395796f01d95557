import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, form, type ServedCatalogue, serveCatalogue } from '../../../test/support/running-service.ts';

const token = 'a token of the test'.replaceAll(' ', '-');
let served: ServedCatalogue;
let [open, closed, shared]: string[] = [];
let picture: Uint8Array;
beforeAll(async () => {
  served = await serveCatalogue();
  ({ url: open } = await served.start());
  ({ url: closed } = await served.start({ token }));
  ({ url: shared } = await served.start({ hostNames: ['Shop.example'], origins: ['https://shop.example'] }));
  picture = await readFile(path.join(served.folder, 'pictures/arrow/1.png'));
});
afterAll(() => served.remove());

const statusOf = async (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  (await ask(url, headers, method)).status;

describe('hosts', () => {
  it.each(['localhost', 'localhost:8420', '127.0.0.1', '[::1]:80', '192.168.1.7:8420', 'LOCALHOST'])(
    'answers as %s',
    async (host) => expect(await statusOf(`${open}/v1/about`, { host })).toBe(200),
  );

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', 'a@localhost', 'localhost:1:2'])(
    "does not answer as '%s', which is what DNS rebinding would be",
    async (host) => {
      for (const address of ['/v1/about', '/health', '/openapi.json', '/nothing'])
        expect(await statusOf(`${open}${address}`, { host })).toBe(403);
    },
  );

  it('answers by the names that it was given', async () => {
    expect(await statusOf(`${shared}/v1/about`, { host: 'shop.example:443' })).toBe(200);
    expect(await statusOf(`${shared}/v1/about`, { host: 'other.example' })).toBe(403);
  });
});

describe('pages of other sites', () => {
  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:3000' },
    { origin: 'http://127.0.0.1' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ])('are not answered: %j', async (headers: Record<string, string>) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const answer = await ask(`${open}/v1/about`, headers, method);
      expect(answer.status).toBe(403);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('may link to it, and its own page is answered', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect(await statusOf(`${open}/openapi.json`, link)).toBe(200);
    expect(await statusOf(`${open}/v1/about`, { origin: open, 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await statusOf(`${open}/v1/about`, { 'sec-fetch-site': 'none' })).toBe(200);
  });

  it('are answered where they were named, and told so beforehand', async () => {
    const headers = { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' };
    const answer = await ask(`${shared}/v1/about`, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': 'https://shop.example', vary: 'Origin' });
    const question = {
      ...headers,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    const told = await ask(`${shared}/v1/search`, question, 'OPTIONS');
    expect(told.status).toBe(204);
    expect(told.headers['access-control-allow-methods']).toContain('POST');
    expect(await statusOf(`${shared}/v1/about`, { origin: 'https://shop.example.evil.example' })).toBe(403);
  });
});

describe('the token', () => {
  it('is needed for all but what says that the service is there', async () => {
    for (const [address, method] of [
      ['/v1/about', 'GET'],
      ['/v1/search', 'POST'],
      ['/v1/thumbnail?id=arrow/1.png', 'GET'],
      ['/metrics', 'GET'],
      ['/nothing', 'GET'],
    ] as const) {
      const answer = await ask(`${closed}${address}`, {}, method);
      expect({ address, status: answer.status }).toEqual({ address, status: 401 });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
    for (const address of ['/', '/page.js', '/page.css', '/icon.svg', '/docs', '/health', '/ready', '/openapi.json'])
      expect(await statusOf(`${closed}${address}`)).toBe(200);
  });

  it.each([
    [`Bearer ${token}`, 200],
    [`bearer ${token}`, 200],
    [`Bearer ${token}x`, 401],
    [`Bearer ${token.slice(0, -1)}`, 401],
    ['Bearer ', 401],
    [`Basic ${token}`, 401],
    [token, 401],
  ])('opens with %s: %i', async (authorization, status) => {
    expect(await statusOf(`${closed}/v1/about`, { authorization })).toBe(status);
  });

  it('is exchanged for a cookie that scripts do not see and other sites do not send', async () => {
    const signIn = (given: string, headers = {}) =>
      ask(
        `${closed}/v1/session`,
        { 'content-type': 'application/json', ...headers },
        'POST',
        JSON.stringify({ token: given }),
      );
    expect((await signIn('another token')).status).toBe(401);
    const { status, headers } = await signIn(token);
    expect(status).toBe(204);
    const [set] = headers['set-cookie'] ?? [];
    expect(set).toMatch(/^lookalike_[0-9a-f]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(token);
    expect((await signIn(token, { 'x-forwarded-proto': 'https' })).headers['set-cookie']?.[0]).toMatch(/; Secure$/);
    const [cookie] = set.split(';');
    expect(await statusOf(`${closed}/v1/about`, { cookie: `other=1; ${cookie}` })).toBe(200);
    expect(await statusOf(`${closed}/v1/about`, { cookie: `${cookie}x` })).toBe(401);
    expect(await statusOf(`${closed}/v1/about`, { cookie, origin: 'https://evil.example' })).toBe(403);
  });
});

describe('answers', () => {
  it('say to a browser that nothing else is to be loaded, framed or guessed', async () => {
    for (const address of ['/', '/page.js', '/docs', '/v1/about', '/nothing', '/openapi.json', '/health']) {
      const { headers } = await ask(`${open}${address}`);
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/,
      );
      expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:/);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});

describe('paths', () => {
  it.each([
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/v1/..\\..\\etc\\passwd',
    '/page/../../package.json',
    '/%00',
    '//etc/passwd',
    '/page.js/../../../package.json',
  ])('%s leads to no file', async (address) => {
    const { hostname, port } = new URL(open);
    // As it is: a URL would be made regular first.
    const { request } = await import('node:http');
    const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      request({ hostname, port, path: address, agent: false }, (got) => {
        let body = '';
        got.setEncoding('utf8').on('data', (piece: string) => {
          body += piece;
        });
        got.on('end', () => resolve({ status: got.statusCode ?? 0, body }));
      })
        .on('error', reject)
        .end();
    });
    expect([400, 404]).toContain(answer.status);
    expect(answer.body).not.toMatch(/root:|deep-lookalike/);
  });

  it('of a picture are the store alone: neither names nor contents of uploads are ones', async () => {
    const named = new FormData();
    named.append('image', new Blob([Uint8Array.from(picture)], { type: 'image/png' }), '../../../etc/passwd');
    const found = await fetch(`${open}/v1/search`, { method: 'POST', body: named });
    expect(found.status).toBe(200);
    const asText = await fetch(`${open}/v1/search`, {
      method: 'POST',
      body: form({ image: Buffer.from('/etc/passwd') }),
    });
    expect(asText.status).toBe(422);
  });
});
