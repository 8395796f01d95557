import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { externalWeights } from '../../../test/fixtures/external-weights.ts';
import { mobileNetwork } from '../../../test/fixtures/foreign-networks.ts';
import { printGraph } from '../../../test/oracles/print-graph.ts';
import { type HubServer, hubToken, type ServedRepository, startHub } from '../../../test/support/hub-server.ts';
import { DownloadError } from '../../foundation/errors/download-error.ts';
import { openBackboneFile } from '../planning/open-trunk.ts';
import { fetchBackbone, fetchFile } from './fetch-backbone.ts';
import { type HubAddress, parseHubAddress } from './hub-address.ts';
import type { HubOptions } from './hub-snapshot.ts';

const commit = 'c0ffee'.padEnd(40, '0');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const network = mobileNetwork();
const whole = sha256(network);
const preprocessor = JSON.stringify({ image_mean: [0.5, 0.5, 0.5], image_std: [0.25, 0.25, 0.25], size: 48 });
const model = parseHubAddress('hf:maker/mobile/onnx/model.onnx');

const split = externalWeights(network, 'model.onnx_data');
const elsewhere = (location: string) => externalWeights(network, location).model;

const served: Record<string, ServedRepository> = {
  'maker/mobile': {
    commit,
    branches: ['v1'],
    licence: 'apache-2.0',
    files: { 'onnx/model.onnx': network, 'preprocessor_config.json': preprocessor, 'README.md': 'read me' },
  },
  'maker/bare': { commit, files: { 'model.onnx': network, 'config.json': '{"model_type":"x"}' } },
  'maker/timm': {
    commit,
    files: {
      'model.onnx': network,
      'config.json': '{"pretrained_cfg":{"mean":[0,0,0],"std":[1,1,1],"input_size":[3,32,32]}}',
    },
  },
  'maker/split': { commit, files: { 'onnx/model.onnx': split.model, 'onnx/model.onnx_data': split.weights } },
  'maker/halved': { commit, files: { 'm.onnx': elsewhere('gone.data'), 'sub/up.onnx': elsewhere('../m.onnx') } },
  'maker/gated': { commit, gated: true, files: { 'model.onnx': network } },
  'maker/page': { commit, page: true, files: {} },
  'maker/text': { commit, files: { 'model.onnx': 'no model'.repeat(1000) } },
};

let hub: HubServer;
let base = '';
beforeAll(async () => {
  hub = await startHub(served);
});
afterAll(() => hub.close());
beforeEach(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'hub-'));
});
afterEach(async () => {
  await rm(base, { recursive: true });
  hub.requests.length = 0;
  hub.faults.length = 0;
  hub.pause = 0;
});

const options = (
  own: Partial<HubOptions> & { offline?: boolean; token?: string; endpoint?: string } = {},
): HubOptions => {
  const { offline = false, token, endpoint = hub.url, ...others } = own;
  return { settings: { endpoint, token, cache: base, offline }, pause: 1, ...others };
};
const fetched = (address: HubAddress = model, own: Parameters<typeof options>[0] = {}) =>
  fetchBackbone(address, options(own));
const inCache = (...names: string[]) => path.join(base, 'models--maker--mobile', ...names);
const blobs = () => readdir(inCache('blobs'));
const requestsOfModel = () => hub.requests.filter(({ from }) => from === 'cdn');

