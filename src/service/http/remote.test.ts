import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedCatalogue, serveCatalogue } from '../../../test/support/running-service.ts';
import { RequestError } from '../../foundation/errors/request-error.ts';
import { LookalikeClient } from '../client/client.ts';
import { RemotePictures } from './remote/remote-pictures.ts';

let served: ServedCatalogue;
let elsewhere: Server;
let client: LookalikeClient;
let place: string;
let [a, b]: Buffer[] = [];
beforeAll(async () => {
  served = await serveCatalogue();
  [a, b] = await Promise.all(
    ['arrow/1.png', 'bars/2.png'].map((name) => readFile(path.join(served.folder, 'pictures', name))),
  );
  const files: Readonly<Record<string, Buffer>> = { '/a.png': a, '/b.png': b, '/text': Buffer.from('a text') };
  elsewhere = createServer(({ url = '' }, answer) =>
    answer.writeHead(200, { 'content-type': 'application/octet-stream' }).end(files[url]),
  );
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  place = `http://pictures.test:${(elsewhere.address() as AddressInfo).port}`;
  const remote = new RemotePictures({
    lookup: async (name) => (name === 'pictures.test' ? [{ address: '127.0.0.1', family: 4 }] : []),
    mayConnect: (address) => address === '127.0.0.1',
  });
  const { url } = await served.start({ remote, changeable: true, limits: { files: 4 } });
  client = new LookalikeClient(url);
});
afterAll(async () => {
  elsewhere.closeAllConnections();
  elsewhere.close();
  await served.remove();
});

const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => expect.fail('it is not refused'),
    (error: RequestError) => {
      expect(error).toBeInstanceOf(RequestError);
      return { problem: error.problem, path: error.path };
    },
  );
const at = (name: string) => ({ url: `${place}/${name}` });

describe('a service that fetches pictures', () => {
  it('says so, and takes an address for a picture wherever it takes one', async () => {
    expect((await client.about()).remote).toBe(true);
    expect(await client.embed(at('a.png'))).toEqual(await client.embed(a));
    expect(await client.compare(at('a.png'), at('b.png'))).toEqual(await client.compare(a, b));
    expect(await client.compare({ id: 'arrow/1.png' }, at('b.png'))).toEqual(await client.compare(a, b));
    expect(await client.search(at('a.png'))).toEqual(await client.search(a));
    const examples = { like: [at('b.png')], unlike: [{ id: 'disc/1.png' }] };
    expect(await client.search(at('a.png'), examples)).toEqual(
      await client.search(a, { like: [b], unlike: [{ id: 'disc/1.png' }] }),
    );
    await client.putImage('fetched.png', at('a.png'), { class: 'fetched' });
    expect((await client.search(a, { where: "class = 'fetched'" })).images).toMatchObject([{ id: 'fetched.png' }]);
    expect(await client.removeImage('fetched.png')).toBe(1);
  });

  it('hands a picture on to a page, by the type that its bytes are of', async () => {
    const picture = await client.fetchPicture(at('a.png').url);
    expect(picture.type).toBe('image/png');
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(a);
    expect(await refusal(client.fetchPicture(at('text').url))).toEqual({
      problem: 'unreadable-image',
      path: 'request.url',
    });
  });

  it('says which part of a request it is that leads nowhere', async () => {
    const nowhere = { url: 'http://private.test/x.png' };
    expect(await refusal(client.search([a, at('a.png'), nowhere]))).toEqual({
      problem: 'forbidden',
      path: 'request.queries.1.url',
    });
    expect(await refusal(client.compare(a, nowhere))).toEqual({ problem: 'forbidden', path: 'request.second.url' });
    expect(await refusal(client.embed({ url: 'ftp://pictures.test/' }))).toMatchObject({ problem: 'usage' });
  });

  it('takes no more pictures than a request may bring, wherever they are', async () => {
    const four = [a, at('a.png'), at('b.png'), at('a.png')];
    expect((await client.search(four)).images).toHaveLength(12);
    expect(await refusal(client.search(four, { like: [at('b.png')] }))).toEqual({
      problem: 'too-large',
      path: 'request.like.0.url',
    });
  });
});

describe('a service that was not told to', () => {
  it('fetches nothing', async () => {
    const closed = new LookalikeClient((await served.start({ changeable: true })).url);
    expect((await closed.about()).remote).toBe(false);
    const asked = [
      closed.embed(at('a.png')),
      closed.compare(a, at('a.png')),
      closed.explain(at('a.png'), b),
      closed.search(at('a.png')),
      closed.search(a, { unlike: [at('a.png')] }),
      closed.putImage('x.png', at('a.png')),
      closed.fetchPicture(at('a.png').url),
    ];
    for (const one of asked) expect(await refusal(one)).toMatchObject({ problem: 'forbidden' });
  });
});
