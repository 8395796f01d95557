import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';

/** The machine, and how busy it was when measuring began (processes that wanted a core, mean of the last minute). */
export function describeMachine() {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGigabytes: Number((totalmem() / 2 ** 30).toFixed(1)),
    platform: `${process.platform} ${process.arch}`,
    loadBefore: Number(loadavg()[0].toFixed(2)),
  };
}

/**
 * Versions of lookalike and of what it stands on. A tree with changes that are not committed says so.
 *
 * @param {string} root
 */
export function describeVersions(root) {
  const versionOf = (name) =>
    JSON.parse(readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
  return {
    revision: revisionOf(root),
    node: process.versions.node,
    onnxruntimeNode: versionOf('onnxruntime-node'),
    sharp: versionOf('sharp'),
  };
}

function revisionOf(root) {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const changed = git('status', '--porcelain', '--', 'src', 'models', 'package-lock.json') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}