describe('a network of the hub', () => {
  it('is fetched into the cache that huggingface_hub has, with its commit and how pixels enter it', async () => {
    const progress: [string, number, number][] = [];
    const found = await fetched(model, { onProgress: (...told) => progress.push(told) });
    expect(found).toEqual({
      file: inCache('snapshots', commit, 'onnx', 'model.onnx'),
      linkedWithin: inCache(),
      licence: 'apache-2.0',
      origin: { repository: 'maker/mobile', revision: commit, path: 'onnx/model.onnx' },
      preparation: {
        normalization: { mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] },
        size: 48,
        channels: undefined,
      },
    });
    expect(await readFile(found.file)).toEqual(Buffer.from(network));
    expect(await readlink(found.file)).toBe(path.join('..', '..', '..', 'blobs', whole));
    expect(await readFile(inCache('refs', 'main'), 'utf8')).toBe(commit);
    const git = createHash('sha1').update(`blob ${preprocessor.length}\0${preprocessor}`).digest('hex');
    expect((await blobs()).sort()).toEqual([git, whole].sort());
    const ofModel = progress.filter(([name]) => name === 'onnx/model.onnx').map(([, done, total]) => [done, total]);
    expect(ofModel[0]).toEqual([0, network.length]);
    expect(ofModel.at(-1)).toEqual([network.length, network.length]);
    expect(ofModel.map(([done]) => done)).toEqual(ofModel.map(([done]) => done).toSorted((a, b) => a - b));
    const network48 = await openBackboneFile(found.file, { usualSize: 48 });
    expect([network48.width, network48.height]).toEqual([48, 48]);
  });

  it('is there without a request from then on, offline too, by its branch and by its commit', async () => {
    const first = await fetched();
    hub.requests.length = 0;
    const written = (await stat(inCache('refs', 'main'), { bigint: true })).mtimeNs;
    expect(await fetched()).toEqual({ ...first, licence: undefined });
    expect((await stat(inCache('refs', 'main'), { bigint: true })).mtimeNs).toBe(written);
    expect(await fetched({ ...model, revision: commit }, { offline: true })).toEqual({ ...first, licence: undefined });
    expect(await fetched(model, { endpoint: 'http://127.0.0.1:1' })).toEqual({ ...first, licence: undefined });
    expect(hub.requests).toEqual([]);
  });

  it('fetches a content once for two branches, and nothing that was not named', async () => {
    await fetched();
    expect(requestsOfModel()).toHaveLength(1);
    await fetched({ ...model, revision: 'v1' });
    expect(requestsOfModel()).toHaveLength(1);
    expect(hub.requests.filter(({ line }) => line.includes('README'))).toEqual([]);
    expect(await readFile(inCache('refs', 'v1'), 'utf8')).toBe(commit);
  });

  it('remembers that a repository says nothing of pixels', async () => {
    const bare = parseHubAddress('hf:maker/bare/model.onnx');
    expect((await fetched(bare)).preparation).toBeUndefined();
    hub.requests.length = 0;
    expect((await fetched(bare, { offline: true })).preparation).toBeUndefined();
    expect(hub.requests).toEqual([]);
    const lacking = path.join(base, 'models--maker--bare', '.no_exist', commit, 'preprocessor_config.json');
    expect((await stat(lacking)).size).toBe(0);
    const timm = await fetched(parseHubAddress('hf:maker/timm/model.onnx'));
    expect(timm.preparation).toMatchObject({ normalization: { mean: [0, 0, 0], deviation: [1, 1, 1] }, size: 32 });
  });

  it('is fetched as a file alone where nothing else is wanted', async () => {
    const found = await fetchFile(model, options());
    expect(found.file).toBe(inCache('snapshots', commit, 'onnx', 'model.onnx'));
    expect(await blobs()).toEqual([whole]);
  });

  it('brings the files that its weights are in', async () => {
    const found = await fetched(parseHubAddress('hf:maker/split/onnx/model.onnx'));
    const opened = await openBackboneFile(found.file, { linkedWithin: found.linkedWithin });
    await writeFile(path.join(base, 'whole.onnx'), network);
    expect(printGraph(opened.graph)).toBe(printGraph((await openBackboneFile(path.join(base, 'whole.onnx'))).graph));
    await expect(openBackboneFile(found.file)).rejects.toThrow("is a link out of the model's folder");
  });

  it("brings no weights from outside of the model's folder", async () => {
    await fetched(parseHubAddress('hf:maker/halved/sub/up.onnx'));
    expect(requestsOfModel()).toHaveLength(1);
  });

  it('shows the token to the hub alone', async () => {
    const gated = parseHubAddress('hf:maker/gated/model.onnx');
    await fetched(gated, { token: hubToken });
    const shown = (from: 'hub' | 'cdn') =>
      new Set(hub.requests.filter((each) => each.from === from).map(({ authorization }) => authorization));
    expect(shown('hub')).toEqual(new Set([`Bearer ${hubToken}`]));
    expect(shown('cdn')).toEqual(new Set([undefined]));
  });
});

