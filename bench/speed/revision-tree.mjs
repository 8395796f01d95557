import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a build needs, of a working tree. */
const parts = ['src', 'tools', 'models', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/**
 * A revision of the repository, built, in a folder of its own; `.` is the working tree as it is. The harness's own files are
 * those of the working tree, so that both revisions are measured by the same scripts. Dependencies are shared where the lock
 * file is the same, and installed by `npm ci` where it is another.
 *
 * @param {string} root of the repository
 * @param {string} revision
 * @param {string} folder that it goes to
 * @throws if git does not know the revision, or it does not build.
 */
export function makeRevisionTree(root, revision, folder) {
  mkdirSync(folder, { recursive: true });
  if (revision === '.') {
    for (const part of parts) cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  } else {
    const archive = path.join(folder, 'revision.tar');
    try {
      writeFileSync(
        archive,
        execFileSync('git', ['archive', revision], { cwd: root, stdio: 'pipe', maxBuffer: 2 ** 30 }),
      );
    } catch (error) {
      throw new Error(`git has no revision '${revision}' (${String(error.stderr ?? error.message).trim()})`, {
        cause: error,
      });
    }
    execFileSync('tar', ['-xf', archive, '-C', folder]);
  }
  const lock = (tree) => readFileSync(path.join(tree, 'package-lock.json'), 'utf8');
  if (!existsSync(path.join(folder, 'node_modules'))) {
    if (lock(folder) === lock(root)) symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    else execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' });
  }
  execFileSync(process.execPath, ['tools/build.mjs'], { cwd: folder, stdio: 'inherit' });
  rmSync(path.join(folder, 'bench'), { recursive: true, force: true });
  for (const part of ['speed', 'peers']) {
    cpSync(path.join(root, 'bench', part), path.join(folder, 'bench', part), { recursive: true });
  }
}
