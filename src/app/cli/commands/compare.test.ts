import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../test/support/lookalike.ts';

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
  await writeFile(path.join(work.folder, 'text.jpg'), 'only text');
  await writeFile(path.join(work.folder, 'empty'), '');
});
afterAll(() => work.remove());

const [a, b] = ['pictures/arrow/1.png', 'pictures/bars/2.png'];

describe('lookalike compare', () => {
  it('prints distance and similarity, and names the model on standard error', async () => {
    const { code, stdout, stderr } = await work.spawned('compare', a, b, '-m', 'model.onnx');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^model: model.onnx \(24 dimensions, SHA-256 [0-9a-f]{12}\)\n$/);
    expect(stdout).toMatch(/^distance {4}\d\.\d{4} .*\nsimilarity {2}-?\d\.\d{4} .*\n$/);
  });

  it('gives one document under --json', async () => {
    const { code, stdout, stderr } = await work.lookalike('compare', a, b, '-m', 'model.onnx', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { model, first, second, distance, similarity } = JSON.parse(stdout);
    expect({ first, second, origin: model.origin }).toEqual({ first: a, second: b, origin: 'given' });
    expect(similarity).toBeCloseTo(1 - distance ** 2 / 2, 5);
  });

  it('compares by another distance where one is asked for', async () => {
    const by = async (name: string) =>
      JSON.parse((await work.lookalike('compare', a, b, '-m', 'model.onnx', '--distance', name, '--json')).stdout);
    const [euclidean, squared, cosine] = [await by('euclidean'), await by('squared-euclidean'), await by('cosine')];
    expect(squared.distance).toBeCloseTo(euclidean.distance ** 2, 9);
    expect(cosine.distance).toBeCloseTo(1 - euclidean.similarity, 9);
    expect((await by('hamming')).distance).toSatisfy(Number.isInteger);
    const { stdout } = await work.lookalike('compare', a, b, '-m', 'model.onnx', '--distance', 'manhattan');
    expect(stdout).toMatch(/^distance {4}\d\.\d{4} {2}\(manhattan; 0 is the same, 9\.8 the most\)\n/);
  });

  it.each([
    [
      'a missing image',
      [a, 'no.png', '-m', 'model.onnx'],
      "cannot read the image 'no.png': there is no such file; check the path",
    ],
    [
      'a text named .jpg',
      ['text.jpg', b, '-m', 'model.onnx'],
      "cannot read the image 'text.jpg': it is not an image of a format that is read",
    ],
    [
      'a missing model',
      [a, b, '-m', 'no.onnx'],
      "there is no model file 'no.onnx': check the path, or train a model first",
    ],
    ['a model file of another kind', [a, b, '-m', 'text.jpg'], "cannot use 'text.jpg' as a model: not an ONNX file"],
  ])('explains %s in one line', async (_, argv, message) => {
    const finished = await work.lookalike('compare', ...argv);
    expect(finished.code).toBe(1);
    expect(errorOf(finished)).toContain(message);
    expect(finished.stderr).not.toMatch(/^model:/);
  });

  it('draws heat-maps, says by what they were found and how far they are to be believed', async () => {
    const argv = [a, b, '-m', 'model.onnx', '--heatmap', 'why.png'];
    const { code, stderr, stdout } = await work.lookalike('compare', ...argv);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n\S+ +-?\d+(\.\d+)?% of the similarity\n/);
    const note =
      /heat-map: why.png, by covering rectangles \(rank correlation with covering place by place: (-?\d\.\d\d); 1 would be full agreement\)\. --heat-by gradient draws the network's gradient: (-?\d\.\d\d)/;
    const [, covering, gradient] = note.exec(stderr) ?? [];
    const drawn = await readFile(path.join(work.folder, 'why.png'));
    const other = await work.lookalike('compare', ...argv, '--heat-by', 'gradient', '--json');
    const { heatmap } = JSON.parse(other.stdout);
    expect(heatmap).toMatchObject({ file: 'why.png', by: 'gradient' });
    expect(heatmap.agreement.covering).toBeCloseTo(Number(covering), 2);
    expect(heatmap.agreement.gradient).toBeCloseTo(Number(gradient), 2);
    expect(drawn.equals(await readFile(path.join(work.folder, 'why.png')))).toBe(false);
  });

  it('refuses to say by what nothing is drawn', async () => {
    const refused = await work.lookalike('compare', a, b, '--heat-by', 'gradient');
    expect(refused.code).toBe(2);
    expect(errorOf(refused)).toContain('--heat-by says by what --heatmap draws: give --heatmap <file.png>, too');
  });

  it('says nothing but the result under --quiet', async () => {
    const { stdout, stderr } = await work.lookalike('compare', a, b, '-m', 'model.onnx', '-q');
    expect(stderr).toBe('');
    expect(stdout).toBe((await work.lookalike('compare', a, b, '-m', 'model.onnx')).stdout);
  });

  it('takes a picture from standard input', async () => {
    const named = await work.lookalike('compare', a, b, '-m', 'model.onnx', '--json');
    const piped = await work.piped(a, 'compare', '-', b, '-m', 'model.onnx', '--json');
    expect(JSON.parse(piped.stdout)).toEqual({ ...JSON.parse(named.stdout), first: '-' });
    const twice = await work.piped(a, 'compare', '-', '-', '-m', 'model.onnx');
    expect({ code: twice.code, error: errorOf(twice) }).toEqual({
      code: 2,
      error: "standard input ('-') holds one picture: give it once; see 'lookalike compare --help'",
    });
    const nothing = await work.piped('empty', 'compare', '-', b, '-m', 'model.onnx');
    expect(errorOf(nothing)).toMatch(/cannot read the image 'standard input': it is empty/);
  });
});
