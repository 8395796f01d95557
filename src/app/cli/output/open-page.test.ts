import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPage } from './open-page.ts';
import { Terminal } from './terminal.ts';

let folder: string;
const before = process.env['PATH'];
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-open-'));
});
afterAll(async () => {
  process.env['PATH'] = before;
  await rm(folder, { recursive: true });
});

async function opened(file: string, platform: string): Promise<string> {
  let stderr = '';
  const streams = {
    stdout: { write: () => true },
    stderr: { write: (text: string) => (stderr += text) },
    signal: new AbortController().signal,
  };
  await openPage(new Terminal(streams, false), file, platform);
  return stderr;
}

it("gives the page's whole path to the system's program, and no shell reads its name", async () => {
  const awkward = path.join(folder, `a "$(touch ${path.join(folder, 'pwned')})" & b.html`);
  for (const [platform, program] of [
    ['linux', 'xdg-open'],
    ['freebsd', 'xdg-open'],
    ['darwin', 'open'],
    ['win32', 'rundll32'],
  ]) {
    const told = path.join(folder, `${platform}.txt`);
    await writeFile(
      path.join(folder, program),
      `#!/bin/sh\nfor word; do last=$word; done\nprintf %s "$last" > '${told}'\n`,
    );
    await chmod(path.join(folder, program), 0o755);
    process.env['PATH'] = `${folder}:${before}`;
    expect(await opened(awkward, platform)).toBe('');
    let text = '';
    for (let tries = 0; tries < 200 && text === ''; tries++) {
      await setTimeout(20);
      text = await readFile(told, 'utf8').catch(() => '');
    }
    expect(text).toBe(awkward);
  }
});

it('warns where there is no such program', async () => {
  process.env['PATH'] = path.join(folder, 'nothing');
  expect(await opened('found.html', 'linux')).toMatch(
    /^lookalike: warning: cannot open the page by 'xdg-open' \(.*ENOENT.*\): open 'found.html' yourself\n$/,
  );
});
