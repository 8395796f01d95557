import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestError } from '../../../foundation/errors/request-error.ts';
import { ByteBudget } from '../load/byte-budget.ts';
import { RemotePictures, type RemoteRules } from './remote-pictures.ts';

/** Addresses that names have: those of `public.test` and `cdn.test` are let through by the rules of these tests. */
const names: Readonly<Record<string, readonly string[]>> = {
  'public.test': ['127.0.0.1'],
  'cdn.test': ['127.0.0.1'],
  'private.test': ['10.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'both.test': ['127.0.0.1', '10.0.0.1'],
};
const lookup: RemoteRules['lookup'] = async (name) => {
  if (!Object.hasOwn(names, name)) throw new Error(`getaddrinfo ENOTFOUND ${name}`);
  return names[name].map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};
/** The server of the test is at 127.0.0.1, which stands for a public address here. */
const mayConnect = (address: string) => address === '127.0.0.1';

let picture: Buffer;
let server: Server;
let port: number;
const heard: IncomingMessage[] = [];
const answers: Readonly<Record<string, (answer: ServerResponse, request: IncomingMessage) => void>> = {
  '/picture.png': (answer) => answer.writeHead(200, { 'content-type': 'image/png; charset=x' }).end(picture),
  '/typeless': (answer) => answer.writeHead(200, { 'content-type': 'application/octet-stream' }).end(picture),
  '/page': (answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
  '/untold': (answer) => answer.writeHead(200).end(picture),
  '/packed': (answer) =>
    answer.writeHead(200, { 'content-type': 'image/png', 'content-encoding': 'gzip' }).end(picture),
  '/drawing': (answer) =>
    answer
      .writeHead(200, { 'content-type': 'image/svg+xml' })
      .end('<svg xmlns="http://www.w3.org/2000/svg"><image href="http://10.0.0.1/x.png"/></svg>'),
  '/large-told': (answer) => answer.writeHead(200, { 'content-type': 'image/png', 'content-length': '1000000' }).end(),
  '/large-untold': (answer) => {
    answer.writeHead(200, { 'content-type': 'image/png' });
    for (let piece = 0; piece < 100; piece++) answer.write(Buffer.alloc(10_000));
    answer.end();
  },
  '/cut': (answer) => {
    answer.writeHead(200, { 'content-type': 'image/png', 'content-length': String(picture.length) });
    answer.write(picture.subarray(0, 10), () => answer.destroy());
  },
  '/silent': () => undefined,
  '/slow': (answer) => {
    answer.writeHead(200, { 'content-type': 'image/png' });
    answer.write(picture.subarray(0, 10));
  },
  '/no-http': (answer) => answer.socket?.end('SSH-2.0-OpenSSH_9.9\r\n'),
  '/gone': (answer) => answer.writeHead(410).end('gone'),
  '/nowhere': (answer) => answer.writeHead(302).end(),
  '/odd': (answer) => answer.writeHead(302, { location: 'http://[' }).end(),
  '/again': (answer) => answer.writeHead(302, { location: '/again' }).end(),
  '/to': (answer, { url = '' }) =>
    answer.writeHead(307, { location: new URL(url, 'http://x').searchParams.get('place') ?? '' }).end(),
};

beforeAll(async () => {
  picture = await sharp({ create: { width: 9, height: 7, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  server = createServer((request, answer) => {
    heard.push(request);
    answers[new URL(request.url ?? '', 'http://x').pathname](answer, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

interface Asked {
  readonly bytes?: number;
  readonly milliseconds?: number;
  readonly budget?: ByteBudget;
  readonly rules?: Partial<RemoteRules>;
}
const fetched = (url: string, { bytes = 100_000, milliseconds = 10_000, budget, rules }: Asked = {}) => {
  const share = (budget ?? new ByteBudget(1e9)).share();
  const remote = new RemotePictures({ lookup, mayConnect, ...rules });
  return remote.fetch(url, { bytes, share, signal: AbortSignal.timeout(milliseconds), path: 'request.url' });
};
const refused = (url: string, asked?: Asked) =>
  fetched(url, asked).then(
    () => expect.fail('it is not refused'),
    (error: RequestError) => {
      expect(error).toBeInstanceOf(RequestError);
      expect(error.path === undefined ? undefined : 'request.url').toBe(error.path);
      return { problem: error.problem, message: error.message };
    },
  );
const at = (path: string, host = 'public.test') => `http://${host}:${port}${path}`;
const to = (place: string) => at(`/to?place=${encodeURIComponent(place)}`);

describe('RemotePictures', () => {
  it('fetches a picture, and sends nothing along that tells who asks', async () => {
    heard.length = 0;
    expect(await fetched(at('/picture.png'))).toEqual(picture);
    expect(await fetched(at('/typeless', '127.0.0.1'))).toEqual(picture);
    const [{ headers }] = heard;
    expect(headers).toEqual({
      host: `public.test:${port}`,
      accept: 'image/*',
      'accept-encoding': 'identity',
      'user-agent': expect.stringMatching(/^lookalike\/\d/),
      connection: expect.any(String),
    });
  });

  it('goes where it is led, three times', async () => {
    expect(await fetched(to(at('/picture.png', 'cdn.test')))).toEqual(picture);
    expect(await fetched(to('/picture.png'))).toEqual(picture);
    expect(await fetched(to(to(to('/picture.png'))))).toEqual(picture);
    expect(await refused(to(to(to(to('/picture.png')))))).toMatchObject({
      problem: 'unreadable-image',
      message: expect.stringMatching(/leads to more than 3 other addresses$/),
    });
  });

  it.each([
    'http://127.0.0.2/',
    'http://127.1.1.1:8080/',
    'http://2130706434/',
    'http://0x7f.2/',
    'http://0177.0.0.2/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://localhost/',
    'http://private.test/',
    'http://metadata.test/',
    'http://mapped.test/',
    'http://both.test/',
    'http://unknown.test/',
  ])('connects to nothing for %s, nor where a redirect leads there', async (address) => {
    heard.length = 0;
    const { hostname } = new URL(address);
    const wanted = {
      problem: 'forbidden',
      message: `'${hostname}' does not lead to a public address: pictures are fetched from such alone`,
    };
    expect(await refused(address)).toEqual(wanted);
    expect(heard).toEqual([]);
    expect(await refused(to(address))).toEqual(wanted);
    expect(heard).toHaveLength(1);
  });

  it('refuses every address here by its own rules and the own resolver', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '10.0.0.1']) {
      const own = new RemotePictures();
      const share = new ByteBudget(1e9).share();
      const signal = AbortSignal.timeout(10_000);
      heard.length = 0;
      await expect(
        own.fetch(at('/picture.png', host), { bytes: 1e6, share, signal, path: 'request.url' }),
      ).rejects.toMatchObject({ problem: 'forbidden' });
      expect(heard).toEqual([]);
    }
  });

  it('goes to the address that was checked, whatever a name says the second time', async () => {
    let asked = 0;
    const rebinding: RemoteRules['lookup'] = async () => {
      asked++;
      return [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
    };
    expect(await fetched(at('/picture.png'), { rules: { lookup: rebinding } })).toEqual(picture);
    expect(asked).toBe(1);
    expect(await refused(at('/picture.png'), { rules: { lookup: rebinding } })).toMatchObject({ problem: 'forbidden' });
  });

  it.each([
    'ftp://public.test/x.png',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'http://user@public.test/',
    'http://user:word@public.test/',
    'http://public.test:22/',
    'http://public.test:1023/',
    'public.test/x.png',
    '',
  ])("refuses '%s', and where it leads there", async (address) => {
    const wanted = { problem: 'usage', message: expect.stringMatching(/is no address that pictures are fetched from/) };
    expect(await refused(address)).toEqual(wanted);
    if (URL.canParse(address)) expect(await refused(to(address))).toEqual(wanted);
  });

  it.each([
    ['/page', 'its server says that it is text/html'],
    ['/untold', 'its server says that it is nothing'],
    ['/packed', 'its server packs it, though it was not asked to'],
    ['/cut', 'its server does not answer as it should'],
    ['/no-http', 'its server does not answer as it should'],
    ['/gone', 'its server answers 410'],
    ['/nowhere', 'its server answers 302'],
    ['/odd', 'it leads to what is no address'],
    ['/again', 'it leads to more than 3 other addresses'],
  ])('refuses what %s answers: %s', async (path, reason) => {
    expect(await refused(at(path))).toEqual({
      problem: 'unreadable-image',
      message: `no picture came from '${at(path)}': ${reason}`,
    });
  });

  it('refuses a server that speaks no TLS', async () => {
    expect(await refused(at('/picture.png').replace('http:', 'https:'))).toMatchObject({
      problem: 'unreadable-image',
      message: expect.stringMatching(/does not answer as it should$/),
    });
  });

  it('refuses a drawing that refers to something outside of itself', async () => {
    expect(await refused(at('/drawing'))).toEqual({
      problem: 'unreadable-image',
      message: expect.stringMatching(/refers to something outside of itself \('http:\/\/10\.0\.0\.1\/x\.png'\)/),
    });
  });

  it.each(['/large-told', '/large-untold'])('reads no more bytes of %s than it may', async (path) => {
    expect(await refused(at(path))).toEqual({
      problem: 'too-large',
      message: `the picture at '${at(path)}' has more than 100000 bytes`,
    });
  });

  it('counts what is in memory', async () => {
    expect(await refused(at('/picture.png'), { budget: new ByteBudget(10) })).toMatchObject({ problem: 'busy' });
  });

  it.each(['/silent', '/slow'])('waits for %s no longer than it may', async (path) => {
    expect(await refused(at(path), { milliseconds: 100 })).toEqual({
      problem: 'unreadable-image',
      message: `no picture came from '${at(path)}': it took too long`,
    });
  });

  it('waits for a resolver no longer than it may', async () => {
    const never = { rules: { lookup: () => new Promise<never>(() => undefined) }, milliseconds: 100 };
    expect(await refused(at('/picture.png'), never)).toMatchObject({
      message: expect.stringMatching(/it took too long$/),
    });
  });
});
