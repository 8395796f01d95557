import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../test/support/lookalike.ts';
import { form } from '../../../../test/support/running-service.ts';
import { serveProgram } from '../../../../test/support/served-program.ts';

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
  await work.lookalike('index', 'pictures', '-m', 'model.onnx');
});
afterAll(() => work.remove());

describe('lookalike serve', () => {
  it('serves the store until it is stopped, and says where', async () => {
    const { url, said, stop } = await serveProgram(work.folder, '-m', 'model.onnx');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const picture = await readFile(path.join(work.folder, 'pictures/arrow/1.png'));
    const answer = await fetch(`${url}/v1/search`, { method: 'POST', body: form({ image: picture }, { k: 3 }) });
    const found = (await answer.json()) as { images: { id: string; distance: number }[] };
    const { stdout } = await work.lookalike('search', 'pictures/arrow/1.png', '-k', '3', '--json');
    expect(found.images).toMatchObject(
      JSON.parse(stdout).results.map(({ id, distance }: { id: string; distance: number }) => ({ id, distance })),
    );
    expect(await stop()).toBe(0);
    expect(said()).toMatch(/^model: .*\nserving at http.*\nstopping\n$/);
  });

  it('compares for a command that names it, as the command itself does', async () => {
    const { url, stop } = await serveProgram(work.folder, '-m', 'model.onnx', '--token', 'a-token-of-the-test');
    const pair = ['pictures/arrow/1.png', 'pictures/bars/2.png'];
    const alone = await work.lookalike('compare', ...pair, '-m', 'model.onnx', '--json');
    const asked = ['--server', url, '--token', 'a-token-of-the-test'];
    const served = await work.lookalike('compare', ...pair, ...asked, '--json');
    const { distance, by, similarity, alike } = JSON.parse(alone.stdout);
    expect(JSON.parse(served.stdout)).toMatchObject({ server: url, first: pair[0], distance, by, similarity, alike });
    const text = await work.lookalike('compare', ...pair, ...asked);
    expect(text.stdout).toBe((await work.lookalike('compare', ...pair, '-m', 'model.onnx')).stdout);
    expect(text.stderr).toMatch(/^model: that of http:.* \(24 dimensions, SHA-256 [0-9a-f]{12}\)\n$/);
    const refused = await work.lookalike('compare', ...pair, '--server', url);
    expect(errorOf(refused)).toMatch(/^a token is needed/);
    const both = await work.lookalike('compare', ...pair, '--server', url, '-m', 'model.onnx');
    expect(errorOf(both)).toMatch(/^--server and --model do not go together: leave one of them out/);
    await stop();
    expect(errorOf(await work.lookalike('compare', ...pair, ...asked))).toMatch(/^no service answers at http:/);
  });

  it('searches for a command that names it, as the command itself does', async () => {
    const { url, stop } = await serveProgram(work.folder, '-m', 'model.onnx');
    const asked = [
      'pictures/arrow/1.png',
      '--id',
      'bars/2.png',
      '-k',
      '4',
      '--page',
      '2',
      '--where',
      "class <> 'disc'",
    ];
    const alone = await work.lookalike('search', ...asked);
    const served = await work.lookalike('search', ...asked, '--server', url);
    expect(served.stdout).toBe(alone.stdout);
    expect(served.stdout.split('\n').length).toBeGreaterThan(8);
    const searches = async (...more: string[]) =>
      JSON.parse((await work.lookalike('search', ...asked, ...more, '--json')).stdout).searches;
    const own = await searches();
    const theirs = await searches('--server', url);
    const withoutPaths = own.map(({ query, results }: { query: string; results: object[] }) => ({
      query,
      results: results.map((result) => ({ ...result, path: undefined })),
    }));
    expect(theirs).toEqual(withoutPaths);
    const both = await work.lookalike('search', ...asked, '--server', url, '--like', 'disc/1.png');
    expect(errorOf(both)).toMatch(/^--server and --like do not go together/);
    await stop();
  });

  it('fetches pictures from addresses where it was told to, and none of this machine', async () => {
    const { url, stop } = await serveProgram(work.folder, '-m', 'model.onnx', '--allow-remote');
    expect(await (await fetch(`${url}/v1/about`)).json()).toMatchObject({ remote: true });
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ url: `${url}/icon.svg` });
    const answer = await fetch(`${url}/v1/fetch`, { method: 'POST', headers, body });
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringMatching(/does not lead to a public address/),
    ]);
    await stop();
  });

  it('prints a token where others can reach it, and asks for it', async () => {
    const { url, said, stop } = await serveProgram(work.folder, '--host', '0.0.0.0');
    const here = url.replace('0.0.0.0', '127.0.0.1');
    const [, token] = /^token: ([\w-]{43})$/m.exec(said()) ?? [];
    expect((await fetch(`${here}/v1/about`)).status).toBe(401);
    expect((await fetch(`${here}/v1/about`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    await stop();
  });

  it('serves without a store: pictures are compared, and searched as soon as something is indexed', async () => {
    const { url, said, stop } = await serveProgram(work.folder, '-m', 'model.onnx', '--store', 'new.lance');
    expect(said()).toMatch(/warning: there is no store at 'new.lance' yet/);
    const picture = await readFile(path.join(work.folder, 'pictures/arrow/1.png'));
    const ask = (to: string, roles: string[]) =>
      fetch(`${url}/v1/${to}`, {
        method: 'POST',
        body: form(Object.fromEntries(roles.map((role) => [role, picture]))),
      });
    expect(await (await fetch(`${url}/v1/about`)).json()).toMatchObject({ store: null });
    expect((await ask('compare', ['first', 'second'])).status).toBe(200);
    expect((await ask('search', ['image'])).status).toBe(409);
    await work.lookalike('index', 'pictures', '-m', 'model.onnx', '--store', 'new.lance');
    expect((await ask('search', ['image'])).status).toBe(200);
    await stop();
  });

  it.each([
    [['--port', '70000'], /^option '-p, --port <n>' must be a whole number from 0 to 65535/, 2],
    [
      ['--cors', 'https://shop.example/'],
      /^'https:..shop.example.' is no site .* did you mean https:..shop.example\?/,
      2,
    ],
    [['--cors', '*'], /^'\*' is no site whose pages could ask/, 2],
    [['--token', 'short'], /^option '--token <text>' must be 16 letters or more/, 2],
    [['--log', 'loud'], /^option '--log <level>' must be one of error, warn, info, debug/, 2],
    [['--bind', '0.0.0.0'], /^unknown option '--bind': here it is --host/, 2],
    [['--host', '203.0.113.9', '--token', 'x'.repeat(16)], /^cannot listen at 203.0.113.9, port 8420/, 1],
  ] as const)('says what is wrong with %j', async (argv, message, code) => {
    const finished = await work.lookalike('serve', ...argv);
    expect({ code: finished.code, error: errorOf(finished) }).toEqual({ code, error: expect.stringMatching(message) });
  });
});
