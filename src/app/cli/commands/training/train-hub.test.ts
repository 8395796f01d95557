import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { externalWeights } from '../../../../../test/fixtures/external-weights.ts';
import { mobileNetwork } from '../../../../../test/fixtures/foreign-networks.ts';
import { makePictures } from '../../../../../test/fixtures/make-pictures.ts';
import { type HubServer, startHub } from '../../../../../test/support/hub-server.ts';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';
import { readModel } from '../../../../catalogue/embedding/model-file.ts';

const commit = 'beef'.padEnd(40, '1');
const { model, weights } = externalWeights(mobileNetwork(), 'model.onnx_data');
const program = path.resolve(import.meta.dirname, '../../../../../dist/cli/main.js');
const address = 'hf:maker/mobile/onnx/model.onnx';
const small = ['--rows', '8', '--dimension', '8', '--threads', '1', '--paths', 'none', '--steps', '4', '--cut', 'map'];
const trainIn = (folder: string, ...more: string[]) => ['train', 'shapes', '-o', folder, ...small, ...more];

let hub: HubServer;
let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
const useCache = (name: string) => vi.stubEnv('HF_HOME', at(name));
beforeAll(async () => {
  work = await makeWorkplace();
  await makePictures(at('shapes'), { classes: 4, picturesPerClass: 8, size: 16 });
  hub = await startHub({
    'onnx-community/dinov2-small': { commit, files: { 'onnx/model.onnx': mobileNetwork({ size: 16 }) } },
    'maker/mobile': {
      commit,
      licence: 'apache-2.0',
      files: {
        'onnx/model.onnx': model,
        'onnx/model.onnx_data': weights,
        'onnx/whole.onnx': mobileNetwork(),
        'model.safetensors': 'no weights'.repeat(200),
        'preprocessor_config.json': '{"image_mean":[0.5,0.5,0.5],"image_std":[0.25,0.25,0.25],"size":16}',
      },
    },
  });
  vi.stubEnv('HF_ENDPOINT', hub.url);
  vi.stubEnv('XDG_CACHE_HOME', at('cache'));
  for (const other of ['HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'HF_TOKEN', 'HF_HUB_OFFLINE']) vi.stubEnv(other, '');
});
afterEach(() => {
  hub.requests.length = 0;
  hub.faults.length = 0;
  hub.pause = 0;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  await work.remove();
});

describe('lookalike train --backbone hf:…', () => {
  it('goes from an empty cache to a searched index, and says in the run and in the model where the network is from', async () => {
    useCache('empty');
    const trained = await work.spawned(...trainIn('first', '--backbone', address));
    expect(trained.code, trained.stderr).toBe(0);
    expect(trained.stderr).toContain(`backbone: hf:maker/mobile@${commit}/onnx/model.onnx, licence apache-2.0\n`);
    const { network } = JSON.parse(await readFile(at('first', 'config.json'), 'utf8'));
    const origin = { repository: 'maker/mobile', revision: commit, path: 'onnx/model.onnx' };
    expect(network).toMatchObject({ width: 16, height: 16 });
    expect(network.trunk).toMatchObject({ origin, mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] });
    expect((await readModel(at('first', 'model.onnx'))).metadata.network).toMatchObject({ trunk: { origin } });

    const indexed = await work.spawned('index', 'shapes', '-m', 'first/model.onnx', '-s', 'store');
    expect(indexed.code, indexed.stderr).toBe(0);
    const found = await work.spawned('search', 'shapes/arrow/1.png', '-s', 'store', '-k', '1', '--json');
    expect(JSON.parse(found.stdout).results[0]).toMatchObject({ distance: 0 });

    hub.requests.length = 0;
    const again = await work.lookalike(...trainIn('second', '--backbone', address, '--offline'));
    expect(again.code, again.stderr).toBe(0);
    const resumed = await work.lookalike('train', 'shapes', '-o', 'second', '--resume', '--backbone', address);
    expect(resumed.code, resumed.stderr).toBe(0);
    const other = ['--resume', '--backbone', 'hf:maker/mobile/onnx/whole.onnx'];
    expect(errorOf(await work.lookalike('train', 'shapes', '-o', 'second', ...other))).toContain(
      'was started with trunk',
    );
    expect(hub.requests).toEqual([]);
  }, 240_000);

  it('goes on with a download that was killed', async () => {
    useCache('killed');
    hub.pause = 100;
    const argv = trainIn('killed-run', '--backbone', 'hf:maker/mobile/onnx/whole.onnx');
    const child = spawn(process.execPath, [program, ...argv], { cwd: work.folder, stdio: 'ignore' });
    const partial = await appeared(() => unfinished('killed'));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const kept = (await stat(partial)).size;
    expect(kept).toBeGreaterThan(0);
    hub.requests.length = 0;
    hub.pause = 0;
    const again = await work.spawned(...argv);
    expect(again.code, again.stderr).toBe(0);
    const ranges = hub.requests.filter(({ from }) => from === 'cdn').map(({ range }) => range);
    expect(ranges).toEqual([`bytes=${kept}-${mobileNetwork().length - 1}`]);
    expect(await unfinished('killed')).toBeUndefined();
  }, 240_000);

  it('stops a download with Ctrl-C and keeps what it has', async () => {
    useCache('stopped');
    hub.pause = 100;
    const argv = trainIn('stopped-run', '--backbone', 'hf:maker/mobile/onnx/whole.onnx');
    const child = spawn(process.execPath, [program, ...argv], { cwd: work.folder, stdio: 'ignore' });
    await appeared(() => unfinished('stopped'));
    child.kill('SIGINT');
    const [code, signal] = await once(child, 'exit');
    expect(signal ?? code).not.toBe(0);
    expect((await stat((await unfinished('stopped'))!)).size).toBeGreaterThan(0);
    expect(await readdir(at('stopped', 'hub', '.locks', 'models--maker--mobile'))).toEqual([]);
  }, 60_000);

  it('brings weights for a ConvNet of its own', async () => {
    useCache('weights');
    const own = [
      '--preset',
      'small',
      '--steps',
      '1',
      '--paths',
      'none',
      '--weights',
      'hf:maker/mobile/model.safetensors',
    ];
    const finished = await work.lookalike(
      'train',
      'shapes',
      '-o',
      'never',
      '--backbone',
      'resnet18',
      '--size',
      '32',
      ...own,
    );
    expect(finished.stderr).toContain(`weights: hf:maker/mobile@${commit}/model.safetensors, licence apache-2.0\n`);
    expect(finished.stderr).toContain(`snapshots/${commit}/model.safetensors`);
    expect(finished.code).toBe(1);
  });

  it.each([
    [['--backbone', 'hf:maker/mobile/onnx/modle.onnx'], 1, /did you mean onnx\/model.onnx\?/],
    [
      ['--backbone', address, '--offline'],
      1,
      /is not on this machine \(looked in '.*none'\), and nothing is fetched offline/,
    ],
    [
      ['--backbone', 'dinov2-smal'],
      2,
      /dinov2-small.*\(did you mean dinov2-small\?\), or the path of an .onnx file, or hf:/,
    ],
    [
      ['--backbone', 'hf:maker/mobile'],
      2,
      /^option '--backbone <name>' must be hf:owner\/repository\[@revision\]\/path/,
    ],
    [['--backbone', 'hf:maker/mobile/model.safetensors'], 2, /weights in \.safetensors go to --weights/],
    [['--backbone', address, '--weights', 'hf:maker'], 2, /^option '--weights <file>' must be a file, or hf:owner/],
  ] as const)('says in one line what is wrong with %j', async (argv, code, message) => {
    vi.stubEnv('HF_HUB_CACHE', at('none'));
    const finished = await work.lookalike(...trainIn('never', ...argv));
    vi.stubEnv('HF_HUB_CACHE', '');
    expect(errorOf(finished)).toMatch(message);
    expect({ code: finished.code, stdout: finished.stdout }).toEqual({ code, stdout: '' });
  });
});

describe('lookalike backbones', () => {
  it('lists networks with what is known of them, and which are here', async () => {
    useCache('empty');
    const { code, stdout } = await work.lookalike('backbones');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^name +licence +MB +pixels +here +good at\ndinov2-small +Apache-2\.0 +88\.5 +224 +objects/);
    expect(stdout).toContain('hf:onnx-community/dinov2-small/onnx/model.onnx');
    expect(stdout).toMatch(
      /^--backbone efficientnet-lite0 --weights hf:timm\/efficientnet_lite0\.ra_in1k\/model\.safetensors +Apache-2\.0 /m,
    );
    const { cache, networks, weights } = JSON.parse((await work.lookalike('backbones', '--json')).stdout);
    expect(weights[0]).toMatchObject({
      backbone: 'efficientnet-lite0',
      licence: 'Apache-2.0',
      address: 'hf:timm/efficientnet_lite0.ra_in1k/model.safetensors',
    });
    expect(cache).toBe(at('empty', 'hub'));
    expect(networks.map(({ name }: { name: string }) => name)).toContain('clip-vit-b32');
    for (const network of networks) {
      expect(network).toMatchObject({ here: null, size: 224, address: `hf:${network.repository}/${network.path}` });
    }
    expect(hub.requests).toEqual([]);
  });

  it('are fetched where their names are given, and listed as being here from then on', async () => {
    useCache('named');
    expect(errorOf(await work.lookalike('cut-points', 'dinov2-small', '--offline'))).toContain(
      'is not on this machine',
    );
    const { code, stdout, stderr } = await work.lookalike('cut-points', 'dinov2-small');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('its repository does not say how pixels enter it: if not as ImageNet has them, say so');
    expect(stdout).toContain('lookalike train <images> --backbone dinov2-small --cut map');
    const listed = await work.lookalike('backbones');
    expect(listed.stdout).toMatch(/\ndinov2-small +Apache-2\.0 +0\.0 +224 +yes /);
    const { networks } = JSON.parse((await work.lookalike('backbones', '--json')).stdout);
    const here = networks.filter(({ here }: { here: unknown }) => here !== null);
    expect(here).toMatchObject([
      { name: 'dinov2-small', here: { revision: commit, bytes: mobileNetwork({ size: 16 }).length } },
    ]);
    const trained = await work.lookalike(...trainIn('by-name', '--backbone', 'dinov2-small', '--offline'));
    expect(trained.code, trained.stderr).toBe(0);
  }, 120_000);

  it('may be addresses where a cut is looked for, too', async () => {
    useCache('empty');
    const { code, stdout, stderr } = await work.lookalike('cut-points', address);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(`lookalike train <images> --backbone ${address} --cut map`);
  });
});

/** The file of a download of this test's hub that is not whole. */
async function unfinished(home: string): Promise<string | undefined> {
  const blobs = at(home, 'hub', 'models--maker--mobile', 'blobs');
  const found = (await readdir(blobs).catch(() => [])).find((name) => name.endsWith('.lookalike-incomplete'));
  return found === undefined ? undefined : path.join(blobs, found);
}

/** Waits for a file that has something in it. */
async function appeared(find: () => Promise<string | undefined>): Promise<string> {
  for (const begun = Date.now(); Date.now() - begun < 30_000; await sleep(20)) {
    const file = await find();
    if (file !== undefined && (await stat(file)).size > 0) return file;
  }
  throw new Error('no download began');
}
