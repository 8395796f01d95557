import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const hooks = pathToFileURL(path.join(import.meta.dirname, 'support/count-loaded-files.mjs')).href;
const run = promisify(execFile);

/** The files that a fresh process loads as modules for one import, without Node's own; `require` in them is not seen, but their packages are. */
async function loadedBy(entry: string): Promise<string[]> {
  const register = `import { register } from 'node:module'; register('${hooks}');`;
  const { stderr } = await run(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(register)}`,
      '--input-type=module',
      '-e',
      `import '${entry}';`,
    ],
    { cwd: root },
  );
  return stderr.split('\n').flatMap((line) => /^loaded (.*)$/.exec(line)?.[1] ?? []);
}

/**
 * Milliseconds of processor time that an import takes in a fresh process, beyond the start of Node itself. On a machine with
 * nothing else to do that is the time it takes; on a busy one, waiting for a processor does not count.
 */
async function processorTime(entry: string): Promise<number> {
  const code = `const before = process.cpuUsage(); await import('${entry}'); const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1000);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: root });
  return Number(stdout);
}

/** Packages with native code or large ones, which an entry that has no use for them must not load. */
const heavy = ['sharp', 'onnxruntime-node', '@lancedb/lancedb', 'apache-arrow'];
const heavyIn = (files: readonly string[]) =>
  heavy.filter((name) => files.some((file) => file.includes(`/node_modules/${name}/`)));

describe('a light import', () => {
  it('of evaluation or losses loads nothing that decodes, runs or stores', { timeout: 60_000 }, async () => {
    for (const entry of ['deep-lookalike/evaluation', 'deep-lookalike/losses']) {
      const files = await loadedBy(entry);
      expect(files.length).toBeGreaterThan(0);
      expect(heavyIn(files)).toEqual([]);
    }
  });

  it('of the client loads no package at all', { timeout: 60_000 }, async () => {
    const files = await loadedBy('deep-lookalike/client');
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => file.includes('/node_modules/'))).toEqual([]);
  });

  it('of the other entries loads no more of these than their work needs', { timeout: 60_000 }, async () => {
    expect(heavyIn(await loadedBy('deep-lookalike/stores'))).toEqual([]);
    expect(heavyIn(await loadedBy('deep-lookalike/images'))).toEqual(['sharp']);
    expect(heavyIn(await loadedBy('deep-lookalike/graph'))).toEqual(['onnxruntime-node']);
  });

  it('of evaluation is fewer than 15 files and takes less than 60 ms', { timeout: 60_000 }, async () => {
    const files = await loadedBy('deep-lookalike/evaluation');
    expect(files.length).toBeGreaterThan(0);
    expect(files.length).toBeLessThan(15);
    const times: number[] = [];
    for (let repetition = 0; repetition < 7; repetition++) times.push(await processorTime('deep-lookalike/evaluation'));
    const [, , , median] = times.sort((a, b) => a - b);
    expect(median).toBeLessThan(60);
  });

  it('of everything is a few dozen files of ours', { timeout: 60_000 }, async () => {
    const files = await loadedBy('deep-lookalike');
    expect(files.filter((file) => !file.includes('/node_modules/')).length).toBeLessThan(50);
  });
});

describe('the program', () => {
  it("has the hub's client in a file that is loaded when something is fetched, and not before", () => {
    const folder = path.join(root, 'dist/cli');
    const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
    const texts = new Map(files.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
    const client = files.filter((name) => texts.get(name)?.includes('No hash received in X-Xet-Hash header'));
    expect(client).toHaveLength(1);
    const importers = (form: RegExp) => files.filter((name) => form.test(texts.get(name) ?? ''));
    expect(importers(new RegExp(`\\bimport\\("\\./${client[0]}"\\)`))).not.toEqual([]);
    expect(importers(new RegExp(`\\bfrom "\\./${client[0]}"|\\bimport "\\./${client[0]}"`))).toEqual([]);
    for (const text of texts.values()) expect(text).not.toMatch(/from "@huggingface|import\("@huggingface/);
  });
});
