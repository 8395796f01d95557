import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorkplace, type Workplace } from '../../../test/support/lookalike.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
});
afterAll(() => work.remove());

const program = path.resolve('dist/cli/main.js');

describe('the program', () => {
  it('lists every command, and every command has a help with an example', async () => {
    const { code, stdout } = await work.spawned('--help');
    expect(code).toBe(0);
    for (const name of ['inspect', 'triplets', 'evaluate', 'compare', 'index', 'search']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    }
    const help = await work.spawned('search', '--help');
    expect(help.stdout).toMatch(/Examples:\n {2}lookalike search/);
  });

  it('ends quietly when nobody reads what it prints', async () => {
    const shell = `set -o pipefail; "$0" "${program}" --help | true`;
    const child = spawn('bash', ['-c', shell, process.execPath], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('keeps what is indexed when it is stopped, says so, and goes on from there', async () => {
    // Raw pictures in one file: thousands of images that cost nothing to make.
    const count = 6000;
    const images = Buffer.alloc(16 + count * 28 * 28);
    for (const [place, value] of [0x803, count, 28, 28].entries()) images.writeUInt32BE(value, 4 * place);
    const random = RandomSource.fromSeed(1);
    for (let place = 16; place < images.length; place += 7) images[place] = random.integer(256);
    const labels = Buffer.alloc(8 + count);
    for (const [place, value] of [0x801, count].entries()) labels.writeUInt32BE(value, 4 * place);
    await writeFile(path.join(work.folder, 'some-images-idx3-ubyte'), images);
    await writeFile(path.join(work.folder, 'some-labels-idx1-ubyte'), labels);
    const argv = ['index', 'some-images-idx3-ubyte', '-m', 'model.onnx', '-s', 'some.lance'];
    const child = spawn(process.execPath, [program, ...argv], { cwd: work.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stdout.resume();
    child.stderr.on('data', (text) => {
      // The model has been named: from now on there is something to stop.
      if (stderr === '') setTimeout(() => child.kill('SIGINT'), 50);
      stderr += text;
    });
    const [code] = await once(child, 'close');
    expect(stderr.replace(/^model: .*\n/, '')).toBe(
      'lookalike: stopped by SIGINT; what is indexed is kept, and the same command goes on from there\n',
    );
    expect(code).toBe(130);
    const again = await work.spawned(...argv, '--json');
    const { added, unchanged } = JSON.parse(again.stdout);
    expect(added + unchanged).toBe(count);
    expect(added).toBeGreaterThan(0);
  });
});
