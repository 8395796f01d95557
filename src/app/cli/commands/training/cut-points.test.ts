import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mobileNetwork } from '../../../../../test/fixtures/foreign-networks.ts';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
  const write = (name: string, bytes: Uint8Array | string) => writeFile(path.join(work.folder, name), bytes);
  await write('mobile.onnx', mobileNetwork());
  await write('blocked.onnx', mobileNetwork({ foreignOperator: 'Selu' }));
  await write('strange.onnx', mobileNetwork({ foreignOperator: 'Strange' }));
  await write('text.onnx', 'only text');
});
afterAll(() => work.remove());

describe('lookalike cut-points', () => {
  it('lists the places that everything goes through, and marks the best', async () => {
    const { code, stdout, stderr } = await work.lookalike('cut-points', 'mobile.onnx', '--size', '16');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(
      "mobile.onnx: input 'image' float32[N, 3, 16, 16], pictures of 16 x 16; 16 places to cut (36 with --all)",
    );
    expect(lines.find((line) => line.startsWith('*'))).toMatch(
      /^\* +map +HardSwish +\[N, 16, 4, 4\] +16 +[\d,]+ +yes$/,
    );
    expect(lines.find((line) => line.startsWith('+'))).toMatch(/^\+ +vector +Flatten +\[N, 16\] +16 +[\d,]+ +yes$/);
    expect(lines.at(-1)).toBe('lookalike train <images> --backbone mobile.onnx --cut map');
  });

  it('says in one document behind which node nothing learns', async () => {
    const { stdout } = await work.lookalike('cut-points', 'blocked.onnx', '--size', '16', '--all', '--json');
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ file: 'blocked.onnx', input: 'image', layout: 'nchw', width: 16, height: 16 });
    const at = (name: string) => document.cutPoints.find(({ tensor }: { tensor: string }) => tensor === name);
    expect(at('stem')).toEqual({
      tensor: 'stem',
      node: 'stem_node',
      operator: 'HardSwish',
      shape: ['N', 8, 8, 8],
      kind: 'map',
      features: 8,
      channelAxes: [1],
      narrow: true,
      suggested: null,
      parameters: 232,
      differentiable: true,
      obstacles: [],
    });
    expect(at('block2.widen')).toMatchObject({ narrow: false, differentiable: false });
    expect(at('map')).toMatchObject({
      suggested: 'features',
      obstacles: [{ node: 'block1_node', operator: 'Selu', reason: expect.stringContaining('not one of ours') }],
    });
    const table = await work.lookalike('cut-points', 'blocked.onnx', '--size', '16');
    expect(table.stdout).toMatch(/\* +map .* behind block1_node \(Selu\)\n/);
  });

  it('says which part of the file is not read', async () => {
    const { code, stdout } = await work.lookalike('cut-points', 'strange.onnx', '--size', '16');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^not read, so it cannot lie before a cut: \d+ nodes, the first because node 'block1_node' \(Strange\)/m,
    );
    expect(stdout).toContain('no place is marked: most weights lie behind what is not read\n');
    expect(stdout).not.toMatch(/^\*/m);
  });

  it.each([
    [['missing.onnx'], 1, /^there is no ONNX file 'missing.onnx': check the path$/],
    [['text.onnx'], 1, /^cannot use 'text.onnx' as a backbone: not an ONNX file/],
    [['pictures'], 2, /^argument 'file' must be an ONNX file, got 'pictures'/],
    [['mobile.onnx', '--layout', 'nwhc'], 2, /must be one of nchw, nhwc/],
    [['mobile.onnx', '--size', '1'], 2, /^option '--size <pixels>' must be a whole number from 8 to 4096/],
  ] as const)('says in one line what is wrong with %j', async (argv, code, message) => {
    const finished = await work.lookalike('cut-points', ...argv);
    expect(errorOf(finished)).toMatch(message);
    expect(finished.code).toBe(code);
  });
});
