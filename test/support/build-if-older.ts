import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** Threads, processes and the program run the built files: builds them where a source is newer, so that no test tests a former build. */
export default function buildIfOlder(): void {
  const build = path.join(import.meta.dirname, '../../tools/build.mjs');
  execFileSync(process.execPath, [build, '--if-older'], { stdio: 'inherit' });
}
