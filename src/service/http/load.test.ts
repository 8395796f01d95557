import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, form, type ServedCatalogue, serveCatalogue } from '../../../test/support/running-service.ts';

let served: ServedCatalogue;
let url: string;
let picture: Uint8Array;
beforeAll(async () => {
  served = await serveCatalogue();
  ({ url } = await served.start({ limits: { arrivalSeconds: 1, fileBytes: 2 ** 20 } }));
  picture = await readFile(path.join(served.folder, 'pictures/arrow/1.png'));
});
afterAll(() => served.remove());

const search = (at = url) => fetch(`${at}/v1/search`, { method: 'POST', body: form({ image: picture }) });
const metric = async (name: string, at = url) =>
  Number(new RegExp(`^${name} (.*)$`, 'm').exec((await ask(`${at}/metrics`)).body)?.[1]);

/** A connection on which anything can be said, and all that comes back until it is closed. */
function speak(at = url): Promise<{ socket: Socket; closed: Promise<string> }> {
  const { hostname, port } = new URL(at);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve({ socket, closed }));
    let text = '';
    socket.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    const closed = new Promise<string>((done) => socket.on('close', () => done(text)));
    socket.on('error', reject);
  });
}

/** The beginning of an upload of a picture of so many bytes, without its end. */
const beginning = (length: number) =>
  `POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n` +
  'Content-Type: multipart/form-data; boundary=x\r\n\r\n' +
  '--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n';

describe('malformed forms', () => {
  const part = 'Content-Disposition: form-data; name="image"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nxx';
  it.each([
    ['nothing', 'multipart/form-data; boundary=x', ''],
    ['no boundary', 'multipart/form-data', `--x\r\n${part}\r\n--x--\r\n`],
    ['another boundary', 'multipart/form-data; boundary=y', `--x\r\n${part}\r\n--x--\r\n`],
    ['no end', 'multipart/form-data; boundary=x', `--x\r\n${part}`],
    ['no head of a part', 'multipart/form-data; boundary=x', '--x\r\n\r\nxx\r\n--x--\r\n'],
    ['no name', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data\r\n\r\nxx\r\n--x--\r\n'],
    ['a head without an end', 'multipart/form-data; boundary=x', `--x\r\nContent-Disposition: ${'a'.repeat(90_000)}`],
    [
      'a name of the prototype',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\nxx\r\n--x--\r\n',
    ],
    ['a boundary of 10,000 letters', `multipart/form-data; boundary=${'b'.repeat(10_000)}`, 'x'],
    ['a thousand parts', 'multipart/form-data; boundary=x', `${`--x\r\n${part}\r\n`.repeat(1000)}--x--\r\n`],
    [
      'a document that is no JSON',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="request"\r\n\r\n{]\r\n--x--\r\n',
    ],
    ['bytes that are no form', 'multipart/form-data; boundary=x', '\0\xff\xfe'.repeat(1000)],
    ['another type', 'application/x-www-form-urlencoded', 'image=x'],
    ['no type', '', 'image=x'],
    ['JSON that is none', 'application/json', '{"k":'],
  ])('with %s are refused in words', async (_, type, body) => {
    const headers = {
      ...(type === '' ? {} : { 'content-type': type }),
      'content-length': String(Buffer.byteLength(body)),
    };
    const answer = await ask(`${url}/v1/search`, headers, 'POST', body);
    expect([400, 413, 415, 422]).toContain(answer.status);
    expect(JSON.parse(answer.body).error.message.length).toBeGreaterThan(10);
    expect((await search()).status).toBe(200);
  });

  it('are told why also where they are still being sent', async () => {
    const { url: closed } = await served.start({ token: 'a-token-of-the-test' });
    const large = new Uint8Array(2 ** 24);
    for (let turn = 0; turn < 10; turn++) {
      const unasked = await fetch(`${closed}/v1/search`, { method: 'POST', body: form({ image: large }) });
      expect(unasked.status).toBe(401);
      const unknown = await fetch(`${url}/v1/search`, { method: 'POST', body: form({ other: large }) });
      expect(unknown.status).toBe(400);
    }
  });

  it('say what they are said to be: a picture of another type, or of more bytes than are taken, is refused', async () => {
    const page = new FormData();
    page.append('image', new Blob(['<html></html>'], { type: 'text/html' }), 'a.html');
    expect((await fetch(`${url}/v1/search`, { method: 'POST', body: page })).status).toBe(415);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const packed = await fetch(`${url}/v1/search`, { method: 'POST', body: gzipSync('{}'), headers });
    expect([packed.status, await packed.text()]).toEqual([
      415,
      expect.stringContaining('a body packed by gzip is not read'),
    ]);
    const large = await fetch(`${url}/v1/search`, {
      method: 'POST',
      body: form({ image: new Uint8Array(2 ** 20 + 1) }),
    });
    expect(large.status).toBe(413);
    expect(await metric('lookalike_upload_bytes')).toBe(0);
  });
});

describe('pictures that do harm', () => {
  const upload = async (like: Uint8Array) => {
    const answer = await fetch(`${url}/v1/search`, { method: 'POST', body: form({ like }) });
    return { status: answer.status, message: ((await answer.json()) as { error: { message: string } }).error.message };
  };

  it('by their size are refused by their heads: 60,000 x 60,000 pixels in 100 bytes', async () => {
    const bomb = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#804020' } })
      .png()
      .toBuffer();
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    const { status, message } = await upload(bomb);
    expect(status).toBe(422);
    expect(message).toMatch(/60,000 x 60,000 pixels, more than 200 million/);
  });

  it('as drawings that refer to elsewhere or grow without end are refused', async () => {
    const svg = (inside: string, before = '') =>
      Buffer.from(`${before}<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`);
    expect((await upload(svg('<image href="http://127.0.0.1/a.png"/>'))).message).toContain(
      "refers to something outside of itself ('http:",
    );
    expect((await upload(svg('<image href="file:///etc/passwd"/>'))).status).toBe(422);
    const laughs = Array.from({ length: 12 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
    expect((await upload(svg('<text>&l12;</text>', `<!DOCTYPE svg [<!ENTITY l0 "ha">${laughs}]>`))).status).toBe(422);
    expect((await search()).status).toBe(200);
  });
});

describe('slow and lost clients', () => {
  it('that send half of an upload are told that it took too long, and hold no memory afterwards', async () => {
    const { socket, closed } = await speak();
    socket.write(`${beginning(100_000)}${'x'.repeat(50_000)}`);
    await pause(100);
    expect(await metric('lookalike_upload_bytes')).toBe(50_000);
    expect(await closed).toMatch(/^HTTP\/1.1 408 .*"code":"request-timeout"/s);
    expect(await metric('lookalike_upload_bytes')).toBe(0);
  });

  it('that go away in the middle of an upload hold no memory afterwards', async () => {
    const { socket, closed } = await speak();
    socket.write(`${beginning(100_000)}${'x'.repeat(50_000)}`);
    await pause(100);
    socket.destroy();
    await closed;
    for (let look = 0; look < 50 && (await metric('lookalike_upload_bytes')) > 0; look++) await pause(20);
    expect(await metric('lookalike_upload_bytes')).toBe(0);
    expect(await metric('lookalike_requests_inside')).toBe(0);
  });

  it('do not keep others waiting, and are ended', async () => {
    const slow = await Promise.all(Array.from({ length: 100 }, () => speak()));
    const drip = setInterval(() => {
      for (const { socket } of slow) if (socket.writable) socket.write('x');
    }, 50);
    for (const { socket } of slow) socket.write(beginning(10_000));
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await search()).status));
    expect(statuses).toEqual(Array(10).fill(200));
    const answers = await Promise.all(slow.map(({ closed }) => closed));
    clearInterval(drip);
    expect(answers.every((answer) => answer.startsWith('HTTP/1.1 408'))).toBe(true);
  });

  it('that send a head without an end are ended', async () => {
    const { socket, closed } = await speak();
    socket.write('GET /v1/about HTTP/1.1\r\nHost: localhost\r\nX: ');
    expect(await closed).toMatch(/^HTTP\/1.1 408 /);
  });

  it('that speak no HTTP are told so', async () => {
    const { socket, closed } = await speak();
    socket.write('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03');
    expect(await closed).toMatch(/^HTTP\/1.1 400 .*"code":"usage"/s);
  });
});

