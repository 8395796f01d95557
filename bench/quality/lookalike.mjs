import { spawnSync } from 'node:child_process';
import path from 'node:path';

const main = path.join(import.meta.dirname, '../../dist/cli/main.js');

/** What a command prints with --json. @param {string[]} words */
export function lookalike(...words) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words, '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`lookalike ${words.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}
