import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

describe('npm in the clone', () => {
  // npm warns of settings that it does not know, and of packages whose install scripts nobody has decided about.
  it.each([['run'], ['ls', '--depth=0'], ['ci', '--dry-run']])(
    'says nothing on standard error: npm %s %s',
    async (...argv) => {
      const { stderr } = await run('npm', argv.filter(Boolean), { cwd: root });
      expect(stderr).toBe('');
    },
  );

  it('has no script that npm runs at the install of the package', async () => {
    const { stdout } = await run('npm', ['pkg', 'get', 'scripts'], { cwd: root });
    const names = Object.keys(JSON.parse(stdout));
    expect(names).toContain('build');
    for (const name of ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare']) {
      expect(names).not.toContain(name);
    }
  });
});