describe('many at once', () => {
  it('1,000 connections that say nothing leave room for others', async () => {
    const { url: patient } = await served.start();
    const silent = await Promise.all(Array.from({ length: 1000 }, () => speak(patient)));
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await search(patient)).status));
    expect(statuses).toEqual(Array(8).fill(200));
    for (const { socket } of silent) socket.destroy();
  });

  it('more requests than there is room for are refused at once, with the time after which to try again', async () => {
    const { url: small } = await served.start({ limits: { requests: 2 } });
    const answers = await Promise.all(Array.from({ length: 30 }, () => search(small)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2);
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.length).toBe(30);
    for (const { headers } of refused) expect(headers.get('retry-after')).toMatch(/^[1-9]\d?$/);
    expect((await search(small)).status).toBe(200);
  });

  it('share batches of the network', async () => {
    const answers = await Promise.all(Array.from({ length: 24 }, () => search()));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const [first, ...others] = await Promise.all(answers.map((answer) => answer.json()));
    for (const other of others) expect(other).toEqual(first);
  });
});

describe('stopping', () => {
  it('finishes what it has taken, takes nothing new, and then is gone', async () => {
    const service = await served.start();
    const large = await sharp({ create: { width: 3000, height: 3000, channels: 3, background: '#204080' } })
      .png()
      .toBuffer();
    const taken = Promise.all(
      Array.from({ length: 4 }, () =>
        fetch(`${service.url}/v1/compare`, { method: 'POST', body: form({ first: large, second: picture }) }),
      ),
    );
    const kept = await speak(service.url);
    while ((await metric('lookalike_requests_inside', service.url)) < 4) await pause(1);
    const begun = Date.now();
    const closing = service.close();
    kept.socket.write('GET /v1/about HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect((await taken).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await closing;
    expect(Date.now() - begun).toBeLessThan(15_000);
    expect(await kept.closed).toMatch(/^(HTTP\/1.1 503 |$)/);
    await expect(fetch(`${service.url}/health`)).rejects.toThrow();
  });

  it('does not wait for ever for who does not go on', async () => {
    const service = await served.start({ limits: { stopSeconds: 0.3 } });
    const { socket, closed } = await speak(service.url);
    socket.write(`${beginning(100_000)}${'x'.repeat(100)}`);
    await pause(50);
    const begun = Date.now();
    await service.close();
    expect(Date.now() - begun).toBeLessThan(5000);
    await closed;
  });
});