describe('a download', () => {
  it('goes on where the connection broke, as often as it brings bytes', async () => {
    hub.faults.push({ breakAfter: 1500 }, { breakAfter: 2000 }, { status: 503 }, { breakAfter: 1000 });
    const { file } = await fetched();
    expect(await readFile(file)).toEqual(Buffer.from(network));
    expect(requestsOfModel().map(({ range }) => range)).toEqual([
      undefined,
      `bytes=1500-${network.length - 1}`,
      `bytes=3500-${network.length - 1}`,
      `bytes=3500-${network.length - 1}`,
      `bytes=4500-${network.length - 1}`,
    ]);
  });

  it('goes on where a connection says nothing any more', async () => {
    hub.faults.push({ stallAfter: 3000 });
    expect(await readFile((await fetched(model, { silence: 200 })).file)).toEqual(Buffer.from(network));
    expect(requestsOfModel()[1].range).toBe(`bytes=3000-${network.length - 1}`);
  });

  it('keeps what it has where it is given up, and the next one goes on there', async () => {
    hub.faults.push({ breakAfter: 2500 }, ...Array(5).fill({ status: 503 }));
    await expect(fetched()).rejects.toThrow(
      new RegExp(
        `^hf:maker/mobile/onnx/model.onnx broke off after 2500 of ${network.length} bytes, which are kept: run the command again, and it goes on there \\(the hub at .* answers 503`,
      ),
    );
    expect(await blobs()).toEqual([`${whole}.lookalike-incomplete`]);
    hub.requests.length = 0;
    expect(await readFile((await fetched()).file)).toEqual(Buffer.from(network));
    expect(requestsOfModel().map(({ range }) => range)).toEqual([`bytes=2500-${network.length - 1}`]);
    expect((await blobs()).filter((name) => name.includes('incomplete'))).toEqual([]);
  });

  it('stops with its signal, keeps what it has, and gives back its lock', async () => {
    hub.pause = 20;
    const stop = new AbortController();
    const reason = new Error('enough');
    const onProgress = (_: string, done: number) => {
      if (done > 0) stop.abort(reason);
    };
    await expect(fetched(model, { signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'aborted',
      cause: reason,
    });
    expect((await stat(inCache('blobs', `${whole}.lookalike-incomplete`))).size).toBeGreaterThan(0);
    hub.pause = 0;
    expect(await readFile((await fetched()).file)).toEqual(Buffer.from(network));
    expect(await readdir(path.join(base, '.locks', 'models--maker--mobile'))).toEqual([]);
  });

  it('stops with its signal while it waits to try again', async () => {
    hub.faults.push({ breakAfter: 2500 });
    const stop = new AbortController();
    const onProgress = (_: string, done: number) => {
      if (done === 2500) setTimeout(() => stop.abort('enough'), 50);
    };
    const stopped = fetched(model, { signal: stop.signal, onProgress, pause: 60_000 });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted', cause: 'enough' });
  });

  it('is done once where two want it at a time', async () => {
    hub.pause = 5;
    const [one, two] = await Promise.all([fetched(), fetched()]);
    expect(one.file).toBe(two.file);
    expect(requestsOfModel()).toHaveLength(1);
  });

  it('is refused, and not kept, where its bytes are not those that the hub states', async () => {
    hub.faults.push({ corrupt: true });
    const refused = fetched();
    await expect(refused).rejects.toThrow(DownloadError);
    await expect(refused).rejects.toThrow(
      `hf:maker/mobile/onnx/model.onnx was not kept: its bytes are not those of the SHA-256 that the hub states, ${whole}; it was damaged on its way, so run the command again`,
    );
    expect(await blobs()).toEqual([]);
    expect(await readFile((await fetched()).file)).toEqual(Buffer.from(network));
  });

  it('begins anew where what an earlier one left is damaged, or longer than the file', async () => {
    const left = (bytes: Uint8Array) => writeFile(inCache('blobs', `${whole}.lookalike-incomplete`), bytes);
    hub.faults.push({ breakAfter: 2500 }, ...Array(5).fill({ status: 503 }));
    await expect(fetched()).rejects.toThrow('broke off');
    await left(new Uint8Array(2500));
    expect(await readFile((await fetched()).file)).toEqual(Buffer.from(network));
    await rm(inCache('blobs', whole));
    await left(new Uint8Array(network.length + 1));
    expect(await readFile((await fetched()).file)).toEqual(Buffer.from(network));
  });

  it('takes no whole file for the part that it asked for', async () => {
    hub.faults.push({ breakAfter: 2500 }, { ignoreRange: true });
    expect(await readFile((await fetched()).file)).toEqual(Buffer.from(network));
    expect(requestsOfModel()).toHaveLength(3);
  });
});

describe('what the hub does not give', () => {
  it.each([
    [
      'hf:maker/mobil/model.onnx',
      {},
      /^the hub shows no repository maker\/mobil without a token \(401\): check the name/,
    ],
    ['hf:maker/mobil/model.onnx', { token: 'hf_x' }, /with the token of HF_TOKEN \(401\)/],
    [
      'hf:maker/gated/model.onnx',
      {},
      /^the hub does not let you read maker\/gated \(403\): accept its terms on http.*HF_TOKEN/,
    ],
    ['hf:maker/mobile@v2/onnx/model.onnx', {}, /^the hub knows no revision 'v2' of maker\/mobile: http/],
    [
      'hf:maker/mobile/onnx/modle.onnx',
      {},
      /^maker\/mobile has no file 'onnx\/modle.onnx'; did you mean onnx\/model.onnx\? \(it has onnx\/model.onnx\)$/,
    ],
    ['hf:maker/mobile/m.safetensors', {}, /\(it has no \.safetensors file at all\)$/],
    [
      'hf:maker/mobile/onnx/model.onnx',
      { offline: true },
      /^hf:maker\/mobile\/onnx\/model.onnx is not on this machine \(looked in '.*'\), and nothing is fetched offline: run the command online/,
    ],
    [
      'hf:maker/mobile/onnx/model.onnx',
      { endpoint: 'http://127.0.0.1:1' },
      /^cannot reach the hub at http:\/\/127.0.0.1:1: .*; check the network and run the command again, set HF_ENDPOINT/,
    ],
    [
      'hf:maker/halved/m.onnx',
      {},
      /^hf:maker\/halved\/m.onnx has weights in 'gone.data', which its repository does not have: use another file/,
    ],
    ['hf:maker/page/model.onnx', {}, /^http.* does not answer as a Hugging Face Hub does \(.*\): check HF_ENDPOINT/],
    ['hf:maker/text/model.onnx', {}, /^hf:maker\/text\/model.onnx is no ONNX model: /],
  ] as const)('%s with %j is said in words', async (text, own, message) => {
    const refused = fetched(parseHubAddress(text), own);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(DownloadError);
  });

  it('asks for nothing where it is offline', async () => {
    await expect(fetched(model, { offline: true })).rejects.toThrow('is not on this machine');
    expect(hub.requests).toEqual([]);
    expect(await readdir(base)).toEqual([]);
  });
});
