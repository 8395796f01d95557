import { cp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
  await work.lookalike('index', 'pictures', '-m', 'model.onnx');
});
afterAll(() => work.remove());

describe('lookalike cluster', () => {
  it('sorts every image into one cluster, whose representative is one of it, and shows them on a page', async () => {
    const { stdout } = await work.lookalike('cluster', '-k', '3', '--html', 'clusters.html', '--json');
    const { clusters } = JSON.parse(stdout);
    expect(clusters).toHaveLength(3);
    expect(new Set(clusters.flatMap(({ images }: { images: string[] }) => images)).size).toBe(12);
    for (const { images, representative } of clusters) expect(images[0]).toBe(representative);
    expect(
      (await readFile(path.join(work.folder, 'clusters.html'), 'utf8')).match(/<img /g)?.length,
    ).toBeGreaterThanOrEqual(12);
    const text = (await work.lookalike('cluster', '-k', '3')).stdout;
    expect(text).toMatch(new RegExp(`^1 +${clusters[0].images.length}  ${clusters[0].representative}\n2 `));
  });

  it('shows the small pictures that a store keeps where the files are gone', async () => {
    const at = (name: string) => path.join(work.folder, name);
    await cp(at('pictures'), at('gone'), { recursive: true });
    await work.lookalike('index', 'gone', '-m', 'model.onnx', '-s', 'kept.lance', '--thumbnails');
    await rm(at('gone'), { recursive: true });
    const shown = async () => {
      await work.lookalike('cluster', '-s', 'kept.lance', '-k', '2', '--html', 'kept.html');
      return (await readFile(at('kept.html'), 'utf8')).match(/<img /g)?.length ?? 0;
    };
    expect(await shown()).toBeGreaterThanOrEqual(12);
    await rm(at('kept.lance/thumbnails.lance'), { recursive: true });
    expect(await shown()).toBe(0);
  });

  it('goes by a filter, and says where there is too little', async () => {
    const { stdout } = await work.lookalike('cluster', '--where', "class = 'bars'", '--json');
    expect(JSON.parse(stdout).clusters).toHaveLength(1);
    const error = async (...argv: string[]) => errorOf(await work.lookalike('cluster', ...argv));
    expect(await error('-k', '13')).toMatch(/^12 images cannot be 13 clusters: ask for fewer/);
    expect(await error('--within', 'none')).toMatch(/^no image of the store 'catalogue.lance' is let through/);
  });
});
