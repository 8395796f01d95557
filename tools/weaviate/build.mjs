/**
 * Builds Weaviate's server 1.38.14 from the Go module proxy, for tests: node tools/weaviate/build.mjs
 *
 * tools/weaviate/go.sum has the checksum of every module. It takes Go 1.26, 2 GB of disk for modules and as much for the build, 1.7 GB
 * of memory, and about five minutes of two cores; nothing of C. The server is put into ~/.cache/lookalike, or where LOOKALIKE_WEAVIATE
 * says. GOFLAGS=-p=1 makes it gentle.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const version = '1.38.14';

/** The file of the server. */
export function serverFile() {
  return path.resolve(
    process.env.LOOKALIKE_WEAVIATE ?? path.join(homedir(), '.cache', 'lookalike', `weaviate-server-${version}`),
  );
}

/** Builds the server, unless it is there. */
export function buildServer() {
  const file = serverFile();
  if (existsSync(file)) return file;
  const go = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8', env: { ...process.env, GOTOOLCHAIN: 'local' } });
  const found = go.status === 0 ? go.stdout.trim() : 'none';
  if (!/^go1\.(2[6-9]|[3-9]\d)/.test(found)) {
    throw new Error(
      `Weaviate ${version} is built by Go 1.26 or newer, here is ${found}: install it (Debian: golang-1.26 of trixie-backports, or go.dev/dl), or name a server of that version by LOOKALIKE_WEAVIATE`,
    );
  }
  console.log(`building Weaviate ${version}: about five minutes`);
  mkdirSync(path.dirname(file), { recursive: true });
  const options = ['-trimpath', '-buildvcs=false', '-tags', 'netgo', '-ldflags', '-s -w', '-o', `${file}.new`];
  const built = spawnSync('go', ['build', ...options, 'github.com/weaviate/weaviate/cmd/weaviate-server'], {
    cwd: path.dirname(fileURLToPath(import.meta.url)),
    env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOMEMLIMIT: '4GiB' },
    stdio: 'inherit',
  });
  if (built.status !== 0) throw new Error('Weaviate was not built: the lines above say why');
  renameSync(`${file}.new`, file);
  return file;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(buildServer());
