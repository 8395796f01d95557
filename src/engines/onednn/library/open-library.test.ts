import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { needingOneDnn, openOneDnn, withoutOneDnn } from '../../../../test/support/onednn-here.ts';
import { EngineError } from '../../../foundation/errors/engine-error.ts';
import { loadKoffi } from './koffi-package.ts';
import { openLibrary } from './open-library.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'lookalike-onednn-'));
afterAll(() => rmSync(folder, { recursive: true }));

const open = (environment: Record<string, string>) => openLibrary({ environment, architecture: 'x64', home: folder });

it('says where it has looked and where a library comes from, if there is none', async () => {
  const opened = openLibrary({
    environment: {},
    architecture: 'x64',
    home: '/nobody',
    platform: 'linux',
    exists: () => false,
  });
  await expect(opened).rejects.toThrow(EngineError);
  await expect(opened).rejects.toThrow(
    /is in none of .*\/nobody\/\.local\/lib.*pip install onednn-cpu-gomp.*LOOKALIKE_ONEDNN/,
  );
});

it('says that the file which was named is not there', async () => {
  const file = path.join(folder, 'missing.so');
  await expect(open({ LOOKALIKE_ONEDNN: file })).rejects.toThrow(`LOOKALIKE_ONEDNN names '${file}', where no file is`);
});

it('does not look where it is told not to', async () => {
  await expect(open({ LOOKALIKE_ONEDNN: 'off' })).rejects.toThrow("LOOKALIKE_ONEDNN is 'off'");
});

it('leaves processors to onnxruntime on which oneDNN has no fast gradients', async () => {
  await expect(openLibrary({ architecture: 'arm64' })).rejects.toThrow(/x86-64 alone, and this is arm64: onnxruntime/);
});

it.runIf(process.platform === 'linux')("gives the loader's reason where a file is no library", async () => {
  const file = path.join(folder, 'libdnnl.so.3');
  writeFileSync(file, 'no library');
  await expect(open({ LOOKALIKE_ONEDNN: file })).rejects.toThrow(
    /cannot open oneDNN's library '.*': .*(ELF|short).*pip install/,
  );
});

it.runIf(process.platform === 'linux')('refuses a library that is another one', async () => {
  const other = process.report.getReport() as unknown as { readonly sharedObjects: readonly string[] };
  const file = other.sharedObjects.find((name) => /libm\.so/.test(name))!;
  await expect(open({ LOOKALIKE_ONEDNN: file })).rejects.toThrow(/is no library of oneDNN: it has no dnnl_version/);
});

it('says which package is missing', async () => {
  const missing = loadKoffi(() => Promise.reject(new Error("Cannot find package 'koffi'")));
  await expect(missing).rejects.toThrow(/package koffi, which is not installed.*npm install koffi@3\.3\.4/);
});

describe.skipIf(withoutOneDnn !== undefined)(needingOneDnn('a library that is here'), () => {
  it('is of version 3, with threads of its own, and says what it uses of the processor', async () => {
    const library = await openOneDnn();
    expect(library.version).toMatch(/^3\.\d+\.\d+$/);
    expect(['OpenMP', 'TBB']).toContain(library.threads);
    expect(library.instructions.name).toMatch(/SSE|AVX|AMX/);
  });
});
