import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shellQuoted } from './shell-quoted.ts';

describe('shellQuoted', () => {
  it('leaves plain words alone', () => {
    expect(shellQuoted('run/model-1.onnx')).toBe('run/model-1.onnx');
  });

  it.skipIf(process.platform === 'win32')('gives a shell the very word', () => {
    const words = ['', ' ', "it's", '"größe" 图像', '$HOME `id` \\', 'a\nb', '*?[x]', "''", '-n;ls'];
    const line = `printf '%s\\0' ${words.map(shellQuoted).join(' ')}`;
    expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' }).split('\0').slice(0, -1)).toEqual(words);
  });
});
