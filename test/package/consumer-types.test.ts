import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const compiler = path.join(
  path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin',
  'tsc',
);
let folder: string;

/** One program that imports from every entry, and gives what one entry exports to another. */
const program = `
import { type Catalogue, type Engine, type IndexReport, openCatalogue, train, type VectorStoreKind } from 'deep-lookalike';
import { LookalikeClient, RequestError, type ServiceComparison } from 'deep-lookalike/client';
import { evaluateEmbeddings, type EvaluationReport, recallAtK } from 'deep-lookalike/evaluation';
import { backward, Graph, OnnxruntimeEngine, reduceSum, type Tensor, type Value } from 'deep-lookalike/graph';
import { decodeImage, imageOf, type RgbImage } from 'deep-lookalike/images';
import { euclidean, hinge, type RankingLoss } from 'deep-lookalike/losses';
import { lanceDbStores } from 'deep-lookalike/stores';

const graph = new Graph();
const x: Value = graph.input('x', 'float32', [2]);
export const gradients: Value[] = backward(reduceSum(x), [x]);
export const engine: Promise<Engine> = OnnxruntimeEngine.create();
export const loss: RankingLoss = hinge(0.2, euclidean);
export const kind: VectorStoreKind = lanceDbStores;
export const found: number = recallAtK({ relevant: Uint8Array.of(1), relevantCount: 1 }, 1);
export const picture = async (): Promise<RgbImage> => decodeImage(await imageOf('a.jpg'));
export const report = async (): Promise<EvaluationReport> =>
  evaluateEmbeddings({ embeddings: new Float32Array(8), dimension: 2, labels: [0, 0, 1, 1], engine: await engine });
export const indexed = async (catalogue: Catalogue): Promise<IndexReport> => catalogue.index('pictures');
const client = new LookalikeClient('http://127.0.0.1:8420', { token: 'secret' });
export const compared: Promise<ServiceComparison> = client.compare(new Uint8Array(3), { id: 'a.jpg' });
export const nearest = async (): Promise<string | undefined> =>
  (await client.search([{ id: 'a.jpg' }], { k: 5, unlike: [new Uint8Array(3)], where: 'price < 5' })).images[0]?.id;
export const isBusy = (error: unknown): boolean => error instanceof RequestError && error.problem === 'busy';
export const tensors: readonly Tensor[] = [];
export { openCatalogue, train };
// @ts-expect-error the dimension is a number
evaluateEmbeddings({ embeddings: new Float32Array(8), dimension: '2', labels: [0, 0, 1, 1], engine: await engine });
`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-consumer-'));
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(path.join(folder, 'program.ts'), program);
  await mkdir(path.join(folder, 'node_modules', '@types'), { recursive: true });
  await symlink(root, path.join(folder, 'node_modules', 'deep-lookalike'));
  await symlink(path.join(root, 'node_modules/@types/node'), path.join(folder, 'node_modules/@types/node'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('imports from every entry that package.json has', async () => {
  const { exports }: { exports: Record<string, string | object> } = JSON.parse(
    await readFile(path.join(root, 'package.json'), 'utf8'),
  );
  const entries = Object.entries(exports).flatMap(([entry, target]) =>
    typeof target === 'string' ? [] : [path.posix.join('deep-lookalike', entry).replace(/\/$/, '')],
  );
  const imported = [...program.matchAll(/ from '([^']+)';/g)].map(([, entry]) => entry);
  expect(imported.sort()).toEqual(entries.sort());
});

// The declarations of onnxruntime-common name ImageData, HTMLImageElement and their like: `DOM` is there for them.
it.each([
  ['NodeNext', 'NodeNext'],
  ['ESNext', 'Bundler'],
])('compiles with module %s and resolution %s, all declaration files checked', async (module, moduleResolution) => {
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2023', 'DOM'],
    types: ['node'],
    module,
    moduleResolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  };
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['program.ts'] }));
  const output = await run(process.execPath, [compiler, '-p', folder], { cwd: folder }).then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string }) => error.stdout,
  );
  expect(output).toBe('');
});
