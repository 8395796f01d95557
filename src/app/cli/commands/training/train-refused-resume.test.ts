import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../../../test/fixtures/make-pictures.ts';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';
import { withoutProgress } from '../../../../../test/support/without-progress.ts';

/** A busy machine is given its time. */
const patience = 240_000;

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
const started = [
  '--size',
  '16',
  '--rows',
  '12',
  '--dimension',
  '8',
  '--threads',
  '1',
  '--steps',
  '3',
  '--held-out',
  '0.3',
];

beforeAll(async () => {
  work = await makeWorkplace();
  await makePictures(at('shapes'), { classes: 4, picturesPerClass: 8, size: 16 });
  await cp(at('shapes'), at('other'), { recursive: true });
  await rm(at('other', 'arrow', '1.png'));
  const { code, stderr } = withoutProgress(await work.lookalike('train', 'shapes', '-o', 'whole', ...started));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}, patience);
afterAll(() => work.remove());

/** What is in a folder, at any depth: a digest a file, the target of a link. */
async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.map(async (entry): Promise<[string, string]> => {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) return [file, 'folder'];
    if (entry.isSymbolicLink()) return [file, await readlink(file)];
    return [
      file,
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ];
  });
  return Object.fromEntries((await Promise.all(found)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Cuts a file in half. */
const halve = async (file: string) => {
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length >> 1));
};
const bestOf = async (folder: string) => (await readdir(folder)).find((name) => name.startsWith('best-')) ?? 'none';
const lockOf = (process: number | null) => JSON.stringify({ process, machine: hostname(), since: 'today' });

interface Refusal {
  readonly why: string;
  /** Done to the run beforehand. */
  readonly prepare?: (run: string) => Promise<void>;
  readonly argv?: readonly string[];
  readonly says: RegExp;
}

const refusals: readonly Refusal[] = [
  // Only four pictures are remembered: the others would go to disk.
  { why: 'other pictures', argv: ['other', '--cache', '4KB'], says: /^the pictures are not those that the run in/ },
  { why: 'another length', argv: ['shapes', '--steps', '9'], says: /was started with steps 3, not 9, and goes on/ },
  { why: 'another seed', argv: ['shapes', '--seed', '1'], says: /was started with seed 0, not 1/ },
  {
    why: 'another preset',
    argv: ['shapes', '--preset', 'contour'],
    says: /was started with preset small, not contour/,
  },
  { why: 'no pictures', argv: ['nowhere'], says: /nowhere/ },
  {
    why: 'another process',
    prepare: (run) => writeFile(path.join(run, 'lock.json'), lockOf(process.pid)),
    says: /is being trained by process \d+ since today/,
  },
  {
    why: 'what a killed process left, and other pictures',
    prepare: (run) => writeFile(path.join(run, 'lock.json'), lockOf(spawnSync('true').pid)),
    argv: ['other'],
    says: /^the pictures are not those/,
  },
  {
    why: 'a cut checkpoint',
    prepare: (run) => halve(path.join(run, 'checkpoint.safetensors')),
    says: /^cannot go on from '.*checkpoint.safetensors'/,
  },
  {
    why: 'cut best weights',
    prepare: async (run) => halve(path.join(run, await bestOf(run))),
    says: /^cannot go on from '.*best-\d+.safetensors'/,
  },
  {
    why: 'best weights that are gone',
    prepare: async (run) => rm(path.join(run, await bestOf(run))),
    says: /^cannot read '.*best-\d+.safetensors': there is no such file/,
  },
  {
    why: 'a damaged configuration',
    prepare: (run) => halve(path.join(run, 'config.json')),
    says: /config.json' is not JSON/,
  },
  {
    why: 'a configuration of another network',
    prepare: async (run) => {
      const file = path.join(run, 'config.json');
      await writeFile(
        file,
        (await readFile(file, 'utf8')).replace('"embeddingDimension": 8', '"embeddingDimension": 9'),
      );
    },
    says: /it was written for another configuration/,
  },
  {
    why: 'a damaged log',
    prepare: async (run) => {
      const file = path.join(run, 'log.jsonl');
      await writeFile(file, `damaged\n${await readFile(file, 'utf8')}`);
    },
    says: /^line 1 of '.*log.jsonl' is not JSON/,
  },
  {
    why: 'a log with a line that lacks a number, and a torn last one',
    prepare: async (run) => {
      const file = path.join(run, 'log.jsonl');
      await writeFile(file, `{"kind":"step","step":1}\n${await readFile(file, 'utf8')}{"kind"`);
    },
    says: /^line 1 of the training log: 'epoch' must be a number/,
  },
  {
    why: 'a checkpoint that cannot be read',
    prepare: async (run) => {
      const file = path.join(run, 'checkpoint.safetensors');
      await rm(file);
      await symlink(file, file);
    },
    says: /its path is a loop of symbolic links/,
  },
  {
    why: 'a log that is a folder',
    prepare: async (run) => {
      await rm(path.join(run, 'log.jsonl'));
      await mkdir(path.join(run, 'log.jsonl'));
    },
    says: /^cannot read '.*log.jsonl': it is a folder/,
  },
];

describe('lookalike train --resume, refused', () => {
  it.each(refusals)(
    'changes nothing in the folder: $why',
    async ({ prepare, argv = ['shapes'], says }) => {
      await rm(at('run'), { recursive: true, force: true });
      await cp(at('whole'), at('run'), { recursive: true });
      await prepare?.(at('run'));
      const before = await contents(at('run'));
      const refused = withoutProgress(await work.lookalike('train', ...argv, '-o', 'run', '--resume'));
      expect(errorOf(refused)).toMatch(says);
      expect(refused.code).not.toBe(0);
      expect(await contents(at('run'))).toEqual(before);
    },
    patience,
  );

  it(
    'changes nothing in the folder: a full disk',
    async () => {
      await rm(at('run'), { recursive: true, force: true });
      await cp(at('whole'), at('run'), { recursive: true });
      const before = await contents(at('run'));
      const refused = withoutProgress(await work.spawnedOnFullDisk(0, 'train', 'shapes', '-o', 'run', '--resume'));
      expect(errorOf(refused)).toMatch(/^cannot (make|write) '/);
      expect(await contents(at('run'))).toEqual(before);
    },
    patience,
  );

  it(
    'is no refusal where the choices are those of the run',
    async () => {
      await rm(at('run'), { recursive: true, force: true });
      await cp(at('whole'), at('run'), { recursive: true });
      const again = withoutProgress(await work.lookalike('train', 'shapes', '-o', 'run', ...started, '--resume'));
      expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: '' });
    },
    patience,
  );
});
